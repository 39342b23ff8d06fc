// The page of digits: the canvas on one side, what the network says on the other.
import { Problem } from "../js/api.js";
import { Camera, onChosen, onDroppedOrPasted, smaller } from "../js/pictures.js";
import { showShare } from "../js/share.js";
import { Answer } from "./answer.js";
import { DigitsApi, Live } from "./asking.js";
import { Drawing, WIDE } from "./drawing.js";
import { Pen } from "./pen.js";

const root = document.querySelector("[data-digits]");
const part = (name) => root.querySelector(`[data-${name}]`);
const texts = Object.fromEntries(
  [...root.querySelectorAll("[data-say]")].map((one) => [one.dataset.say, one.textContent]),
);
const form = part("upload");
const canvas = part("canvas");
const drawing = new Drawing();
const api = new DigitsApi(root.dataset.api, texts);
const answer = new Answer(part("answer"), part("boxes"), texts, correct);
const live = new Live(api, drawing, { show: showDrawn, fail, busy });
const pen = new Pen(canvas, drawing, { tools, changed, moved });
const camera = new Camera(document.querySelector("[data-camera]"), {
  take,
  fail: () => fail(new Problem(texts.noCamera), null),
});

let again = null; // what the button "Try again" does
let drawn = null; // the last answer to the drawing, while a picture is shown
let isPainting = false;

function tools() {
  return {
    width: Number(part("width").value),
    erases: part("eraser").getAttribute("aria-pressed") === "true",
  };
}

function paint() {
  isPainting = false;
  drawing.paint(canvas.getContext("2d"), canvas.width / WIDE);
}

// Ink on the screen first; the question goes out with the end of a stroke, and now and then before.
function changed(hasEnded) {
  if (!isPainting) requestAnimationFrame(paint);
  isPainting = true;
  root.classList.toggle("empty", drawing.isEmpty);
  part("said").setAttribute("aria-busy", String(!hasEnded));
  live.want(hasEnded);
  if (!hasEnded) return;
  drawing.keep();
  showTools();
  if (drawing.isEmpty) {
    drawn = null;
    solved();
    answer.clear(texts.start);
  }
}

function showTools() {
  part("undo").disabled = !drawing.past.length;
  part("redo").disabled = !drawing.future.length;
  part("clear").disabled = !drawing.strokes.length;
}

function moved(place, isDown) {
  const cursor = part("cursor");
  cursor.hidden = !place;
  if (!place) return;
  cursor.style.translate = `${(place[0] / WIDE) * canvas.clientWidth}px ${(place[1] / WIDE) * canvas.clientWidth}px`;
  cursor.classList.toggle("down", isDown);
  const words = isDown ? texts.penDown : texts.penUp;
  if (part("pen").textContent !== words) part("pen").textContent = words;
}

function showDrawn(reading) {
  drawn = reading;
  if (root.dataset.mode === "drawing") show(reading);
}

function show(reading) {
  solved();
  answer.show(reading);
  for (const [name, path] of [
    ["inside", "layers"],
    ["page", ""],
  ])
    part(name).href = `${root.dataset.page}${reading.id}/${path}`;
  part("inside").hidden = !reading.digits.length;
  showShare(part("share"), reading.share_url);
  drawing.keep();
}

function busy(is) {
  part("answer").setAttribute("aria-busy", String(is));
}

function fail(problem, retry = () => live.want(true)) {
  again = retry;
  part("problem").hidden = false;
  part("sentence").textContent = problem.message;
  part("retry").hidden = !retry;
}

function solved() {
  part("problem").hidden = true;
}

// Runs what asks the server; what goes wrong becomes a sentence and a button.
async function attempt(act) {
  try {
    await act();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    fail(problem, problem.status === 400 ? null : () => attempt(act));
  }
}

function correct(text) {
  const { now } = drawing;
  attempt(async () => {
    await live.settled();
    const { reading } = answer;
    if (drawing.now !== now) return; // it was meant for what stood there before
    const { text: stands, right_text } = await api.correct(reading, text);
    Object.assign(reading, { text: stands, right_text });
    if (answer.reading === reading) show(reading);
  });
}

