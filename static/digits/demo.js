// The sheet of the first page: what is drawn is sent with its form after each stroke.
import { setFiles } from "../js/uploads.js";
import { Drawing, WIDE } from "./drawing.js";
import { Pen } from "./pen.js";

const INK = { width: 34, erases: false };
const root = document.querySelector("[data-digits-demo]");
const form = root.closest("form");
const canvas = root.querySelector("[data-canvas]");
const drawing = new Drawing();

function changed(hasEnded) {
  requestAnimationFrame(() => drawing.paint(canvas.getContext("2d"), canvas.width / WIDE));
  if (!hasEnded) return;
  if (drawing.isEmpty) return form.querySelector(".demo-answer").replaceChildren();
  setFiles(form.elements.image, [new File([drawing.toPicture()], "drawing.png", { type: "image/png" })]);
  form.requestSubmit();
}

new Pen(canvas, drawing, { tools: () => INK, changed, moved: () => {} });
root.querySelector("[data-clear]").addEventListener("click", () => {
  drawing.clear();
  changed(true);
});
