// Pictures come in by dropping, pasting, choosing, the camera or a whole folder; how far they have travelled is shown.
import { Camera, onChosen, onDroppedOrPasted } from "../js/pictures.js";
import { isTooLarge, said, setFiles } from "../js/uploads.js";

const MOST = 2000; // pictures of an album
const form = document.querySelector("[data-ask]");
const part = (name) => form.querySelector(`[data-${name}]`);
const texts = Object.fromEntries(
  [...form.querySelectorAll("[data-say]")].map((one) => [one.dataset.say, one.textContent]),
);
const camera = new Camera(document.querySelector("[data-camera]"), { take, fail: () => say(texts.noCamera) });

function say(sentence) {
  part("problem").hidden = !sentence;
  part("problem").textContent = sentence;
}

function take(...files) {
  if (!files.length) return;
  if (files.length > MOST) return say(texts.tooMany);
  const tooLarge = files.find((file) => isTooLarge(form, file));
  if (tooLarge) return say(`${tooLarge.name}: ${texts.tooLarge}`);
  setFiles(form.elements.images, files);
  [form.elements.name.value] = (files[0].webkitRelativePath || files[0].folder || "").split("/");
  form.requestSubmit();
}

form.addEventListener("htmx:beforeSend", () => busy(true));
form.addEventListener("htmx:xhr:progress", ({ detail }) => sent(detail));
form.addEventListener("htmx:afterRequest", () => busy(false));

function busy(is) {
  part("sending").hidden = !is;
  form.toggleAttribute("aria-busy", is);
  for (const button of form.querySelectorAll("button")) button.disabled = is;
}

function sent({ loaded, total }) {
  const megabytes = (bytes) => (bytes / 1e6).toFixed(1);
  const words = { sent: megabytes(loaded), total: megabytes(total) };
  part("sending").querySelector("progress").value = (100 * loaded) / total;
  part("sent").textContent = loaded === total ? texts.arrived : said(texts.sending, words);
}

part("choose").addEventListener("click", () => form.elements.images.click());
part("folder").addEventListener("click", () => part("directory").click());
part("photo").addEventListener("click", () => (Camera.isThere ? camera.open() : part("capture").click()));
part("photo").hidden = !Camera.isThere && !matchMedia("(pointer: coarse)").matches;
for (const input of [form.elements.images, part("capture"), part("directory")]) onChosen(input, take);
onDroppedOrPasted(part("zone"), take);
