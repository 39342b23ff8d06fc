// Small parts that every step is put together from: elements, numbers, sentences, choices, bars.
const texts = JSON.parse(document.getElementById("layers-texts").textContent);
const live = document.querySelector("[data-live]");
let pending = 0;

export function say(key, values = {}) {
  return texts[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

// Read out politely, once the pointer or the cursor rests.
export function tell(sentence) {
  clearTimeout(pending);
  pending = setTimeout(() => {
    live.textContent = sentence;
  }, 250);
}

export function el(tag, options = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(options)) {
    if (name === "class") node.className = value;
    else if (name === "text") node.textContent = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== false && value !== undefined) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children);
  return node;
}

const RAISED = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

// At most `places` decimals; what they cannot show in powers of ten.
export function number(value, places = 4) {
  const size = Math.abs(value);
  if (size && (size < 0.5 * 10 ** -places || size >= 1e6)) {
    const [digits, power] = value.toExponential(Math.min(places, 2)).split("e");
    return `${signed(Number(digits))} × 10${[...String(Number(power))].map((one) => RAISED[one]).join("")}`;
  }
  return signed(Number(value.toFixed(places)));
}

const signed = (value) => (value < 0 ? `−${-value}` : String(Math.abs(value)));
export const short = (value) => signed(Number(value.toFixed(2)) || 0);
export const inBrackets = (value) => (value < 0 ? `(${number(value)})` : number(value));
export const percent = (share, places = 2) => `${number(share * 100, places)} %`;

// One of many: a single stop for Tab, arrows move inside. options: [{label, content, isChosen}]
export function choices(label, options, onchoose, className = "") {
  const group = el("div", { role: "radiogroup", "aria-label": label, class: `picks ${className}` });
  const choose = (place, isSpoken = true) => {
    [...group.children].forEach((button, at) => {
      button.setAttribute("aria-checked", at === place);
      button.tabIndex = at === place ? 0 : -1;
    });
    if (isSpoken) onchoose(place);
  };
  group.append(
    ...options.map((option, place) =>
      el(
        "button",
        {
          type: "button",
          role: "radio",
          "aria-label": option.label,
          title: option.label,
          onclick: () => choose(place),
        },
        ...[option.content].flat(),
      ),
    ),
  );
  group.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const all = [...group.children];
    const next = (all.indexOf(document.activeElement) + step + all.length) % all.length;
    all[next].focus();
    choose(next);
  });
  const chosen = options.findIndex((option) => option.isChosen);
  choose(chosen, false);
  if (chosen < 0) group.firstElementChild.tabIndex = 0;
  else
    requestAnimationFrame(() => {
      group.scrollTop = group.children[chosen].offsetTop - group.children[chosen].offsetHeight;
    });
  group.choose = choose;
  return group;
}

// A bar to the right for what is positive, to the left for what is negative, over a common middle where there are both.
export function bar(value, most, hasNegative) {
  const length = most ? Math.min(Math.abs(value) / most, 1) * (hasNegative ? 50 : 100) : 0;
  const fill = el("span", { class: value < 0 ? "fill negative" : "fill" });
  fill.style.width = `${length}%`;
  fill.style.left = hasNegative ? `${value < 0 ? 50 - length : 50}%` : "0";
  return el("span", { class: hasNegative ? "bar-track middle" : "bar-track", "aria-hidden": "true" }, fill);
}

// Ten digits, a bar and a number for each; answers the list.
export function digitBars(values, { most, format = number, marked = [], name = "" }) {
  const hasNegative = values.some((value) => value < 0);
  const lines = [...values].map((value, digit) =>
    el(
      "li",
      { class: marked.includes(digit) ? "marked" : "" },
      el("b", { text: digit }),
      bar(value, most, hasNegative),
      el("span", { class: "figure", text: format(value) }),
    ),
  );
  return el("ol", { class: "digit-bars", "aria-label": name }, ...lines);
}

export function table(heads, rows, options = {}) {
  const head = el("tr", {}, ...heads.map((text) => el("th", { scope: "col", text })));
  const body = rows.map((row) => el("tr", {}, ...row.map((cell) => el("td", {}, cell))));
  return el(
    "div",
    { class: "scroll" },
    el("table", { class: "numbers", ...options }, el("thead", {}, head), el("tbody", {}, ...body)),
  );
}

export function slider(label, { min, max, value, step = 1, show = String }, onchange) {
  const output = el("output", { text: show(value) });
  const input = el("input", {
    type: "range",
    "aria-label": label,
    min,
    max,
    step,
    value,
    oninput: () => {
      output.textContent = show(Number(input.value));
      input.setAttribute("aria-valuetext", show(Number(input.value)));
      onchange(Number(input.value));
    },
  });
  input.setAttribute("aria-valuetext", show(value));
  return el("div", { class: "slider" }, el("p", {}, el("b", { text: label }), " ", output), input);
}

export const panel = (title, ...children) =>
  el("section", { class: "bench" }, el("h3", { text: title }), ...children);
export const line = (className) => el("p", { class: className });

export function svg(viewBox, label, ...shapes) {
  const make = (tag, options) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(options)) {
      if (name === "text") node.textContent = value;
      else node.setAttribute(name, value);
    }
    return node;
  };
  const whole = make("svg", { viewBox, role: "img", "aria-label": label });
  whole.append(...shapes.map(([tag, options]) => make(tag, options)));
  return whole;
}
