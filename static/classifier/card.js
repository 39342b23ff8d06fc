// A word of the caption, a line of a list and a box in the picture that mean the same thing light up together.
const card = document.querySelector("[data-card]");

// Of "faces" every face, too.
function partsOf(id) {
  return card.querySelectorAll(`[data-of="${id}"], [data-of^="${id}-"]`);
}

function light(event, isLit) {
  const source = event.target.closest("[data-of]");
  if (!source) return;
  for (const one of partsOf(source.dataset.of)) one.classList.toggle("lit", isLit);
}

for (const name of ["pointerover", "focusin"]) card.addEventListener(name, (event) => light(event, true));
for (const name of ["pointerout", "focusout"]) card.addEventListener(name, (event) => light(event, false));

// What is pressed stays lit: for fingers, and for who wants to compare.
card.addEventListener("click", (event) => {
  const button = event.target.closest("button.thing");
  if (!button) return;
  const isKept = button.getAttribute("aria-pressed") === "false";
  button.setAttribute("aria-pressed", String(isKept));
  for (const one of partsOf(button.dataset.of)) one.classList.toggle("kept", isKept);
});
