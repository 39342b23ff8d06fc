// Runs before the first paint: the chosen theme, else the system's, how bright paper is in the dark, and whether the rail is folded.
const chosen = localStorage.getItem("theme");
if (chosen) document.documentElement.dataset.theme = chosen;
const light = localStorage.getItem("paper-light");
if (light) document.documentElement.style.setProperty("--chosen-light", light);
if (localStorage.getItem("rail") === "folded") document.documentElement.dataset.rail = "folded";
