// The picture of a page as it came: turned to be looked at, and with four corners that say where the sheet lies.
const SVG = "http://www.w3.org/2000/svg";
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const FAR = 10; // px of a step with Shift
const MARGIN = 0.06; // of the picture: a corner may lie beside it
const WHOLE = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
];

class Picture {
  constructor(root) {
    this.root = root;
    this.form = document.querySelector("[data-assign]");
    this.corners = WHOLE.map((corner) => [...corner]); // of the sheet, clockwise from its top left, in shares
    this.turns = 0; // quarters, clockwise
    const img = root.querySelector("img");
    const begin = () => this.begin(img);
    img.complete && img.naturalWidth ? begin() : img.addEventListener("load", begin, { once: true });
  }

  begin(img) {
    this.size = [img.naturalWidth, img.naturalHeight];
    this.svg = drawn("svg", { role: "group", "aria-label": img.alt, class: "corners" });
    this.group = drawn("g", {}, this.svg);
    drawn("image", { href: img.src, width: this.size[0], height: this.size[1] }, this.group);
    this.svg.firstChild.firstChild.classList.add("paper-white");
    img.replaceWith(this.svg);
    for (const button of this.root.querySelectorAll("[data-turn]"))
      button.addEventListener("click", () => this.turn(Number(button.dataset.turn)));
    if (this.form?.elements.corners) this.beginCorners();
    this.draw();
  }

  beginCorners() {
    this.boxes = drawn("path", { class: "bubbles" }, this.group);
    this.outline = drawn("polygon", { class: "outline" }, this.group);
    const radius = Math.max(...this.size) * 0.016;
    this.handles = WHOLE.map((_corner, at) => {
      const handle = drawn("circle", { r: radius, tabindex: 0, role: "button", class: "corner" }, this.group);
      handle.setAttribute("aria-label", this.root.dataset[`corner${at}`]);
      handle.addEventListener("pointerdown", (event) => this.drag(event, at));
      handle.addEventListener("keydown", (event) => this.press(event, at));
      return handle;
    });
    const kept = this.form.elements.corners.value.trim();
    if (kept) this.corners = kept.split(/\s+/).map((corner) => corner.split(",").map(Number));
    for (const name of ["by_corners", "sheet_page"])
      this.form.elements[name].addEventListener("change", () => this.draw());
  }

  // What is seen at the top left then is the sheet's top left.
  turn(quarter) {
    this.turns = (this.turns + quarter + 4) % 4;
    quarter > 0 ? this.corners.unshift(this.corners.pop()) : this.corners.push(this.corners.shift());
    this.draw();
  }

  draw() {
    const [width, height] = this.size;
    const sides = this.turns % 2 ? [height, width] : [width, height];
    const margin = this.handles && this.isByCorners() ? MARGIN * Math.max(width, height) : 0;
    const view = [-margin, -margin, sides[0] + 2 * margin, sides[1] + 2 * margin];
    this.svg.setAttribute("viewBox", view.join(" "));
    const shift = [
      [0, 0],
      [height, 0],
      [width, height],
      [0, width],
    ][this.turns];
    this.group.setAttribute("transform", `translate(${shift}) rotate(${90 * this.turns})`);
    if (this.handles) this.drawCorners();
  }

  isByCorners() {
    return this.form.elements.by_corners.checked;
  }

  drawCorners() {
    const isShown = this.isByCorners();
    for (const part of [this.boxes, this.outline, ...this.handles]) part.classList.toggle("hidden", !isShown);
    const places = this.corners.map(([x, y]) => [x * this.size[0], y * this.size[1]]);
    for (const [at, [x, y]] of places.entries()) {
      this.handles[at].setAttribute("cx", x);
      this.handles[at].setAttribute("cy", y);
    }
    this.outline.setAttribute("points", places.join(" "));
    this.boxes.setAttribute("d", isShown ? this.boxesOver(places) : "");
    this.form.elements.corners.value = this.corners.map((pair) => pair.map(written).join(",")).join(" ");
  }

  // The boxes of the form as they lie then.
  boxesOver(places) {
    const pages = JSON.parse(document.getElementById("form-boxes").textContent);
    const at = projection(places);
    return pages[this.form.elements.sheet_page.value - 1]
      .map(([x, y, w, h]) => [at(x, y), at(x + w, y), at(x + w, y + h), at(x, y + h)])
      .map((corners) => `M${corners.join("L")}z`)
      .join("");
  }

  move(at, x, y) {
    this.corners[at] = [x / this.size[0], y / this.size[1]].map((share) => Math.min(2, Math.max(-1, share)));
    this.draw();
  }

  press(event, at) {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    const far = event.shiftKey ? FAR : 1;
    const angle = (-Math.PI / 2) * this.turns; // from what is seen to the picture
    const [cos, sin] = [Math.cos(angle) * far, Math.sin(angle) * far];
    const [x, y] = this.corners[at];
    const way = [step[0] * cos - step[1] * sin, step[0] * sin + step[1] * cos];
    this.move(at, x * this.size[0] + way[0], y * this.size[1] + way[1]);
  }

  drag(event, at) {
    event.preventDefault();
    const handle = this.handles[at];
    handle.focus();
    handle.setPointerCapture(event.pointerId);
    const follow = (moved) => {
      const matrix = this.group.getScreenCTM().inverse();
      const place = new DOMPoint(moved.clientX, moved.clientY).matrixTransform(matrix);
      this.move(at, place.x, place.y);
    };
    handle.addEventListener("pointermove", follow);
    for (const end of ["pointerup", "pointercancel"])
      handle.addEventListener(end, () => handle.removeEventListener("pointermove", follow), { once: true });
  }
}

function drawn(name, attributes, parent) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  parent?.append(made);
  return made;
}

function written(share) {
  return share.toFixed(5);
}

// From the unit square to four corners (Heckbert: Fundamentals of texture mapping, 1989).
function projection([[x0, y0], [x1, y1], [x2, y2], [x3, y3]]) {
  const [ax, ay, bx, by] = [x1 - x2, y1 - y2, x3 - x2, y3 - y2];
  const [sx, sy] = [x0 - x1 + x2 - x3, y0 - y1 + y2 - y3];
  const whole = ax * by - bx * ay || 1;
  const [g, h] = [(sx * by - bx * sy) / whole, (ax * sy - sx * ay) / whole];
  return (u, v) => {
    const depth = g * u + h * v + 1;
    const x = (x1 - x0 + g * x1) * u + (x3 - x0 + h * x3) * v + x0;
    const y = (y1 - y0 + g * y1) * u + (y3 - y0 + h * y3) * v + y0;
    return [x / depth, y / depth];
  };
}

for (const root of document.querySelectorAll("[data-turnable]")) new Picture(root);
