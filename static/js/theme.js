// Runs before the first paint: the chosen theme, else the system's, and whether the rail is folded.
const chosen = localStorage.getItem("theme");
if (chosen) document.documentElement.dataset.theme = chosen;
if (localStorage.getItem("rail") === "folded") document.documentElement.dataset.rail = "folded";
