// Mouse, pen, finger and keyboard on the canvas, all become strokes of the drawing.
import { HIGH, WIDE } from "./drawing.js";

const STEP = 12; // of the keyboard's pen, on the sheet
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const ERASER_END = 32; // of a pen: `PointerEvent.buttons`

export class Pen {
  stroke = null;
  pointer = null;
  place = [WIDE / 2, HIGH / 2];

  // tools() gives {width, erases}; changed(hasEnded) is called whenever ink is added; moved(place, isDown) by keyboard.
  constructor(canvas, drawing, { tools, changed, moved }) {
    Object.assign(this, { canvas, drawing, tools, changed, moved });
    canvas.addEventListener("pointerdown", (event) => this.down(event));
    canvas.addEventListener("pointermove", (event) => this.move(event));
    for (const name of ["pointerup", "pointercancel"])
      canvas.addEventListener(name, (event) => this.up(event));
    canvas.addEventListener("keydown", (event) => this.key(event));
    canvas.addEventListener("focus", () =>
      this.moved(canvas.matches(":focus-visible") ? this.place : null, false),
    );
    canvas.addEventListener("blur", () => {
      this.lift();
      this.moved(null, false);
    });
  }

  get isDown() {
    return this.stroke !== null;
  }

  down(event) {
    if (this.isDown || (event.button > 0 && !(event.buttons & ERASER_END))) return;
    event.preventDefault();
    this.canvas.focus({ preventScroll: true });
    this.canvas.setPointerCapture(event.pointerId);
    this.pointer = event.pointerId;
    this.moved(null, false);
    this.begin(this.spot(event), Boolean(event.buttons & ERASER_END));
  }

  move(event) {
    if (!this.isDown || event.pointerId !== this.pointer) return;
    const events = event.getCoalescedEvents?.() ?? [];
    for (const one of events.length ? events : [event]) this.stroke.points.push(this.spot(one));
    this.changed(false);
  }

  up(event) {
    if (event.pointerId === this.pointer) this.lift();
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = ARROWS[event.key];
    if (arrow) {
      event.preventDefault();
      this.walk(arrow, event.shiftKey ? 4 * STEP : STEP);
    } else if (event.key === " ") {
      event.preventDefault();
      this.isDown ? this.lift() : this.begin([...this.place, 1], false);
      this.moved(this.place, this.isDown);
    }
  }

  walk([across, down], step) {
    const [x, y] = this.place;
    this.place = [clamp(x + across * step, WIDE), clamp(y + down * step, HIGH)];
    if (this.isDown) {
      this.stroke.points.push([...this.place, 1]);
      this.changed(false);
    }
    this.moved(this.place, this.isDown);
  }

  begin(spot, isEraserEnd) {
    const { width, erases } = this.tools();
    this.stroke = { points: [spot], width, erases: erases || isEraserEnd };
    this.drawing.begin(this.stroke);
    this.changed(false);
  }

  lift() {
    if (!this.isDown) return;
    this.stroke = this.pointer = null;
    this.changed(true);
  }

  spot(event) {
    const box = this.canvas.getBoundingClientRect();
    const x = ((event.clientX - box.left) * WIDE) / box.width;
    const y = ((event.clientY - box.top) * HIGH) / box.height;
    const pressure = event.pointerType === "pen" && event.pressure ? 0.4 + 1.2 * event.pressure : 1;
    return [round(x), round(y), round(pressure)];
  }
}

const clamp = (value, most) => Math.min(Math.max(value, 0), most);
const round = (value) => Math.round(value * 10) / 10;
