// The wish: a seed of chance, sliders that tell where they stand and where words put them, what the chosen network knows;
// and pictures that bring their settings back when they are dropped.
import { onDroppedOrPasted } from "../js/pictures.js";
import { setFiles } from "../js/uploads.js";

const form = document.querySelector("[data-wish]");
const restore = document.querySelector("[data-restore]");

function showWhatIsKnown(knows) {
  const { edits, styles } = knows[form.elements.model.value] ?? { edits: {}, styles: false };
  for (const part of form.querySelectorAll("[data-needs]")) {
    part.hidden = part.dataset.needs === "styles" ? !styles : !Object.keys(edits).length;
    for (const field of part.querySelectorAll("input, select")) field.disabled = part.hidden;
  }
  for (const field of form.querySelectorAll('[name^="edit_"]')) {
    const ends = edits[field.name.slice("edit_".length)];
    const isKnown = Boolean(ends);
    if (isKnown) [field.min, field.max] = ends;
    if (!field.hasAttribute("value")) field.value = 0; // the middle of a range need not be none
    form.querySelector(`output[for="${field.id}"]`).value = field.value;
    field.disabled = !isKnown;
    field.closest(".slider").hidden = !isKnown;
  }
}

// Other words mean other edits: sliders that nobody moved from where the words had put them go back to the middle.
function forgetWords() {
  const started = JSON.parse(form.elements.started.value || "{}");
  for (const [name, steps] of Object.entries(started)) {
    const slider = form.elements[`edit_${name}`];
    if (steps === null || Number(slider?.value) !== steps) continue;
    slider.value = 0;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    delete started[name];
  }
  form.elements.started.value = JSON.stringify(started);
  for (const sentence of form.querySelectorAll("[data-of-words]")) sentence.hidden = true;
}

function steer() {
  const knows = JSON.parse(document.getElementById("knows").textContent);
  form.addEventListener("input", ({ target }) => {
    const output = target.type === "range" && form.querySelector(`output[for="${target.id}"]`);
    if (output) output.value = target.value;
  });
  form.elements.prompt.addEventListener("input", forgetWords);
  form.elements.model.addEventListener("change", () => showWhatIsKnown(knows));
  form.querySelector("[data-dice]").addEventListener("click", () => {
    form.elements.seed.value = crypto.getRandomValues(new Uint32Array(1))[0];
  });
  form.querySelector("[data-forget-start]")?.addEventListener("click", () => {
    for (const name of ["like_seed", "code"]) form.elements[name].value = "";
    form.querySelector("[data-start]").hidden = true;
  });
  showWhatIsKnown(knows);
}

function takeBack() {
  const input = restore.elements.picture;
  input.addEventListener("change", () => input.files.length && restore.requestSubmit());
  onDroppedOrPasted(restore, (file) => {
    setFiles(input, [file]);
    restore.requestSubmit();
  });
}

if (form) steer();
if (restore) takeBack();
