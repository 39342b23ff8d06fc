// A dense layer: what speaks for the chosen neuron and what against it.
import { block, largest, peak } from "./layers-data.js";
import { Matrix, nudges } from "./layers-draw.js";
import { bar, choices, el, inBrackets, number, panel, say } from "./layers-parts.js";

const SHOWN = 5; // of the strongest on each side

export async function dense(step, { numbers, before, origin }) {
  const source = before(step);
  const [inputs, outputs, weights, biases] = await Promise.all([
    numbers.of(source),
    numbers.of(step),
    numbers.of(step, "weight"),
    numbers.of(step, "bias"),
  ]);
  const [from, to] = [block(source.shape), block(step.shape)];
  const shared = new Float32Array(inputs.length);
  const detail = el("div");
  const shares = new Matrix({
    label: say("contributions_map"),
    ...from,
    values: shared,
    most: 1,
    describe: describeShare,
  });
  const isAnswer = step.name === "answer";
  const neurons = new Matrix({
    label: say("neurons", { count: to.count }),
    ...to,
    values: outputs,
    most: largest(outputs),
    describe,
    onmove: (row, column) => choose(row * to.columns + column),
  });
  const nameOf = (neuron) =>
    say(isAnswer ? "digit_neuron" : "neuron", { number: isAnswer ? neuron : neuron + 1 });

  function describe(row, column) {
    const neuron = row * to.columns + column;
    return say("neuron_cell", { neuron: nameOf(neuron), value: number(outputs[neuron]) });
  }

  function describeShare(row, column) {
    const place = row * from.columns + column;
    return say("share_cell", { place: origin(step, place), value: number(shared[place]) });
  }

  function choose(neuron) {
    const own = weights.subarray(neuron * inputs.length, (neuron + 1) * inputs.length);
    for (let place = 0; place < inputs.length; place++) shared[place] = own[place] * inputs[place];
    neurons.show(Math.floor(neuron / to.columns), neuron % to.columns);
    shares.set(shared, largest(shared));
    const strongest = peak(shared.map(Math.abs));
    shares.show(Math.floor(strongest / from.columns), strongest % from.columns);
    detail.replaceChildren(account(neuron, own));
  }

  function account(neuron, own) {
    const order = [...shared.keys()].sort((one, other) => shared[other] - shared[one]);
    const total = (wanted) => shared.reduce((all, value) => all + (wanted(value) ? value : 0), 0);
    const [gains, losses] = [total((value) => value > 0), total((value) => value < 0)];
    const most = Math.max(Math.abs(shared[order[0]]), Math.abs(shared[order.at(-1)]));
    const item = (place) =>
      el(
        "li",
        {},
        el("span", { class: "origin", text: origin(step, place) }),
        bar(shared[place], most, true),
        el("span", {
          class: "figure",
          text: `${number(inputs[place])} × ${inBrackets(own[place])} = ${number(shared[place])}`,
        }),
      );
    const list = (title, places) =>
      el(
        "div",
        {},
        el("h4", { text: title }),
        el("ol", { class: "contributions wide" }, ...places.map(item)),
      );
    const speakers = order.filter((place) => shared[place] > 0).slice(0, SHOWN);
    const critics = order
      .filter((place) => shared[place] < 0)
      .reverse()
      .slice(0, SHOWN);
    return el(
      "div",
      {},
      el(
        "div",
        { class: "beside" },
        list(say("speaks_for", { neuron: nameOf(neuron) }), speakers),
        list(say("speaks_against", { neuron: nameOf(neuron) }), critics),
      ),
      el(
        "p",
        { class: "total" },
        say("dense_total", {
          gains: number(gains),
          losses: number(losses),
          bias: inBrackets(biases[neuron]),
        }),
        " ",
        el("b", { text: number(outputs[neuron]), "data-total": gains + losses + biases[neuron] }),
      ),
    );
  }

  // Ten neurons have names, more are told apart by their place.
  const digits = () =>
    choices(
      say("neurons", { count: to.count }),
      [...outputs].map((value, digit) => ({
        label: `${nameOf(digit)}: ${number(value)}`,
        isChosen: digit === peak(outputs),
        content: [el("b", { text: digit }), el("span", { text: number(value, 2) })],
      })),
      choose,
      "neurons",
    );
  const chooser = isAnswer ? digits() : el("div", {}, neurons.element, nudges(neurons));
  choose(peak(outputs));
  return el(
    "div",
    {},
    panel(
      say("neurons_title"),
      el("p", { class: "hint", text: say("neurons_hint") }),
      el("div", { class: `workbench dense${isAnswer ? " answer" : ""}` }, chooser, shares.element),
    ),
    panel(say("contributions_title"), detail),
  );
}
