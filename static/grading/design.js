// Blocks of items: only the fields of their kind, numbers that go on, and a key that can be clicked as well as typed.
import { askBeforeLeaving } from "../js/unsaved.js";
import { beginBlocks } from "./blocks.js";
import { showLiveSheet } from "./live-sheet.js";

const design = document.querySelector("[data-design]");
const blocks = design.querySelector("[data-blocks]");
const isFixed = design.matches("[data-fixed]"); // sheets were scanned: what is printed stays
const total = design.querySelector("[name=block-TOTAL_FORMS]");
const FIELDS = {
  options: ["choice"],
  digits: ["number", "digits_grid"],
  lines: ["open"],
  tolerance: ["number", "digits_grid"],
  key: ["choice", "ox", "number", "digits_grid", "letter"],
};
const SERIES = [
  "12345678910".match(/10|\d/g),
  [..."ABCDEFGHIJ"],
  [..."ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊ"],
  [..."가나다라마바사아자차"],
];

const field = (block, name) => block.querySelector(`[name$="-${name}"]`);

function optionsOf(block) {
  const kind = field(block, "kind").value;
  if (kind === "ox") return ["O", "X"];
  if (kind === "letter") return [..."ABCDE"];
  if (kind !== "choice") return [];
  const text = field(block, "options").value.trim();
  if (/^\d+$/.test(text)) return SERIES[0].slice(0, Number(text));
  const [first, last] = text.split(/[-–~]/).map((part) => part.trim());
  const series = SERIES.find((labels) => labels.includes(first) && labels.includes(last));
  return series
    ? series.slice(series.indexOf(first), series.indexOf(last) + 1)
    : text.split(/[\s,]+/).filter(Boolean);
}

// What is typed at each item, where that is plain to see; the site reads all other ways.
function tokens(block, count, options) {
  const text = field(block, "key").value.normalize("NFKC");
  const cells = text.split(/[\s,]+/).filter(Boolean);
  const isShort = options.every((option) => option.length === 1);
  return isShort && cells.length < count && cells.join("").length === count ? [...cells.join("")] : cells;
}

function numbersOf(first, count) {
  if (!count) return "";
  return count === 1 ? `${first}` : `${first}–${first + count - 1}`;
}

function draw(block, first) {
  const kind = field(block, "kind").value;
  const count = Number(field(block, "count").value) || 0;
  for (const [name, kinds] of Object.entries(FIELDS)) {
    block.querySelector(`[data-field=${name}]`).hidden = !kinds.includes(kind);
  }
  for (const numbers of block.querySelectorAll("[data-numbers]"))
    numbers.textContent = numbersOf(first, count);
  for (const name of block.querySelectorAll("[data-kind]"))
    name.textContent = field(block, "kind").selectedOptions[0]?.textContent ?? "";
  drawGrid(block, first, count);
  return count;
}

function drawGrid(block, first, count) {
  const grid = block.querySelector("[data-key-grid]");
  const options = optionsOf(block);
  const typed = tokens(block, count, options);
  const isPlain = typed.length <= count && typed.every((token) => options.includes(token) || token === "?");
  const versions = Number(design.querySelector("[name=versions]").value);
  grid.hidden = !options.length || !count || count > 100 || versions > 1 || !isPlain;
  grid.replaceChildren(
    ...(grid.hidden
      ? []
      : Array.from({ length: count }, (_, place) => line(block, count, options, typed, first, place))),
  );
}

function line(block, count, options, typed, first, place) {
  const row = document.createElement("div");
  const number = document.createElement("span");
  number.textContent = first + place;
  row.append(
    number,
    ...options.map((option) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "pick";
      button.textContent = option;
      button.setAttribute("aria-pressed", typed[place] === option);
      button.setAttribute("aria-label", `${first + place}: ${option}`);
      button.addEventListener("click", () =>
        choose(block, count, place, typed[place] === option ? "?" : option),
      );
      return button;
    }),
  );
  return row;
}

function choose(block, count, place, option) {
  const typed = tokens(block, count, optionsOf(block));
  while (typed.length < count) typed.push("?"); // the site asks for an answer, or this, for every item
  typed[place] = option;
  field(block, "key").value = typed.join(" ");
  const label = document.activeElement.getAttribute("aria-label");
  design.dispatchEvent(new Event("input"));
  block.querySelector(`[aria-label="${label}"]`)?.focus();
}

function drawAll() {
  let first = 1;
  const all = [...blocks.querySelectorAll("[data-block]")];
  for (const [place, block] of all.entries()) {
    const isGone = field(block, "DELETE").checked;
    block.classList.toggle("removed", isGone);
    field(block, "ORDER").value = place + 1;
    if (!isGone) first += draw(block, first);
  }
  const there = all.filter((block) => !block.matches(".removed"));
  for (const block of isFixed ? [] : there) {
    block.querySelector('[data-move="-1"]').disabled = block === there[0];
    block.querySelector('[data-move="1"]').disabled = block === there.at(-1);
  }
  const isSchool = design.querySelector("[name=id_kind]").value === "school";
  design.querySelector("[data-field=id_digits]").hidden = isSchool;
}

design.querySelector("[data-add-block]")?.addEventListener("click", () => {
  const markup = design.querySelector("[data-empty-block]").innerHTML.replaceAll("__prefix__", total.value);
  blocks.insertAdjacentHTML("beforeend", markup);
  total.value = Number(total.value) + 1;
  design.dispatchEvent(new Event("input"));
  blocks.lastElementChild.querySelector("select").focus();
});
design.addEventListener("input", drawAll);
if (!isFixed)
  beginBlocks(blocks, (block) => {
    design.dispatchEvent(new Event("input"));
    const said = block.matches(".removed")
      ? ""
      : block.querySelector("legend").textContent.replace(/\s+/g, " ");
    design.querySelector("[data-moved]").textContent = said.trim();
  });
// Enter in a title makes no exam: that is for the button.
design.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches("input")) event.preventDefault();
});
drawAll();
askBeforeLeaving(design);
showLiveSheet(design);
