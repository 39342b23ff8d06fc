// The way back: the loss for the right digit, its gradients, and one step of gradient descent.
import { block, largest, mapOf } from "./layers-data.js";
import { Matrix, nudges, thumbnail } from "./layers-draw.js";
import {
  bar,
  choices,
  digitBars,
  el,
  inBrackets,
  line,
  number,
  panel,
  percent,
  say,
  slider,
  svg,
  table,
} from "./layers-parts.js";

const WEIGHTS_SHOWN = 8; // of a layer, those that change most
const FARTHEST = 7; // of −ln p on its curve

export function labelChoice({ label, onlabel }) {
  const options = Array.from({ length: 10 }, (_, digit) => ({
    label: say("right_digit", { digit }),
    content: String(digit),
    isChosen: digit === label,
  }));
  return panel(
    say("which_is_right"),
    el("p", { class: "hint", text: say("label_hint") }),
    choices(say("which_is_right"), options, onlabel, "digits"),
  );
}

export async function loss(step, context) {
  const { probability } = step;
  const height = (value) => 104 - Math.min(value, FARTHEST) * 13.5;
  const points = Array.from({ length: 120 }, (_, at) => (at + 0.1) / 119.1);
  const path = points
    .map((p, at) => `${at ? "L" : "M"}${(20 + p * 160).toFixed(1)} ${height(-Math.log(p)).toFixed(1)}`)
    .join("");
  const curve = svg(
    "0 0 200 124",
    say("loss_graph", { probability: number(probability), loss: number(step.loss) }),
    ["path", { d: "M20 6V104H184", class: "axis" }],
    ["path", { d: path, class: "curve" }],
    ["circle", { cx: 20 + probability * 160, cy: height(step.loss), r: 4.5, class: "dot" }],
    ["text", { x: 100, y: 120, text: "p" }],
    ["text", { x: 30, y: 12, text: "−ln p" }],
  );
  const formula = el(
    "p",
    { class: "formula big" },
    "−ln p",
    el("sub", { text: step.label }),
    ` = −ln ${number(probability)} = `,
    el("b", { text: number(step.loss), "data-value": step.loss }),
  );
  const shares = await context.numbers.of(context.named("softmax"));
  return el(
    "div",
    {},
    labelChoice(context),
    panel(
      say("loss_title"),
      formula,
      el(
        "div",
        { class: "beside" },
        el("div", { class: "graph wide" }, curve),
        digitBars(shares, {
          most: 1,
          marked: [step.label],
          format: (share) => number(share),
          name: say("softmax"),
        }),
      ),
    ),
  );
}

export async function gradients(step, context) {
  const { named } = context;
  const detail = el("div");
  const most = Math.max(...step.layers.map((layer) => layer.size));
  const options = step.layers.map((layer) => ({
    label: say("gradient_of", { name: named(layer.name).title, size: number(layer.size) }),
    isChosen: layer.name === "logits",
    content: [
      el("span", { text: named(layer.name).title }),
      bar(layer.size ** 0.5, most ** 0.5),
      el("span", { class: "figure", text: number(layer.size) }),
    ],
  }));
  const show = async (place) =>
    detail.replaceChildren(await gradientsOf(named(step.layers[place].name), step, context));
  const picker = choices(say("gradients_title"), options, show, "layers-list");
  await show(0);
  return el(
    "div",
    {},
    labelChoice(context),
    panel(
      say("gradients_title"),
      el("p", { class: "hint", text: say("gradients_hint") }),
      el("div", { class: "beside gradients" }, picker, detail),
    ),
  );
}

async function gradientsOf(layer, step, { numbers, backwards, named }) {
  const [values, slopes] = await Promise.all([
    numbers.of(layer),
    numbers.of(backwards(layer.name), "gradient"),
  ]);
  if (layer.kind === "logits") return logitGradients(slopes, step.label, await numbers.of(named("softmax")));
  const layout = block(layer.shape);
  const scales = [largest(values), largest(slopes)];
  const reading = line("readout");
  const heading = el("h4");
  let map = strongestMap(slopes, layout);
  const side = (label, all, most) =>
    new Matrix({ label, ...layout, values: mapOf(all, layer.shape, map), most, onmove: point, describe });
  const left = side(say("values_of", { name: layer.title }), values, scales[0]);
  const right = side(say("gradient_map"), slopes, scales[1]);

  function describe(row, column) {
    const slope = right.value(row, column);
    return say("gradient_cell", {
      row: row + 1,
      column: column + 1,
      value: number(left.value(row, column)),
      slope: number(slope),
      change: number(slope * 0.1),
    });
  }

  function point(row, column) {
    left.show(row, column);
    right.show(row, column);
    reading.textContent = describe(row, column);
  }

  function choose(place) {
    map = place;
    heading.textContent = layout.maps > 1 ? `${layer.title} · ${say("map", { map: map + 1 })}` : layer.title;
    left.set(mapOf(values, layer.shape, map), scales[0]);
    right.set(mapOf(slopes, layer.shape, map), scales[1]);
    point(left.row, left.column);
  }

  choose(map);
  const place = largestAt(mapOf(slopes, layer.shape, map));
  point(Math.floor(place / layout.columns), place % layout.columns);
  const options = Array.from({ length: layout.maps }, (_, at) => ({
    label: say("map", { map: at + 1 }),
    isChosen: at === map,
    content: thumbnail(mapOf(slopes, layer.shape, at), layout.rows, layout.columns, scales[1]),
  }));
  const picker = layout.maps > 1 ? choices(say("maps"), options, choose, "maps short") : "";
  return el(
    "div",
    {},
    heading,
    picker,
    el("div", { class: "pair" }, left.element, right.element, nudges(right)),
    reading,
  );
}

