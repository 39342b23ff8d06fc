// Convolution: the window under the pointer, its products, their sum over all channels and the bias.
import { block, largest, mapOf, peak } from "./layers-data.js";
import { Matrix, nudges, thumbnail } from "./layers-draw.js";
import { bar, choices, el, number, panel, say, short, tell } from "./layers-parts.js";

const SHOWN = 6; // channels with a line of their own

// The k x k numbers under the kernel when it makes the output at (row, column); null is padding.
export function patch(values, { rows, columns }, { kernel, stride, padding }, row, column) {
  return Array.from({ length: kernel * kernel }, (_, place) => {
    const y = row * stride - padding + Math.floor(place / kernel);
    const x = column * stride - padding + (place % kernel);
    return y < 0 || x < 0 || y >= rows || x >= columns ? null : values[y * columns + x];
  });
}

export const products = (numbers, weights) => numbers.map((value, place) => (value ?? 0) * weights[place]);
export const sum = (values) => values.reduce((total, value) => total + value, 0);

// value × weight = product, cell by cell.
export function productTable(numbers, weights, kernel) {
  const made = products(numbers, weights);
  const most = largest(made);
  const show = kernel > 3 ? short : number;
  const rows = Array.from({ length: kernel }, (_, row) =>
    el(
      "tr",
      {},
      ...made.slice(row * kernel, (row + 1) * kernel).map((product, column) => {
        const place = row * kernel + column;
        const isPadding = numbers[place] === null;
        const cell = el(
          "td",
          { class: `${isPadding ? "padding" : ""} ${product < 0 ? "negative" : "positive"}` },
          el("span", {
            text: isPadding ? "0" : show(numbers[place]),
            title: isPadding ? say("padding_zero") : "",
          }),
          el("span", { class: "times", text: `× ${show(weights[place])}` }),
          el("b", { text: kernel > 5 ? short(product) : `= ${show(product)}`, "data-product": product }),
        );
        cell.style.setProperty("--share", `${most ? (Math.abs(product) / most) * 55 : 0}%`);
        return cell;
      }),
    ),
  );
  return el(
    "table",
    { class: `products size-${kernel}`, "aria-label": say("products") },
    el("tbody", {}, ...rows),
  );
}

