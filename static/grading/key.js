// The table of the key: bubbles beside what is typed, typing that moves on, columns that are pasted, the total.
import { Api } from "../js/api.js";
import { askBeforeLeaving } from "../js/unsaved.js";
import { showLiveSheet } from "./live-sheet.js";

const form = document.querySelector("[data-key-table]");
const table = form.querySelector("table");
const rows = [...table.querySelectorAll("[data-key-row]")];
const texts = document.querySelector("[data-form-texts]").dataset;
const api = new Api("", { ...texts, offline: texts.server, tooMany: texts.server, tooBig: texts.server });
const plain = (text) => text.normalize("NFKC").trim();
const CELLS = '[name^="answer-"], [name^="points-"]';
const fieldsOf = (row) => [...row.querySelectorAll(CELLS)];
const labelsOf = (input) => picksOf(input).map((pick) => pick.dataset.pick);
const picksOf = (input) => [...input.parentElement.querySelectorAll("[data-pick]")];
const same = (one, other) => plain(one).toLowerCase() === plain(other).toLowerCase();

function draw(input) {
  const parts = input.value.split(/[/+,]/);
  for (const pick of picksOf(input))
    pick.setAttribute(
      "aria-pressed",
      parts.some((part) => same(part, pick.dataset.pick)),
    );
}

function drawTotal() {
  const counted = rows.filter((row) => !["left_out", "bonus"].includes(countsOf(row)));
  const points = counted.map((row) => Number(row.querySelector('[name^="points-"]').value) || 0);
  const total = points.reduce((sum, one) => sum + one, 0);
  table.querySelector("[data-total]").textContent = Number(total.toFixed(2));
}

// How an item counts: as it is chosen, where its rule is open, else as it is stored.
function countsOf(row) {
  return row.querySelector('select[name$="-counts"]')?.value ?? row.dataset.counts;
}

function put(input, value) {
  input.value = value;
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

// --- keys

// The same column, `step` rows on; rows of written answers have none.
function beside(input, step) {
  const column = (row) => fieldsOf(row).find((one) => sameColumn(one, input));
  let place = rows.indexOf(input.closest("tr")) + step;
  while (rows[place] && !column(rows[place])) place += step;
  return rows[place] && column(rows[place]);
}

function sameColumn(one, other) {
  const column = (input) => input.name.replace(/^(\w+)-\d+/, "$1");
  return column(one) === column(other);
}

function go(input, step) {
  const next = beside(input, step);
  if (!next) return false;
  next.focus();
  next.select();
  return true;
}

table.addEventListener("keydown", (event) => {
  const { target: input, key } = event;
  if (!input.matches(CELLS) || event.isComposing) return;
  if (key === "Enter") {
    event.preventDefault(); // the form is sent by its button
    if (!go(input, 1)) form.querySelector(".stays button").focus();
  } else if (key === "ArrowDown" || key === "ArrowUp") {
    event.preventDefault();
    go(input, key === "ArrowDown" ? 1 : -1);
  } else if ("/+".includes(key) && !input.value && input.name.startsWith("answer-")) {
    const last = beside(input, -1); // "1/3": typing has moved on already
    if (!last?.value) return;
    event.preventDefault();
    put(last, last.value + key);
    last.focus();
    last.setSelectionRange(last.value.length, last.value.length);
  }
});

table.addEventListener("input", (event) => {
  const input = event.target;
  if (!input.matches(CELLS) || input.name.startsWith("points-")) return drawTotal();
  draw(input);
  input.removeAttribute("aria-invalid"); // until the site has looked again
  const isWhole = labelsOf(input).filter((label) => plain(label).startsWith(plain(input.value))).length === 1;
  const isTyped = event.inputType?.startsWith("insert") && !event.isComposing;
  if (isTyped && isWhole && labelsOf(input).some((label) => same(label, input.value))) go(input, 1);
});

// --- the mouse: a press sets, with Ctrl or Shift one more is right, too

table.addEventListener("click", (event) => {
  const pick = event.target.closest("[data-pick]");
  if (!pick) return;
  const input = pick.closest(".key-cell").querySelector("input");
  const label = pick.dataset.pick;
  const isPressed = pick.getAttribute("aria-pressed") === "true";
  if ((event.ctrlKey || event.shiftKey || event.metaKey) && input.value && !isPressed)
    put(input, `${input.value}${input.value.includes("+") ? "+" : "/"}${label}`);
  else put(input, isPressed ? "" : label);
});

// --- pasting

table.addEventListener("paste", (event) => {
  const input = event.target;
  if (!input.matches(CELLS)) return;
  const text = event.clipboardData.getData("text");
  const grid = gridOf(text, input);
  if (grid.length > 1 || grid[0].length > 1) {
    event.preventDefault();
    fill(input, grid);
  } else if (input.name.startsWith("answer-") && isSeveral(plain(text), input)) {
    event.preventDefault();
    read(text, Number(input.closest("tr").dataset.keyRow));
  }
});

// Cells of a spreadsheet, without a first column that numbers the rows.
function gridOf(text, input) {
  const lines = text.replaceAll("\r", "").replace(/\n$/, "").split("\n");
  const grid = lines.map((line) => line.split("\t"));
  const start = rows.indexOf(input.closest("tr"));
  const isNumbered = grid.every(
    ([first, ...rest], place) => rest.length && plain(first) === rows[start + place]?.dataset.keyRow,
  );
  return isNumbered ? grid.map((line) => line.slice(1)) : grid;
}

function fill(input, grid) {
  const start = rows.indexOf(input.closest("tr"));
  const column = fieldsOf(rows[start]).indexOf(input);
  for (const [down, line] of grid.entries()) {
    const fields = rows[start + down] ? fieldsOf(rows[start + down]).slice(column) : [];
    for (const [across, cell] of line.entries()) if (fields[across]) put(fields[across], plain(cell));
  }
  const isTooLong = start + grid.length > rows.length;
  say(isTooLong ? form.dataset.tooLong : "");
}

// Whether this is more than the answer of one item.
function isSeveral(text, input) {
  const labels = labelsOf(input);
  const isOne =
    !labels.length || text.split(/[/+]/).every((part) => labels.some((label) => same(label, part)));
  return /[\s,;]/.test(text) || !isOne;
}

async function read(text, first) {
  try {
    const found = await api.call("POST", form.dataset.readUrl, JSON.stringify({ text, first }));
    for (const cell of [...found.answers, ...found.problems]) show(cell);
    say(found.problems.map((problem) => problem.detail).join(" "));
    form.querySelector("[name=text]").closest("details").open &&= found.problems.length > 0;
  } catch (problem) {
    say(problem.message);
  }
}

function show({ item, version, typed, detail }) {
  const input = item && form.elements[version === 1 ? `answer-${item}` : `answer-${item}-${version}`];
  if (!input) return;
  put(input, typed);
  if (detail) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
}

function say(sentence) {
  const problem = form.querySelector("[data-said]");
  problem.textContent = sentence;
  problem.hidden = !sentence;
}

form.querySelector("[data-fill]").addEventListener("click", (event) => {
  event.preventDefault();
  if (plain(form.elements.text.value)) read(form.elements.text.value, 1);
  else form.elements.text.focus();
});

for (const input of table.querySelectorAll('[name^="answer-"]')) draw(input);
drawTotal();
askBeforeLeaving(form);

// The sheet shows the answers of the version that is typed in.
let version = 1;
table.addEventListener("focusin", ({ target }) => {
  if (target.name?.startsWith("answer-")) version = Number(target.name.split("-")[2] ?? 1);
});
showLiveSheet(form, () => ({ version }));
