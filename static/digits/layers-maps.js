// The steps that change no shape of what they look at: ReLU number by number, flattening by reading row after row.
import { block, largest, mapOf, peak } from "./layers-data.js";
import { Matrix, nudges, thumbnail } from "./layers-draw.js";
import { choices, el, line, number, panel, say, short, svg } from "./layers-parts.js";

// A choice among the maps of a step; nothing to choose where there is one.
export function mapChoice(values, shape, chosen, onchoose) {
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