function take(file) {
  attempt(async () => {
    const picture = await smaller(file);
    setMode("picture");
    solved();
    answer.clear(texts.reading);
    preview(URL.createObjectURL(picture));
    busy(true);
    try {
      const reading = await api.read(picture, { source: "upload", saliency: true });
      preview(`${root.dataset.page}${reading.id}/picture`);
      show(reading);
    } catch (problem) {
      answer.clear(texts.start);
      setMode("drawing");
      throw problem;
    } finally {
      busy(false);
    }
  });
}

function preview(url) {
  const picture = part("picture");
  URL.revokeObjectURL(picture.src);
  picture.src = url;
}

function setMode(mode) {
  if (root.dataset.mode === mode) return;
  root.dataset.mode = mode;
  part("stage").classList.toggle("with-picture", mode === "picture");
  for (const one of root.querySelectorAll("[data-only]")) one.hidden = one.dataset.only !== mode;
  if (mode === "drawing") drawn ? show(drawn) : answer.clear(texts.start);
}

function step(change) {
  if (pen.isDown) return;
  setMode("drawing");
  change();
  changed(true);
}

const acts = {
  undo: () => step(() => drawing.undo()),
  redo: () => step(() => drawing.redo()),
  clear: () => step(() => drawing.clear()),
};

function shortcut(event) {
  const key = event.key.toLowerCase();
  if (event.ctrlKey || event.metaKey) {
    if (key === "z") return event.shiftKey ? acts.redo : acts.undo;
    return key === "y" ? acts.redo : null;
  }
  if (event.altKey || !root.contains(event.target)) return null;
  if (key === "delete" || key === "escape") return acts.clear;
  if (/^[0-9.,+=-]$/.test(key)) return () => answer.say(key);
  return key === "enter" && !event.target.closest("button, a, summary") ? () => answer.confirm() : null;
}

document.addEventListener("keydown", (event) => {
  if (
    event.target.closest("dialog") ||
    event.target.closest("input:not([type=range], [type=checkbox]), textarea")
  )
    return;
  const act = shortcut(event);
  if (!act) return;
  event.preventDefault();
  act();
});

for (const [name, act] of Object.entries(acts)) part(name).addEventListener("click", act);
part("eraser").addEventListener("click", () =>
  part("eraser").setAttribute("aria-pressed", String(!tools().erases)),
);
part("width").addEventListener("input", () => {
  part("dot").style.scale = String(part("width").value / part("width").max);
});
part("retry").addEventListener("click", () => {
  solved();
  again?.();
});
part("resume").addEventListener("click", () => {
  setMode("drawing");
  canvas.focus();
});
part("choose").addEventListener("click", () => form.elements.image.click());
part("photo").addEventListener("click", () => (Camera.isThere ? camera.open() : part("capture").click()));
part("share").addEventListener("click", async (event) => {
  if (!event.target.closest("[data-share-on], [data-share-off]")) return;
  await attempt(async () => {
    await live.settled();
    const { reading } = answer;
    reading.share_url = event.target.closest("[data-share-on]")
      ? (await api.share(reading)).share_url
      : await api.unshare(reading);
    showShare(part("share"), reading.share_url);
  });
});
for (const name of ["inside", "page"]) {
  part(name).addEventListener("click", async (event) => {
    if (!live.isAsking) return;
    event.preventDefault(); // the answer to come has another page
    await live.settled();
    location.assign(part(name).href);
  });
}
addEventListener("online", () => {
  if (!part("problem").hidden) part("retry").click();
});
for (const input of [form.elements.image, part("capture")]) onChosen(input, take);
onDroppedOrPasted(part("stage"), take);

part("photo").hidden = !Camera.isThere && !matchMedia("(pointer: coarse)").matches;
drawing.restore();
showTools();
paint();
root.classList.toggle("empty", drawing.isEmpty);
if (!drawing.isEmpty) live.resume();
