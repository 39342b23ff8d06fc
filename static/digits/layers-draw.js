// Maps of numbers as pictures: blue is positive, orange negative, the ground is 0.
import { largest } from "./layers-data.js";
import { el, number, say, short, tell } from "./layers-parts.js";

const NUMBERS_FROM = 30; // CSS pixels that a cell needs before its number is written into it
let colours = null;
const drawn = new Set();
const isQuiet = matchMedia("(prefers-reduced-motion: reduce)");
const SLIDE_TIME = 2400; // milliseconds over a whole map

function palette() {
  if (!colours) {
    const style = getComputedStyle(document.querySelector(".layers"));
    const parts = (name) =>
      style
        .getPropertyValue(name)
        .trim()
        .match(/[\da-f]{2}/gi)
        .map((pair) => parseInt(pair, 16));
    colours = {
      zero: parts("--map-zero"),
      positive: parts("--map-positive"),
      negative: parts("--map-negative"),
      cursor: style.getPropertyValue("--map-cursor").trim(),
    };
  }
  return colours;
}

function repaint() {
  colours = null;
  for (const one of drawn) one.isConnected ? one.repaint() : drawn.delete(one);
}
new MutationObserver(repaint).observe(document.documentElement, { attributeFilter: ["data-theme"] });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);

function colour(value, most) {
  const { zero, positive, negative } = palette();
  const share = most ? Math.min(Math.abs(value) / most, 1) ** 0.8 : 0;
  const end = value < 0 ? negative : positive;
  return zero.map((from, at) => from + (end[at] - from) * share);
}

function paint(canvas, values, rows, columns, most) {
  canvas.width = columns;
  canvas.height = rows;
  const context = canvas.getContext("2d");
  const image = context.createImageData(columns, rows);
  for (let place = 0; place < Math.min(values.length, rows * columns); place++) {
    image.data.set([...colour(values[place], most), 255], place * 4);
  }
  context.putImageData(image, 0, 0);
}

// A small picture beside its text, so that it says nothing itself.
export function thumbnail(values, rows, columns, most) {
  const canvas = el("canvas", { class: "thumbnail", "aria-hidden": "true" });
  canvas.repaint = () => paint(canvas, values, rows, columns, most);
  canvas.repaint();
  drawn.add(canvas);
  return canvas;
}

// Several maps in one small picture.
export function mosaic(values, { maps, rows, columns }, most) {
  const side = Math.min(Math.ceil(Math.sqrt(maps)), 4);
  const all = new Float32Array(side * side * rows * columns);
  for (let map = 0; map < Math.min(maps, side * side); map++) {
    const [top, left] = [Math.floor(map / side) * rows, (map % side) * columns];
    for (let row = 0; row < rows; row++) {
      const from = map * rows * columns + row * columns;
      all.set(values.subarray(from, from + columns), (top + row) * side * columns + left);
    }
  }
  return thumbnail(all, side * rows, side * columns, most);
}

// A few numbers as columns, up from the middle for what is positive and down for what is negative.
export function columns(values, most) {
  const half = 10;
  const all = new Float32Array(2 * half * values.length);
  const [down, up] = values.some((value) => value < 0) ? [half, half] : [0, 2 * half];
  values.forEach((value, at) => {
    const length = Math.round((Math.abs(value) / (most || 1)) * (value < 0 ? down : up));
    for (let step = 0; step < length; step++)
      all[(value < 0 ? up + step : up - 1 - step) * values.length + at] = value;
  });
  return thumbnail(all, 2 * half, values.length, largest(all) * 0.5);
}

// A map to look at closely: pointer, touch and arrow keys move a cursor over its cells.
// options: label, values, rows, columns, count, most, padding, start, describe(row, column), onmove(row, column)
export class Matrix {
  constructor(options) {
    Object.assign(this, { padding: 0, window: null, tag: "", ...options });
    this.count ??= this.rows * this.columns;
    this.reached = this.count; // cells after these are not shown yet
    this.canvas = el("canvas", { class: "matrix", role: "img", tabindex: 0, "aria-label": this.label });
    this.canvas.repaint = () => {
      this.base = null;
      this.draw();
    };
    drawn.add(this.canvas);
    this.caption = el("figcaption", { text: this.caption ?? this.label });
    this.element = el("figure", { class: "matrix-figure" }, this.canvas, this.caption);
    this.row = this.column = 0;
    this.canvas.addEventListener("pointermove", (event) => this.point(event));
    this.canvas.addEventListener("pointerdown", (event) => this.point(event));
    this.canvas.addEventListener("keydown", (event) => this.key(event));
    new ResizeObserver(() => this.canvas.repaint()).observe(this.canvas);
  }

  set(values, most = this.most, label = this.label) {
    Object.assign(this, { values, most, label, base: null });
    this.canvas.setAttribute("aria-label", label);
    this.caption.textContent = label;
    this.draw();
  }

  value(row, column) {
    const isInside = row >= 0 && column >= 0 && row < this.rows && column < this.columns;
    return isInside ? this.values[row * this.columns + column] : 0;
  }

  point(event) {
    const box = this.canvas.getBoundingClientRect();
    const at = (share, cells) =>
      Math.min(Math.max(Math.floor(share * (cells + 2 * this.padding)) - this.padding, 0), cells - 1);
    const row = at((event.clientY - box.top) / box.height, this.rows);
    const column = at((event.clientX - box.left) / box.width, this.columns);
    if (event.type === "pointerdown" || row !== this.row || column !== this.column) this.go(row, column);
  }

