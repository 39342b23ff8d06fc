// Boxes of a list that are ticked and sent together by the form with data-selection: one by one, by Shift all in between,
// by Ctrl A all; arrows go from box to box.
const form = document.querySelector("[data-selection]");
let boxes = [];
let last = null; // the box from which Shift reaches
let isShifted = false; // a click by the space bar does not say so in every browser

function find() {
  boxes = [...form.elements].filter(({ type }) => type === "checkbox");
  tell();
}

function tell() {
  const count = boxes.filter(({ checked }) => checked).length;
  form.querySelector("[data-chosen]").value = count;
  form.querySelector("button:not([type])").disabled = !count;
  form.classList.toggle("some", count > 0);
  for (const box of boxes) box.closest("[data-choosable]").classList.toggle("is-chosen", box.checked);
}

function set(some, checked) {
  for (const box of some) box.checked = checked;
  tell();
}

function between(one, other) {
  const [from, to] = [boxes.indexOf(one), boxes.indexOf(other)].sort((a, b) => a - b);
  return boxes.slice(from, to + 1);
}

function ticked(box) {
  if (isShifted && last) set(between(last, box), box.checked);
  else tell();
  last = box;
}

function go(box, by) {
  const next = boxes[boxes.indexOf(box) + by];
  if (!next) return;
  if (isShifted) set([box, next], true);
  last = next;
  next.focus();
}

const keys = {
  ArrowRight: (box) => go(box, 1),
  ArrowLeft: (box) => go(box, -1),
  Escape: () => set(boxes, false),
  Delete: () => boxes.some(({ checked }) => checked) && form.requestSubmit(),
};

function listen() {
  for (const name of ["keydown", "keyup", "pointerdown"])
    document.addEventListener(name, (event) => (isShifted = event.shiftKey), true);
  document.addEventListener("keydown", (event) => {
    if (!boxes.includes(event.target)) return;
    const isAll = event.key.toLowerCase() === "a" && (event.ctrlKey || event.metaKey);
    if (!isAll && !keys[event.key]) return;
    event.preventDefault();
    isAll ? set(boxes, true) : keys[event.key](event.target);
  });
  document.addEventListener("change", ({ target }) => boxes.includes(target) && ticked(target));
  form.querySelector("[data-choose-all]").addEventListener("click", () => set(boxes, true));
  form.querySelector("[data-choose-none]").addEventListener("click", () => set(boxes, false));
  addEventListener("pageshow", tell); // a browser that goes back ticks what was ticked
  document.body.addEventListener("htmx:load", find); // a page that shows what is new
  find();
}

if (form) listen();
