// The steps that only look at maps: the input, ReLU, pooling, flattening.
import { block, largest, mapOf, peak } from "./layers-data.js";
import { Matrix, nudges, thumbnail } from "./layers-draw.js";
import { choices, el, line, number, panel, say, short } from "./layers-parts.js";
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

// A choice among the maps of a step; nothing to choose where there is one.
function mapChoice(values, shape, chosen, onchoose) {
  const { maps, rows, columns } = block(shape);
  if (maps === 1) return [];
  const most = largest(values);
  const options = Array.from({ length: maps }, (_, map) => ({
    label: say("map", { map: map + 1 }),
    isChosen: map === chosen,
    content: thumbnail(mapOf(values, shape, map), rows, columns, most),
  }));
  return [panel(say("maps_title", { count: maps }), choices(say("maps"), options, onchoose, "maps"))];
}

export async function relu(step, { numbers, before }) {
  const [was, is] = await Promise.all([numbers.of(before(step)), numbers.of(step)]);
  const layout = block(step.shape);
  const most = largest(was);
  let map = Math.floor(peak(is) / layout.count);
  const reading = line("readout formula");
  const graph = el("div", { class: "graph" });
  const side = (label, values) =>
    new Matrix({ label, ...layout, values: mapOf(values, step.shape, map), most, onmove: point, describe });
  const left = side(say("before"), was);
  const right = side(say("after"), is);

  function describe(row, column) {
    return say("relu_cell", {
      row: row + 1,
      column: column + 1,
      before: number(left.value(row, column)),
      after: number(right.value(row, column)),
    });
  }

  function point(row, column) {
    left.show(row, column);
    right.show(row, column);
    const [x, y] = [left.value(row, column), right.value(row, column)];
    reading.replaceChildren(
      "max(0, ",
      el("b", { text: number(x) }),
      ") = ",
      el("b", { text: number(y), "data-value": y }),
    );
    graph.replaceChildren(bend(x, most));
  }

  function choose(place) {
    map = place;
    left.set(mapOf(was, step.shape, map));
    right.set(mapOf(is, step.shape, map));
    point(left.row, left.column);
  }

  const start = peak(mapOf(is, step.shape, map));
  point(Math.floor(start / layout.columns), start % layout.columns);
  return el(
    "div",
    {},
    ...mapChoice(is, step.shape, map, choose),
    panel(
      say("before_after"),
      el("p", { class: "hint", text: say("point_hint") }),
      el(
        "div",
        { class: "workbench" },
        left.element,
        el("div", { class: "middle" }, graph, reading),
        el("div", {}, right.element, nudges(right)),
      ),
    ),
  );
}

// The bend of ReLU with the number under the pointer on it.
function bend(x, most) {
  const at = (value) => 60 + (value / (most || 1)) * 52;
  return svg(
    "0 0 120 76",
    say("relu_graph", { value: number(x) }),
    ["path", { d: "M4 66H116M60 70V6", class: "axis" }],
    ["path", { d: "M8 66H60L112 14", class: "curve" }],
    ["circle", { cx: at(x), cy: 66 - Math.max((x / (most || 1)) * 52, 0), r: 4.5, class: "dot" }],
  );
}

export function svg(viewBox, label, ...shapes) {
  const make = (tag, options) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(options)) {
      if (name === "text") node.textContent = value;
      else node.setAttribute(name, value);
    }
    return node;
  };
  const whole = make("svg", { viewBox, role: "img", "aria-label": label });
  whole.append(...shapes.map(([tag, options]) => make(tag, options)));
  return whole;
}

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

export async function flatten(step, { numbers, before }) {
  const source = before(step);
  const [inputs, row] = await Promise.all([numbers.of(source), numbers.of(step)]);
  const [from, to] = [block(source.shape), block(step.shape)];
  const most = largest(inputs);
  let map = Math.floor(peak(inputs) / from.count);
  const reading = line("readout formula");
  const excerpt = el("div");
  const left = new Matrix({
    label: say("map", { map: map + 1 }),
    ...from,
    values: mapOf(inputs, source.shape, map),
    most,
    describe,
    onmove: (y, x) => point(map * from.count + y * from.columns + x),
  });
  const right = new Matrix({
    label: say("the_row", { count: to.count }),
    ...to,
    values: row,
    most,
    describe,
    onmove: (y, x) => point(y * to.columns + x),
  });

  function describe() {
    const place = right.row * to.columns + right.column;
    return say("flatten_cell", {
      map: map + 1,
      row: left.row + 1,
      column: left.column + 1,
      place: place + 1,
      value: number(row[place]),
    });
  }

  function point(place) {
    const isOther = Math.floor(place / from.count) !== map;
    map = Math.floor(place / from.count);
    const within = place % from.count;
    if (isOther) {
      left.set(mapOf(inputs, source.shape, map), most, say("map", { map: map + 1 }));
      chooser?.querySelector("[role=radiogroup]").choose(map, false);
    }
    left.show(Math.floor(within / from.columns), within % from.columns);
    right.show(Math.floor(place / to.columns), place % to.columns);
    const parts = {
      map: map + 1,
      row: left.row + 1,
      column: left.column + 1,
      area: from.count,
      columns: from.columns,
      place: place + 1,
    };
    reading.replaceChildren(
      say(from.maps > 1 ? "flatten_formula" : "flatten_formula_plane", parts),
      " ",
      el("b", { "data-value": row[place], text: say("value_is", { value: number(row[place]) }) }),
    );
    excerpt.replaceChildren(neighbours(place));
  }

  // The row as a row: the number with those before and after it.
  function neighbours(place) {
    const first = Math.min(Math.max(place - 3, 0), row.length - 7);
    const places = Array.from({ length: 7 }, (_, at) => first + at);
    const line = (tag, show) =>
      el("tr", {}, ...places.map((at) => el(tag, { text: show(at), class: at === place ? "here" : "" })));
    return el(
      "table",
      { class: "loupe excerpt", "aria-label": say("excerpt") },
      el(
        "tbody",
        {},
        line("th", (at) => at + 1),
        line("td", (at) => short(row[at])),
      ),
    );
  }

  const [chooser] = mapChoice(inputs, source.shape, map, (place) =>
    point(place * from.count + left.row * from.columns + left.column),
  );
  point(peak(row));
  return el(
    "div",
    {},
    chooser ?? "",
    panel(
      say("flatten_title"),
      el("p", { class: "hint", text: say("flatten_hint") }),
      el(
        "div",
        { class: "workbench flatten" },
        el("div", {}, left.element, nudges(left)),
        el("div", { class: "middle" }, reading),
        el("div", {}, excerpt, right.element),
      ),
    ),
  );
}
