// A drawing: strokes on a sheet of 800 × 600, whatever the screen. Every change can be undone, clearing it too.
export const WIDE = 800;
export const HIGH = 600;
const SENT = 0.5; // of the sheet's size is enough to read it, and quick to pack and to unpack
const KEPT = "digits-drawing";

export class Drawing {
  past = [];
  future = [];
  now = { strokes: [], sheet: 0 };
  sheets = 0;
  readings = new Map(); // sheet → the reading that the next answer to it replaces

  get strokes() {
    return this.now.strokes;
  }
  get sheet() {
    return this.now.sheet;
  }
  get isEmpty() {
    return !this.strokes.some((stroke) => !stroke.erases);
  }

  // A stroke grows while it is drawn: {points: [[x, y, pressure], …], width, erases}.
  begin(stroke) {
    this.change({ strokes: [...this.strokes, stroke], sheet: this.sheet });
  }
  clear() {
    if (this.strokes.length) this.change({ strokes: [], sheet: ++this.sheets });
  }

  change(next) {
    this.past.push(this.now);
    this.future = [];
    this.now = next;
  }

  undo() {
    this.step(this.past, this.future);
  }
  redo() {
    this.step(this.future, this.past);
  }

  step(from, to) {
    if (!from.length) return;
    to.push(this.now);
    this.now = from.pop();
  }

  paint(context, scale) {
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, context.canvas.width, context.canvas.height);
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.lineCap = context.lineJoin = "round";
    for (const stroke of this.strokes) trace(context, stroke);
  }

  // A small PNG, dark on white, in any theme. Not by toBlob, which waits until the page has nothing else to do.
  toPicture() {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [WIDE * SENT, HIGH * SENT];
    const context = canvas.getContext("2d", { willReadFrequently: true });
    this.paint(context, SENT);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.globalCompositeOperation = "destination-over";
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    const bytes = atob(canvas.toDataURL("image/png").split(",")[1]);
    return new Blob([Uint8Array.from(bytes, (byte) => byte.charCodeAt(0))], { type: "image/png" });
  }

  // The drawing survives a reload; where the browser keeps nothing it is still on the screen.
  keep() {
    const kept = { strokes: this.strokes, reading: this.readings.get(this.sheet) };
    stored(() => sessionStorage.setItem(KEPT, JSON.stringify(kept)));
  }

  restore() {
    const { strokes = [], reading } = stored(() => JSON.parse(sessionStorage.getItem(KEPT))) ?? {};
    this.now = { strokes, sheet: 0 };
    this.readings.set(0, reading);
  }
}

// A browser may be told to keep nothing, or have no room left.
function stored(act) {
  try {
    return act();
  } catch (error) {
    console.warn(error);
    return null;
  }
}

// Curves through the middles between the points, so that a quick hand draws no corners.
function trace(context, { points, width, erases }) {
  context.globalCompositeOperation = erases ? "destination-out" : "source-over";
  let [fromX, fromY] = points[0];
  for (let place = 0; place < points.length; place++) {
    const [x, y, pressure] = points[place];
    const [nextX, nextY] = points[place + 1] ?? points[place];
    const [toX, toY] = [(x + nextX) / 2, (y + nextY) / 2];
    context.lineWidth = width * pressure;
    context.beginPath();
    context.moveTo(fromX, fromY);
    context.quadraticCurveTo(x, y, toX, toY);
    context.stroke();
    [fromX, fromY] = [toX, toY];
  }
}
