// From ten scores to an answer: logits, softmax with a sigmoid beside it, and whether it is a digit at all.
import { largest } from "./layers-data.js";
import {
  choices,
  digitBars,
  el,
  line,
  number,
  panel,
  percent,
  say,
  slider,
  table,
  tell,
} from "./layers-parts.js";

export async function logits(step, { numbers }) {
  const values = await numbers.of(step);
  return panel(
    say("logits_title"),
    digitBars(values, { most: largest(values), marked: [step.top], name: say("logits_title") }),
  );
}

const softmaxOf = (scores) => {
  const powers = scores.map(Math.exp);
  const total = powers.reduce((all, power) => all + power, 0);
  return { powers, total, shares: powers.map((power) => power / total) };
};

export async function softmax(step, { numbers, named }) {
  const scores = [...(await numbers.of(named("logits")))];
  const kept = await Promise.all([numbers.of(step, "exp"), numbers.of(step), numbers.of(step, "sigmoid")]);
  const formula = el("div", { class: "formula big" });
  const list = el("div");
  const changed = [...scores];
  let digit = step.top;

  function show() {
    const isTrue = changed.every((score, at) => score === scores[at]);
    const { powers, total, shares } = isTrue
      ? { powers: [...kept[0]], total: step.sum, shares: [...kept[1]] }
      : softmaxOf(changed);
    const sigmoids = isTrue ? [...kept[2]] : changed.map((score) => 1 / (1 + Math.exp(-score)));
    formula.replaceChildren(fraction(digit, changed[digit], powers[digit], total, shares[digit]));
    const share = (value) =>
      el("span", { class: "with-meter" }, meter(value), el("span", { text: number(value) }));
    const rows = shares.map((_, at) => [
      el("b", { text: at }),
      number(changed[at]),
      number(powers[at]),
      share(shares[at]),
      share(sigmoids[at]),
    ]);
    rows.push([
      el("b", { text: say("sum") }),
      "",
      number(total),
      number(shares.reduce((all, one) => all + one, 0)),
      number(sigmoids.reduce((all, one) => all + one, 0)),
    ]);
    list.replaceChildren(
      table([say("digit"), say("score"), "eᶻ", say("softmax"), say("sigmoid")], rows, {
        class: "numbers softmax",
        "aria-label": say("softmax_table"),
      }),
    );
    list.querySelectorAll("tbody tr")[digit].classList.add("marked");
  }

  const change = el("div");
  function choose(place) {
    digit = place;
    const most = Math.ceil(largest(scores)) + 5;
    change.replaceChildren(
      slider(
        say("change_score", { digit }),
        {
          min: -most,
          max: most,
          step: 0.1,
          value: Number(changed[digit].toFixed(1)),
          show: (score) => number(score, 1),
        },
        (score) => {
          changed[digit] = score;
          show();
          tell(say("softmax_cell", { digit, share: percent(softmaxOf(changed).shares[digit]) }));
        },
      ),
    );
    show();
  }

  const picker = choices(
    say("digit"),
    scores.map((_, at) => ({ label: String(at), content: String(at), isChosen: at === digit })),
    choose,
    "digits",
  );
  const back = el("button", {
    type: "button",
    class: "secondary small",
    text: say("true_scores"),
    onclick: () => {
      scores.forEach((score, at) => {
        changed[at] = score;
      });
      choose(digit);
    },
  });
  choose(digit);
  return el(
    "div",
    {},
    panel(say("softmax_title"), picker, formula),
    panel(say("softmax_table"), list, el("p", { class: "hint" }, say("sigmoid_hint"))),
    panel(say("what_if"), el("p", { class: "hint", text: say("what_if_hint") }), change, back),
  );
}

function meter(value) {
  const fill = el("span", { class: "fill" });
  fill.style.width = `${value * 100}%`;
  return el("span", { class: "bar-track", "aria-hidden": "true" }, fill);
}

// p = e^z / sum = number / number = number, as it is written on paper.
function fraction(digit, score, power, total, share) {
  const over = (top, bottom) =>
    el("span", { class: "fraction" }, el("span", {}, ...top), el("span", {}, ...bottom));
  const raised = (text) => ["e", el("sup", { text })];
  return el(
    "p",
    {},
    "p",
    el("sub", { text: digit }),
    " = ",
    over(raised(`z${"₀₁₂₃₄₅₆₇₈₉"[digit]}`), [...raised("z₀"), " + … + ", ...raised("z₉")]),
    " = ",
    over(raised(number(score)), [number(total)]),
    " = ",
    over([number(power)], [number(total)]),
    " = ",
    el("b", { text: number(share), "data-value": share }),
  );
}

export async function isDigit(step, { numbers }) {
  const [share] = await numbers.of(step);
  const formula = el(
    "p",
    { class: "formula big" },
    say("none_formula"),
    " ",
    el(
      "span",
      { class: "fraction" },
      el("span", { text: number(step.sum) }),
      el("span", { text: `1 + ${number(step.sum)}` }),
    ),
    " = ",
    el("b", { text: number(share) }),
  );
  const bars = el(
    "ol",
    { class: "digit-bars words" },
    ...[
      [say("a_digit"), share],
      [say("no_digit"), 1 - share],
    ].map(([name, value]) =>
      el(
        "li",
        {},
        el("b", { text: name }),
        meter(value),
        el("span", { class: "figure", text: number(value) }),
      ),
    ),
  );
  const note = line("hint");
  note.textContent = say("none_hint");
  return panel(say("is_digit_title"), formula, bars, note);
}
