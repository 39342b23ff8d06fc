// What every page needs: the theme switch, the same place in the other language, and a fresh page once its job has ended.
const root = document.documentElement;
root.classList.add("live"); // what needs scripts is shown, what stands in for them is not

// Numbers of templates that style sheets need: the Content-Security-Policy allows no style attributes.
function begin(part) {
  for (const cell of part.querySelectorAll("td[data-percent]"))
    cell.style.setProperty("--percent", cell.dataset.percent);
  for (const box of part.querySelectorAll("[data-left]"))
    for (const side of ["left", "top", "width", "height"]) box.style[side] = `${box.dataset[side]}%`;
}
begin(document);
document.body.addEventListener("htmx:load", ({ target }) => begin(target));

document.querySelector("[data-theme-switch]").addEventListener("click", () => {
  const dark = root.dataset.theme
    ? root.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  localStorage.setItem("theme", root.dataset.theme);
});

// How bright paper is in the dark theme
const light = localStorage.getItem("paper-light");
for (const dimmer of document.querySelectorAll("[data-dimmer]")) {
  if (light) dimmer.value = light;
  dimmer.addEventListener("input", () => {
    root.style.setProperty("--chosen-light", dimmer.value);
    localStorage.setItem("paper-light", dimmer.value);
  });
}

document.querySelector("[data-language]").addEventListener("submit", (event) => {
  event.target.elements.next.value = location.pathname + location.search + location.hash;
});

// To load anything now would take back the link that was just followed; one that leads to a file leaves the page here.
const LONG_GONE = 5000; // ms
let leftAt = Number.NEGATIVE_INFINITY;
addEventListener("beforeunload", () => (leftAt = performance.now()));
addEventListener("pageshow", () => (leftAt = Number.NEGATIVE_INFINITY));
export const isLeaving = () => performance.now() - leftAt < LONG_GONE;

document.body.addEventListener("job-ended", () => {
  const waiting = document.querySelector("[data-reload-when-job-ends]");
  if (isLeaving() || !waiting) return;
  if (waiting.dataset.reloadWhenJobEnds) location.replace(waiting.dataset.reloadWhenJobEnds);
  else location.reload();
});