export async function convolution(step, { numbers, before }) {
  const source = before(step);
  const [inputs, maps, kernels, biases] = await Promise.all([
    numbers.of(source),
    numbers.of(step),
    numbers.of(step, "kernels"),
    numbers.of(step, "bias"),
  ]);
  const [from, to] = [block(source.shape), block(step.shape)];
  const area = step.kernel ** 2;
  const scales = { inputs: largest(inputs), maps: largest(maps), kernels: largest(kernels) };
  const start = peak(maps);
  let map = Math.floor(start / to.count);
  let channel = null; // the chosen one; null follows the strongest
  const weightsOf = (place) =>
    kernels.subarray((map * from.maps + place) * area, (map * from.maps + place + 1) * area);

  const left = new Matrix({
    label: "",
    ...from,
    values: mapOf(inputs, source.shape, 0),
    most: scales.inputs,
    padding: step.padding,
    window: [step.kernel, step.kernel],
    onmove: (row, column) =>
      point(...[row, column].map((at, axis) => outputAt(at, axis ? to.columns : to.rows))),
  });
  const right = new Matrix({
    label: "",
    ...to,
    values: mapOf(maps, step.shape, map),
    most: scales.maps,
    onmove: point,
    describe,
  });
  const outputAt = (at, size) =>
    Math.min(Math.max(Math.round((at + step.padding - (step.kernel - 1) / 2) / step.stride), 0), size - 1);
  left.describe = () => describe(right.row, right.column);
  const middle = el("div", { class: "middle" });
  const ranking = el("div");

  function describe(row, column) {
    return say("convolution_cell", {
      map: map + 1,
      row: row + 1,
      column: column + 1,
      value: number(right.value(row, column)),
    });
  }

  function contributions(row, column) {
    return Array.from({ length: from.maps }, (_, place) => {
      const under = patch(mapOf(inputs, source.shape, place), from, step, row, column);
      return { place, under, sum: sum(products(under, weightsOf(place))) };
    }).sort((one, other) => Math.abs(other.sum) - Math.abs(one.sum));
  }

  function point(row, column) {
    const found = contributions(row, column);
    const chosen = found.find((one) => one.place === channel) ?? found[0];
    left.set(
      mapOf(inputs, source.shape, chosen.place),
      scales.inputs,
      from.maps > 1 ? say("map_before", { map: chosen.place + 1 }) : say("the_input"),
    );
    left.show(row * step.stride - step.padding, column * step.stride - step.padding);
    right.show(row, column);
    middle.replaceChildren(
      productTable(chosen.under, weightsOf(chosen.place), step.kernel),
      el(
        "p",
        { class: "sum" },
        say("sum_of_products", { count: area }),
        " ",
        el("b", { text: number(chosen.sum), "data-sum": chosen.sum }),
      ),
    );
    ranking.replaceChildren(total(found, right.value(row, column)));
  }

  // Every line of the sum: the strongest channels, the others together, the bias; below, the number in the map.
  function total(found, value) {
    const shown = found.slice(0, SHOWN);
    const others = sum(found.slice(SHOWN).map((one) => one.sum));
    const most = largest([found[0].sum, others, biases[map]]);
    const lines = shown.map((one) =>
      el(
        "li",
        {},
        from.maps > 1 ? channelButton(one) : el("span", { text: say("products_together") }),
        bar(one.sum, most, true),
        el("span", { class: "figure", text: number(one.sum) }),
      ),
    );
    if (found.length > SHOWN)
      lines.push(plainLine(say("other_channels", { count: found.length - SHOWN }), others, most));
    lines.push(plainLine(say("bias"), biases[map], most));
    const computed = sum(found.map((one) => one.sum)) + biases[map];
    return el(
      "div",
      {},
      el("ol", { class: "contributions" }, ...lines),
      el(
        "p",
        { class: "total" },
        say("together"),
        " ",
        el("b", { "data-total": computed, text: number(value) }),
        " ",
        el("span", { class: "same", text: say("same_as_map", { map: map + 1 }) }),
      ),
    );
  }

  const plainLine = (text, value, most) =>
    el(
      "li",
      {},
      el("span", { text }),
      bar(value, most, true),
      el("span", { class: "figure", text: number(value) }),
    );

  function channelButton({ place, under }) {
    return el(
      "button",
      {
        type: "button",
        class: "channel",
        "aria-pressed": place === channel,
        "aria-label": say("show_channel", { map: place + 1 }),
        onclick: () => {
          channel = place;
          point(right.row, right.column);
          tell(say("map_before", { map: place + 1 }));
        },
      },
      thumbnail(
        under.map((value) => value ?? 0),
        step.kernel,
        step.kernel,
        scales.inputs,
      ),
      "×",
      thumbnail(weightsOf(place), step.kernel, step.kernel, scales.kernels),
      say("channel", { map: place + 1 }),
    );
  }

  function choose(place) {
    map = place;
    channel = null;
    right.set(mapOf(maps, step.shape, map), scales.maps, say("feature_map", { map: map + 1 }));
    point(right.row, right.column);
  }

  const picker = choices(
    say("feature_maps"),
    Array.from({ length: to.maps }, (_, place) => ({
      label: say("feature_map", { map: place + 1 }),
      isChosen: place === map,
      content: [
        from.maps === 1
          ? thumbnail(
              kernels.subarray(place * area, (place + 1) * area),
              step.kernel,
              step.kernel,
              scales.kernels,
            )
          : [],
        thumbnail(mapOf(maps, step.shape, place), to.rows, to.columns, scales.maps),
      ].flat(),
    })),
    choose,
    "maps",
  );
  right.show(Math.floor((start % to.count) / to.columns), start % to.columns);
  choose(map);
  return el(
    "div",
    {},
    panel(say(from.maps === 1 ? "kernels_and_maps" : "feature_maps_title", { count: to.maps }), picker),
    panel(
      say("one_number"),
      el("p", {
        class: "hint",
        text: say("convolution_hint", { kernel: step.kernel, stride: step.stride, padding: step.padding }),
      }),
      el("div", { class: "workbench" }, left.element, middle, el("div", {}, right.element, nudges(right))),
      el("button", {
        type: "button",
        class: "secondary small",
        text: say("slide"),
        onclick: () => right.slide(),
      }),
    ),
    panel(say("whole_sum"), ranking),
  );
}
