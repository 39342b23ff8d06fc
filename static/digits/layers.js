// Inside the network: one digit, step by step, forwards to the answer and back again.
import { isDigit, logits, softmax } from "./layers-answer.js";
import { descent, gradients, labelChoice, loss } from "./layers-back.js";
import { convolution } from "./layers-convolution.js";
import { block, largest, Numbers } from "./layers-data.js";
import { dense } from "./layers-dense.js";
import { columns, mosaic } from "./layers-draw.js";
import { input } from "./layers-input.js";
import { flatten, relu } from "./layers-maps.js";
import { el, say, tell } from "./layers-parts.js";
import { pooling } from "./layers-pooling.js";

const VIEWS = {
  input,
  convolution,
  relu,
  pooling,
  flatten,
  dense,
  logits,
  softmax,
  is_digit: isDigit,
  loss,
  gradients,
  descent,
};
const SIZED = { input, convolution, relu, pooling, flatten, dense, logits };
const BACK = ["loss", "gradients", "descent"];
const page = document.querySelector(".layers");
const stage = page.querySelector("[data-stage]");
const strip = page.querySelector("[data-strip]");
const numbers = new Numbers(page.dataset.url, page.dataset.digit);
const state = {
  forwards: [],
  back: [],
  label: page.dataset.label ? Number(page.dataset.label) : null,
  place: 0,
  drawing: 0,
};

const all = () => [
  ...state.forwards,
  ...(state.back.length
    ? state.back.filter((step) => BACK.includes(step.name))
    : [
        {
          name: "loss",
          kind: "choose",
          title: say("way_back"),
          explanation: say("way_back_explanation"),
          shape: [],
        },
      ]),
];
const named = (name) => [...state.forwards, ...state.back].find((step) => step.name === name);
const context = {
  numbers,
  named,
  before: (step) => named(step.inputs),
  backwards: (name) => state.back.find((step) => step.name === name),
  onlabel: choose,
  get label() {
    return state.label;
  },
  origin,
};

// Where a number of a dense layer comes from, in words.
function origin(step, place) {
  let source = named(step.inputs);
  if (source.kind !== "flatten") return say("neuron", { number: place + 1 });
  source = named(source.inputs);
  const { maps, count, columns } = block(source.shape);
  const [map, within] = [Math.floor(place / count), place % count];
  const cell = { map: map + 1, row: Math.floor(within / columns) + 1, column: (within % columns) + 1 };
  return say(maps > 1 ? "place_in_map" : "place_in_input", cell);
}

async function choose(label) {
  state.label = label;
  await guarded(async () => {
    state.back = await numbers.steps(label);
    drawStrip();
    await go(
      all().findIndex(
        (step) => step.name === (BACK.includes(all()[state.place]?.name) ? all()[state.place].name : "loss"),
      ),
    );
    page.querySelector("[role=radiogroup] [aria-checked=true]")?.focus();
    tell(named("loss").explanation);
  });
}

async function guarded(work) {
  try {
    await work();
  } catch (problem) {
    stage.replaceChildren(
      el("p", { class: "notice", role: "alert", text: problem.message || say("failed") }),
    );
    if (!(problem instanceof Error) || !problem.message) throw problem;
  }
}

async function go(place, wantsFocus = false) {
  const steps = all();
  state.place = Math.min(Math.max(place, 0), steps.length - 1);
  const step = steps[state.place];
  const drawing = ++state.drawing;
  history.replaceState(null, "", address(step));
  for (const other of document.querySelectorAll(".digit-choice a")) other.hash = step.name;
  mark();
  const heading = el("h2", { tabindex: -1, text: step.title });
  const size = step.kind in SIZED ? el("span", { class: "badge", text: step.shape.join(" × ") }) : "";
  const head = el("div", { class: "step-head" }, heading, size);
  stage.setAttribute("aria-busy", "true");
  const view = step.kind === "choose" ? labelChoice(context) : await VIEWS[step.kind](step, context);
  if (drawing !== state.drawing) return;
  stage.replaceChildren(head, el("p", { class: "explanation", text: step.explanation }), view);
  stage.removeAttribute("aria-busy");
  if (!wantsFocus) return;
  heading.focus({ preventScroll: true });
  heading.scrollIntoView({ block: "nearest" });
}

// A reload, a bookmark and the switch of the language lead to the same step with the same right answer.
function address(step) {
  const query = new URLSearchParams({
    digit: page.dataset.digit,
    ...(state.label === null ? {} : { label: state.label }),
  });
  return `?${query}#${step.name}`;
}

function mark() {
  const buttons = [...strip.children];
  for (const [at, button] of buttons.entries()) {
    if (at === state.place) button.firstElementChild.setAttribute("aria-current", "step");
    else button.firstElementChild.removeAttribute("aria-current");
  }
  const current = buttons[state.place];
  strip.scrollTo({
    left: current.offsetLeft - (strip.clientWidth - current.clientWidth) / 2,
    behavior: "instant",
  });
  page.querySelector("[data-previous]").disabled = state.place === 0;
  page.querySelector("[data-next]").disabled = state.place === buttons.length - 1;
  page.querySelector("[data-position]").textContent = say("position", {
    place: state.place + 1,
    count: buttons.length,
  });
}

// A tile for every step; its picture is fetched when the tile comes into view.
function drawStrip() {
  const seen = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        seen.unobserve(target);
        picture(all()[target.dataset.place]).then(
          (canvas) => target.querySelector(".tile").append(canvas),
          () => {},
        );
      }
    },
    { root: strip, rootMargin: "0px 200px" },
  );
  const tiles = all().map((step, place) => {
    const tile = el(
      "li",
      { "data-place": place },
      el(
        "button",
        {
          type: "button",
          class: `step ${step.kind}`,
          "data-step": step.name,
          onclick: () => guarded(() => go(place, true)),
        },
        el("span", { class: "tile" }),
        el("span", { class: "name", text: step.title }),
      ),
    );
    if (!BACK.includes(step.name)) seen.observe(tile);
    else
      tile.querySelector(".tile").textContent = {
        choose: "↩",
        loss: "−ln p",
        gradients: "∂",
        descent: "−η∂",
      }[step.kind];
    return tile;
  });
  strip.replaceChildren(...tiles);
}

async function picture(step) {
  const values = await numbers.of(step);
  const most = step.kind === "input" || step.kind === "softmax" ? 1 : largest(values);
  return values.length <= 10 ? columns(values, most) : mosaic(values, block(step.shape), most);
}

const move = (by) => guarded(() => go(state.place + by, true));
page.querySelector("[data-previous]").addEventListener("click", () => move(-1));
page.querySelector("[data-next]").addEventListener("click", () => move(1));
document.addEventListener("keydown", (event) => {
  const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (
    !by ||
    event.defaultPrevented ||
    event.ctrlKey ||
    event.altKey ||
    event.metaKey ||
    event.target.closest("input, select, textarea, dialog")
  )
    return;
  event.preventDefault();
  move(by);
});
addEventListener("hashchange", () => guarded(() => go(placeOf(location.hash.slice(1)))));

// Without a right answer yet, the way back begins with asking for it.
function placeOf(name) {
  const found = all().findIndex((step) => step.name === name);
  return found < 0 && BACK.includes(name) ? all().length - 1 : Math.max(found, 0);
}

document.querySelector(".digit-choice [aria-current]").scrollIntoView({ block: "nearest", inline: "center" });
guarded(async () => {
  state.forwards = await numbers.steps();
  if (state.label !== null) state.back = await numbers.steps(state.label);
  drawStrip();
  await go(placeOf(location.hash.slice(1)));
});
