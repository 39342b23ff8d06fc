// A convolution of one's own on the digit: kernel, its size, stride and padding, computed here and now.
import { largest } from "./layers-data.js";
import { patch, productTable, products, sum } from "./layers-convolution.js";
import { Matrix, nudges } from "./layers-draw.js";
import { el, number, panel, say, slider } from "./layers-parts.js";

// Each kernel for any odd size; the middle is at 0.
const KERNELS = {
  vertical: (y, x) => Math.sign(x) * (y === 0 ? 2 : 1),
  horizontal: (y, x) => Math.sign(y) * (x === 0 ? 2 : 1),
  outline: (y, x, size) => (y === 0 && x === 0 ? size * size - 1 : -1),
  blur: (_y, _x, size) => 1 / (size * size),
  sharpen: (y, x, size) => (y === 0 && x === 0 ? 2 - 1 / (size * size) : -1 / (size * size)),
  nothing: (y, x) => (y === 0 && x === 0 ? 1 : 0),
};

const kernelOf = (name, size) =>
  Array.from({ length: size * size }, (_, place) =>
    KERNELS[name](Math.floor(place / size) - (size - 1) / 2, (place % size) - (size - 1) / 2, size),
  );

export function playground(values, rows, columns) {
  const state = {
    kernel: 3,
    stride: 1,
    padding: 1,
    name: "vertical",
    weights: kernelOf("vertical", 3),
    row: 0,
    column: 0,
  };
  const formula = el("p", { class: "formula" });
  const stage = el("div", { class: "workbench" });
  const grid = el("div", { class: "own-kernel", role: "group", "aria-label": say("kernel_weights") });
  const select = el(
    "select",
    {
      "aria-label": say("kernel"),
      onchange: () => {
        state.name = select.value;
        renew();
      },
    },
    ...[...Object.keys(KERNELS), "own"].map((name) =>
      el("option", { value: name, text: say(`kernel_${name}`) }),
    ),
  );
  const play = el("button", {
    type: "button",
    class: "secondary",
    text: say("slide"),
    onclick: () => right.slide(),
  });
  const change = (name) => (value) => {
    state[name] = value;
    renew();
  };
  const sliders = [
    slider(
      say("kernel_size"),
      { min: 1, max: 7, step: 2, value: 3, show: (size) => `${size} × ${size}` },
      change("kernel"),
    ),
    slider(say("stride"), { min: 1, max: 4, value: 1 }, change("stride")),
    slider(say("padding"), { min: 0, max: 3, value: 1 }, change("padding")),
  ];
  let left, right, middle;

  const outputSize = (size) => Math.floor((size + 2 * state.padding - state.kernel) / state.stride) + 1;

  function renew() {
    if (state.name !== "own") state.weights = kernelOf(state.name, state.kernel);
    else if (state.weights.length !== state.kernel ** 2) state.weights = kernelOf("nothing", state.kernel);
    drawGrid();
    compute();
  }

  function drawGrid() {
    grid.style.setProperty("--size", state.kernel);
    grid.replaceChildren(
      ...state.weights.map((weight, place) => {
        const field = el("input", {
          type: "number",
          step: "any",
          value: Number(weight.toFixed(4)),
          "aria-label": say("weight_at", {
            row: Math.floor(place / state.kernel) + 1,
            column: (place % state.kernel) + 1,
          }),
          oninput: () => {
            state.weights[place] = Number(field.value) || 0;
            select.value = state.name = "own";
            compute();
          },
        });
        return field;
      }),
    );
  }

  function compute() {
    const [down, across] = [outputSize(rows), outputSize(columns)];
    const made = new Float32Array(down * across);
    for (let row = 0; row < down; row++) {
      for (let column = 0; column < across; column++) {
        made[row * across + column] = sum(
          products(patch(values, { rows, columns }, state, row, column), state.weights),
        );
      }
    }
    formula.textContent = say("size_formula", {
      size: rows,
      padding: state.padding,
      kernel: state.kernel,
      stride: state.stride,
      out: down,
    });
    build(made, down, across);
  }

  function build(made, down, across) {
    const outputAt = (at, size) =>
      Math.min(
        Math.max(Math.round((at + state.padding - (state.kernel - 1) / 2) / state.stride), 0),
        size - 1,
      );
    left = new Matrix({
      label: say("the_input_padded", { padding: state.padding }),
      rows,
      columns,
      values,
      most: 1,
      padding: state.padding,
      window: [state.kernel, state.kernel],
      describe: () => right.describe(right.row, right.column),
      onmove: (row, column) => point(outputAt(row, down), outputAt(column, across)),
    });
    right = new Matrix({
      label: say("playground_output", { rows: down, columns: across }),
      rows: down,
      columns: across,
      values: made,
      most: largest(made),
      onmove: point,
    });
    middle = el("div", { class: "middle" });
    stage.replaceChildren(left.element, middle, el("div", {}, right.element, nudges(right)));
    point(Math.min(state.row || down >> 1, down - 1), Math.min(state.column || across >> 1, across - 1));
  }

  function point(row, column) {
    Object.assign(state, { row, column });
    left.show(row * state.stride - state.padding, column * state.stride - state.padding);
    right.show(row, column);
    middle.replaceChildren(
      productTable(patch(values, { rows, columns }, state, row, column), state.weights, state.kernel),
      el(
        "p",
        { class: "sum" },
        say("sum_of_products", { count: state.kernel ** 2 }),
        " ",
        el("b", { text: number(right.value(row, column)) }),
      ),
    );
  }

  renew();
  return panel(
    say("playground_title"),
    el("p", { class: "hint", text: say("playground_hint") }),
    el(
      "div",
      { class: "playground" },
      el(
        "div",
        { class: "controls" },
        el("div", {}, el("b", { text: say("kernel") }), " ", select),
        ...sliders,
        play,
      ),
      grid,
    ),
    formula,
    stage,
  );
}