function logitGradients(slopes, label, shares) {
  const rows = [...slopes].map((slope, digit) => [
    el("b", { text: digit }),
    number(shares[digit]),
    digit === label ? "1" : "0",
    number(slope),
  ]);
  return el(
    "div",
    {},
    el("h4", { text: say("logit_gradients") }),
    el("p", { class: "hint", text: say("logit_gradients_hint") }),
    digitBars(slopes, { most: largest(slopes), marked: [label], name: say("logit_gradients") }),
    table([say("digit"), "p", say("wanted"), say("difference")], rows),
  );
}

const strongestMap = (values, { count }) => Math.floor(largestAt(values) / count);

function largestAt(values) {
  let found = 0;
  for (let at = 1; at < values.length; at++) if (Math.abs(values[at]) > Math.abs(values[found])) found = at;
  return found;
}

export async function descent(step, context) {
  const [was, after, losses] = await Promise.all([
    context.numbers.of(step),
    context.numbers.of(step, "after"),
    context.numbers.of(step, "losses"),
  ]);
  const result = el("div", { class: "beside" });
  const layers = el("div");
  const weights = el("div");
  let rate = step.rates.indexOf(step.rate);

  function show(place) {
    rate = place;
    const is = after.subarray(rate * 10, rate * 10 + 10);
    const side = (title, shares, value) =>
      el(
        "div",
        {},
        el("h4", { text: title }),
        digitBars(shares, { most: 1, marked: [step.label], name: title }),
        el("p", { class: "total" }, say("loss"), " ", el("b", { text: number(value) })),
      );
    result.replaceChildren(
      side(say("before_step"), was, step.loss),
      side(say("after_step"), is, losses[rate]),
    );
    const rows = step.layers.map((layer) => [
      context.named(layer.name).title,
      number(layer.weights),
      percent((step.rates[rate] * layer.slope) / layer.length, 4),
    ]);
    layers.replaceChildren(table([say("layer"), say("weights"), say("changed_by")], rows));
  }

  async function open(layer) {
    const described = context.named(layer.name);
    const part = described.kind === "convolution" ? "kernels" : "weight";
    const [own, slopes] = await Promise.all([
      context.numbers.of(described, part),
      context.numbers.of(context.backwards(layer.name), `${part}_gradient`),
    ]);
    const order = strongestOf(slopes, WEIGHTS_SHOWN);
    const rows = order.map((place) => [
      weightName(described, place),
      `${number(own[place])} − ${step.rates[rate]} × ${inBrackets(slopes[place])}`,
      el("b", { text: number(own[place] - step.rates[rate] * slopes[place]) }),
    ]);
    weights.replaceChildren(table([say("weight"), say("old_weight"), say("new_weight")], rows));
  }

  let opened = step.layers.length - 1;
  const picker = choices(
    say("layer"),
    step.layers.map((layer, at) => ({
      label: context.named(layer.name).title,
      content: context.named(layer.name).title,
      isChosen: at === opened,
    })),
    (at) => {
      opened = at;
      open(step.layers[at]);
    },
    "words",
  );
  const rates = slider(
    say("rate"),
    { min: 0, max: step.rates.length - 1, value: rate, show: (at) => String(step.rates[at]) },
    (at) => {
      show(at);
      open(step.layers[opened]);
    },
  );
  show(rate);
  await open(step.layers[opened]);
  return el(
    "div",
    {},
    labelChoice(context),
    panel(say("descent_title"), rates, result, el("p", { class: "hint", text: say("descent_hint") })),
    panel(say("changes_title"), layers),
    panel(say("weights_title"), el("p", { class: "hint", text: say("weights_hint") }), picker, weights),
  );
}

// Places of the largest, whatever their sign, the largest first.
const strongestOf = (values, count) =>
  [...values.keys()].sort((one, other) => Math.abs(values[other]) - Math.abs(values[one])).slice(0, count);

function weightName(step, place) {
  if (step.kind !== "convolution")
    return say("dense_weight", {
      neuron:
        step.name === "answer"
          ? Math.floor(place / step.inputs_count)
          : Math.floor(place / step.inputs_count) + 1,
      input: (place % step.inputs_count) + 1,
    });
  const area = step.kernel ** 2;
  const [kernel, within] = [Math.floor(place / area), place % area];
  return say("kernel_weight", {
    map: Math.floor(kernel / step.channels) + 1,
    channel: (kernel % step.channels) + 1,
    row: Math.floor(within / step.kernel) + 1,
    column: (within % step.kernel) + 1,
  });
}
