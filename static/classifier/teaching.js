import { Burst, Trial } from "./webcam.js";

// Pictures are sent as soon as they are dropped on a class or chosen for it.
for (const form of document.querySelectorAll("[data-drop]")) listen(form);

function listen(form) {
  const input = form.querySelector("input[type=file]");
  const target = form.closest(".class") ?? form; // the class, not the bare form, is what people aim at
  for (const name of ["dragover", "dragleave", "drop"]) {
    target.addEventListener(name, (event) => {
      event.preventDefault();
      form.classList.toggle("over", name === "dragover");
      if (name === "drop") choose(input, event.dataTransfer.files);
    });
  }
  // A class that has no name yet waits for its button.
  input.addEventListener("change", () => {
    const isZip = [...input.files].some((file) => file.name.toLowerCase().endsWith(".zip"));
    if (isZip || form.elements.label?.value !== "") form.requestSubmit();
  });
}

function choose(input, files) {
  if (!files.length) return;
  input.files = files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

const burst = document.querySelector("[data-burst]");
if (burst) new Burst(burst, choose);
const trial = document.querySelector("[data-trial]");
if (trial) new Trial(trial);
