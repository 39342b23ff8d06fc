// The picture that goes in, with every number of it.
import { block, peak } from "./layers-data.js";
import { Matrix, nudges } from "./layers-draw.js";
import { el, line, number, panel, say, short } from "./layers-parts.js";
import { playground } from "./layers-playground.js";

const LOUPE = 7;

export async function input(step, { numbers }) {
  const values = await numbers.of(step);
  const { rows, columns } = block(step.shape);
  const loupe = el("table", { class: "loupe", "aria-label": say("loupe") });
  const reading = line("readout");
  const matrix = new Matrix({
    label: say("the_input"),
    rows,
    columns,
    values,
    most: 1,
    onmove: look,
    describe,
  });

  function describe(row, column) {
    return say("input_cell", {
      row: row + 1,
      column: column + 1,
      value: number(matrix.value(row, column)),
      level: Math.round(matrix.value(row, column) * 255),
    });
  }

  function look(row, column) {
    const first = (at, size) => Math.min(Math.max(at - (LOUPE - 1) / 2, 0), size - LOUPE);
    const [top, left] = [first(row, rows), first(column, columns)];
    const cell = (y, x) => {
      const node = el("td", {
        text: short(matrix.value(y, x)),
        class: y === row && x === column ? "here" : "",
      });
      node.style.setProperty("--share", `${matrix.value(y, x) * 70}%`);
      return node;
    };
    const range = (from) => Array.from({ length: LOUPE }, (_, at) => from + at);
    loupe.replaceChildren(
      el("tbody", {}, ...range(top).map((y) => el("tr", {}, ...range(left).map((x) => cell(y, x))))),
    );
    reading.textContent = describe(row, column);
  }

  const start = peak(values);
  matrix.show(Math.floor(start / columns), start % columns);
  look(matrix.row, matrix.column);
  return el(
    "div",
    {},
    panel(
      say("input_title"),
      el("p", { class: "hint", text: say("input_hint") }),
      el(
        "div",
        { class: "beside" },
        el("div", {}, matrix.element, nudges(matrix)),
        el("div", { class: "loupe-side" }, loupe, reading),
      ),
      el(
        "details",
        {},
        el("summary", { text: say("all_numbers", { count: values.length }) }),
        everyNumber(values, rows, columns),
      ),
    ),
    playground(values, rows, columns),
  );
}

function everyNumber(values, rows, columns) {
  const places = (count) => Array.from({ length: count }, (_, at) => at);
  const head = el(
    "tr",
    {},
    el("td"),
    ...places(columns).map((column) => el("th", { scope: "col", text: column + 1 })),
  );
  const body = places(rows).map((row) =>
    el(
      "tr",
      {},
      el("th", { scope: "row", text: row + 1 }),
      ...places(columns).map((column) => {
        const cell = el("td", { text: short(values[row * columns + column]) });
        cell.style.setProperty("--share", `${values[row * columns + column] * 70}%`);
        return cell;
      }),
    ),
  );
  return el(
    "div",
    {
      class: "scroll",
      tabindex: 0,
      role: "region",
      "aria-label": say("all_numbers", { count: values.length }),
    },
    el("table", { class: "loupe every" }, el("tbody", {}, head, ...body)),
  );
}
