// Pooling: the largest and the average of each window.
import { block, largest, mapOf, peak } from "./layers-data.js";
import { Matrix, nudges } from "./layers-draw.js";
import { mapChoice } from "./layers-maps.js";
import { el, number, panel, say } from "./layers-parts.js";

export async function pooling(step, { numbers, before }) {
  const source = before(step);
  const [inputs, largestOnes, averages] = await Promise.all([
    numbers.of(source),
    numbers.of(step),
    numbers.of(step, "average"),
  ]);
  const [from, to] = [block(source.shape), block(step.shape)];
  const most = largest(inputs);
  let map = Math.floor(peak(largestOnes) / to.count);
  const reading = el("div", { class: "readout" });
  const left = new Matrix({
    label: say("before"),
    ...from,
    values: mapOf(inputs, source.shape, map),
    most,
    window: [step.kernel, step.kernel],
    onmove: (row, column) =>
      point(
        ...[
          [row, to.rows],
          [column, to.columns],
        ].map(([at, size]) => Math.min(Math.floor(at / step.stride), size - 1)),
      ),
  });
  const side = (label, values) =>
    new Matrix({ label, ...to, values: mapOf(values, step.shape, map), most, onmove: point, describe });
  const strongest = side(say("maximum"), largestOnes);
  const average = side(say("average"), averages);
  left.describe = () => describe(strongest.row, strongest.column);

  function describe(row, column) {
    return say("pooling_cell", {
      row: row + 1,
      column: column + 1,
      maximum: number(strongest.value(row, column)),
      average: number(average.value(row, column)),
    });
  }

  function point(row, column) {
    left.show(row * step.stride, column * step.stride);
    strongest.show(row, column);
    average.show(row, column);
    const under = [];
    for (let y = 0; y < step.kernel; y++)
      for (let x = 0; x < step.kernel; x++)
        under.push(left.value(row * step.stride + y, column * step.stride + x));
    const winner = peak(under);
    const cells = under.map((value, place) =>
      el("td", { class: place === winner ? "winner" : "", text: number(value) }),
    );
    const rows = Array.from({ length: step.kernel }, (_, y) =>
      el("tr", {}, ...cells.slice(y * step.kernel, (y + 1) * step.kernel)),
    );
    reading.replaceChildren(
      el("table", { class: "products window", "aria-label": say("window") }, el("tbody", {}, ...rows)),
      el(
        "p",
        { class: "formula" },
        say("maximum_of"),
        " ",
        el("b", { text: number(strongest.value(row, column)), "data-value": strongest.value(row, column) }),
      ),
      el(
        "p",
        { class: "formula" },
        say("average_of", {
          sum: number(under.reduce((total, value) => total + value, 0)),
          count: under.length,
        }),
        " ",
        el("b", { text: number(average.value(row, column)) }),
      ),
    );
  }

  function choose(place) {
    map = place;
    left.set(mapOf(inputs, source.shape, map));
    strongest.set(mapOf(largestOnes, step.shape, map));
    average.set(mapOf(averages, step.shape, map));
    point(strongest.row, strongest.column);
  }

  const start = peak(mapOf(largestOnes, step.shape, map));
  point(Math.floor(start / to.columns), start % to.columns);
  const isCut = from.rows > (to.rows - 1) * step.stride + step.kernel;
  return el(
    "div",
    {},
    ...mapChoice(largestOnes, step.shape, map, choose),
    panel(
      say("pooling_title"),
      el("p", { class: "hint", text: say("pooling_hint", { kernel: step.kernel, stride: step.stride }) }),
      el(
        "div",
        { class: "workbench pooling" },
        left.element,
        reading,
        el("div", { class: "pair" }, strongest.element, average.element, nudges(strongest)),
      ),
      isCut ? el("p", { class: "hint", text: say("pooling_cut") }) : "",
    ),
  );
}
