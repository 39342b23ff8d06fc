// Blocks of bubbles over a sheet: dragged, or moved by keys; the numbers beside them are what is saved.
const SVG = "http://www.w3.org/2000/svg";
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const WIDER = { "+": 1, "=": 1, "-": -1, _: -1 };
const FAR = 10; // px of a step with Shift

const svg = document.querySelector("[data-blocks]");

class Block {
  constructor(fieldset) {
    this.fieldset = fieldset;
    const { values, fields, width, height, vertical } = fieldset.dataset;
    [this.columns, this.rows] = vertical === undefined ? [+values, +fields] : [+fields, +values];
    this.gaps = vertical === undefined ? ["bubblesGap", "labelsGap"] : ["labelsGap", "bubblesGap"];
    this.size = [+width, +height];
    this.group = this.drawn("g", svg, { tabindex: 0, role: "button", class: "block" });
    this.group.setAttribute("aria-label", fieldset.querySelector("legend").textContent);
    this.frame = this.drawn("rect", this.group, { class: "frame" });
    this.bubbles = this.drawn("path", this.group, { class: "bubbles" });
    this.corner = this.drawn("rect", this.group, { class: "corner" });
    this.group.addEventListener("pointerdown", (event) => this.drag(event));
    this.group.addEventListener("keydown", (event) => this.press(event));
    fieldset.addEventListener("input", () => this.draw());
    this.draw();
  }

  drawn(name, parent, attributes) {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    parent.append(made);
    return made;
  }

  field(name) {
    return this.fieldset.querySelector(`[name$="-${name}"]`);
  }

  value(name) {
    return Number(this.field(name).value) || 0;
  }

  add(name, change) {
    this.field(name).value = String(Math.round((this.value(name) + change) * 100) / 100);
  }

  draw() {
    const [x, y, across, down] = ["x", "y", ...this.gaps].map((name) => this.value(name));
    const [width, height] = this.size;
    let path = "";
    for (let column = 0; column < this.columns; column++)
      for (let row = 0; row < this.rows; row++)
        path += `M${x + column * across} ${y + row * down}h${width}v${height}h${-width}z`;
    this.bubbles.setAttribute("d", path);
    const [right, bottom] = [x + (this.columns - 1) * across + width, y + (this.rows - 1) * down + height];
    const side = Math.max(width, height) / 2;
    place(this.frame, Math.min(x, right), Math.min(y, bottom), Math.abs(right - x), Math.abs(bottom - y));
    place(this.corner, right - side / 4, bottom - side / 4, side, side);
  }

  move(across, down) {
    this.add("x", across);
    this.add("y", down);
    this.draw();
  }

  // So that the far end is that much further away.
  widen(across, down) {
    if (this.columns > 1) this.add(this.gaps[0], across / (this.columns - 1));
    if (this.rows > 1) this.add(this.gaps[1], down / (this.rows - 1));
    this.draw();
  }

  press(event) {
    const far = event.shiftKey ? FAR : 1;
    if (STEPS[event.key]) this.move(...STEPS[event.key].map((step) => step * far));
    else if (WIDER[event.key]) this.widen(WIDER[event.key], WIDER[event.key]);
    else if (event.key === "Enter" || event.key === " ") this.field("x").focus();
    else return;
    event.preventDefault();
  }

  drag(event) {
    event.preventDefault();
    this.group.focus();
    this.group.setPointerCapture(event.pointerId);
    const isCorner = event.target === this.corner;
    const names = isCorner ? this.gaps : ["x", "y"];
    const [start, before] = [placeOf(event), names.map((name) => this.value(name))];
    const follow = (moved) => {
      const now = placeOf(moved);
      const way = [now.x - start.x, now.y - start.y];
      for (const [at, name] of names.entries()) this.field(name).value = String(before[at]);
      isCorner ? this.widen(...way) : this.move(...way.map(Math.round));
    };
    this.group.addEventListener("pointermove", follow);
    for (const end of ["pointerup", "pointercancel"])
      this.group.addEventListener(end, () => this.group.removeEventListener("pointermove", follow), {
        once: true,
      });
  }
}

function place(box, x, y, width, height) {
  for (const [key, value] of Object.entries({ x, y, width, height })) box.setAttribute(key, value);
}

// In px of the template's page.
function placeOf({ clientX, clientY }) {
  return new DOMPoint(clientX, clientY).matrixTransform(svg.getScreenCTM().inverse());
}

// A box drawn beside all blocks says where the next one goes.
function drawNew(form) {
  const input = form.querySelector("[name=new-box]");
  const box = document.createElementNS(SVG, "rect");
  box.classList.add("new");
  svg.addEventListener("pointerdown", (event) => {
    if (event.target !== svg && event.target !== box) return;
    event.preventDefault();
    svg.setPointerCapture(event.pointerId);
    svg.prepend(box);
    const start = placeOf(event);
    const follow = (moved) => {
      const now = placeOf(moved);
      const sides = [Math.min(start.x, now.x), Math.min(start.y, now.y)];
      sides.push(Math.abs(now.x - start.x), Math.abs(now.y - start.y));
      place(box, ...sides);
      input.value = Math.min(...sides) >= 1 ? sides.map(Math.round).join(",") : "";
    };
    svg.addEventListener("pointermove", follow);
    for (const end of ["pointerup", "pointercancel"])
      svg.addEventListener(end, () => svg.removeEventListener("pointermove", follow), { once: true });
  });
}

const editor = document.querySelector("[data-new]");
if (editor) drawNew(editor);
for (const fieldset of document.querySelectorAll("[data-template] [data-block]")) new Block(fieldset);