  key(event) {
    const moves = {
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
      Home: [0, -this.columns],
      End: [0, this.columns],
    };
    const move = moves[event.key];
    if (!move || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.go(this.row + move[0], this.column + move[1]);
  }

  // Move the cursor because somebody wants to.
  go(row, column) {
    row = Math.min(Math.max(row, 0), this.rows - 1);
    column = Math.min(Math.max(column, 0), this.columns - 1);
    if (row * this.columns + column >= this.count) return;
    Object.assign(this, { sliding: null, reached: this.count });
    this.show(row, column);
    this.onmove?.(row, column);
    tell(
      this.describe?.(row, column) ??
        say("cell", { row: row + 1, column: column + 1, value: number(this.value(row, column)) }),
    );
  }

  // The cursor goes over the whole map by itself, and the map appears as it goes.
  slide() {
    const started = performance.now();
    const mine = {};
    this.sliding = mine;
    const step = (now) => {
      if (this.sliding !== mine || !this.canvas.isConnected) return;
      const share = isQuiet.matches ? 1 : Math.min(Math.max(now - started, 0) / SLIDE_TIME, 1);
      this.reached = Math.max(Math.ceil(share * this.count), 1);
      this.onmove(Math.floor((this.reached - 1) / this.columns), (this.reached - 1) % this.columns);
      if (share < 1) requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }

  // Show the cursor there, and with `window` a frame of so many cells from there.
  show(row, column, window = this.window) {
    Object.assign(this, { row, column, window });
    this.draw();
  }

  draw() {
    const across = this.columns + 2 * this.padding;
    const cell = Math.max(Math.round((this.canvas.clientWidth * devicePixelRatio) / across), 4);
    this.base ??= this.ground(cell);
    if (this.canvas.width !== this.base.width || this.canvas.height !== this.base.height) {
      Object.assign(this.canvas, { width: this.base.width, height: this.base.height });
    }
    const context = this.canvas.getContext("2d");
    context.clearRect(0, 0, this.base.width, this.base.height);
    context.drawImage(this.base, 0, 0);
    if (this.reached < this.count) this.cover(context, cell);
    const [tall, wide] = this.window ?? [1, 1];
    frame(
      context,
      (this.column + this.padding) * cell,
      (this.row + this.padding) * cell,
      wide * cell,
      tall * cell,
    );
  }

  cover(context, cell) {
    const [row, column] = [Math.floor(this.reached / this.columns), this.reached % this.columns];
    context.fillStyle = `rgb(${palette().zero.join(" ")})`;
    context.fillRect(column * cell, row * cell, this.columns * cell, cell);
    context.fillRect(0, (row + 1) * cell, this.columns * cell, this.rows * cell);
  }

  ground(cell) {
    const across = this.columns + 2 * this.padding;
    const down = this.rows + 2 * this.padding;
    const base = Object.assign(document.createElement("canvas"), {
      width: across * cell,
      height: down * cell,
    });
    const context = base.getContext("2d");
    for (let row = -this.padding; row < this.rows + this.padding; row++) {
      for (let column = -this.padding; column < this.columns + this.padding; column++) {
        this.cell(context, row, column, cell);
      }
    }
    return base;
  }

  cell(context, row, column, cell) {
    const [x, y] = [(column + this.padding) * cell, (row + this.padding) * cell];
    const isPadding = row < 0 || column < 0 || row >= this.rows || column >= this.columns;
    const isNothing = !isPadding && row * this.columns + column >= this.count;
    const gap = cell > 8 ? 1 : 0;
    if (isNothing) return;
    const value = this.value(row, column);
    context.fillStyle = `rgb(${colour(value, this.most).join(" ")})`;
    context.fillRect(x, y, cell - gap, cell - gap);
    if (isPadding) hatch(context, x, y, cell - gap);
    if (cell / devicePixelRatio >= NUMBERS_FROM)
      write(context, short(value), x + cell / 2, y + cell / 2, cell, colour(value, this.most));
  }
}

function hatch(context, x, y, size) {
  context.save();
  context.strokeStyle = palette().cursor;
  context.globalAlpha = 0.35;
  context.lineWidth = Math.max(devicePixelRatio / 2, 0.5);
  context.beginPath();
  context.moveTo(x, y + size);
  context.lineTo(x + size, y);
  context.stroke();
  context.restore();
}

function write(context, text, x, y, cell, [red, green, blue]) {
  context.fillStyle = red * 0.3 + green * 0.6 + blue * 0.1 > 140 ? "#10161d" : "#ffffff";
  context.font = `${Math.round(cell * (text.length > 4 ? 0.27 : 0.34))}px ui-monospace, monospace`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(text, x, y, cell * 0.94);
}

function frame(context, x, y, width, height) {
  const thick = Math.max(2 * devicePixelRatio, 2);
  context.lineWidth = thick * 2;
  context.strokeStyle = palette().zero[0] > 127 ? "#ffffff" : "#000000";
  context.strokeRect(x, y, width, height);
  context.lineWidth = thick;
  context.strokeStyle = palette().cursor;
  context.strokeRect(x, y, width, height);
}

// The cursor by finger: four buttons that move it a cell.
export function nudges(matrix) {
  const moves = [
    ["←", "left", 0, -1],
    ["↑", "up", -1, 0],
    ["↓", "down", 1, 0],
    ["→", "right", 0, 1],
  ];
  const button = ([arrow, name, down, right]) =>
    el("button", {
      type: "button",
      class: "secondary small",
      "aria-label": say(name),
      text: arrow,
      onclick: () => matrix.go(matrix.row + down, matrix.column + right),
    });
  return el("div", { class: "nudges", role: "group", "aria-label": say("move") }, ...moves.map(button));
}
