// What every page needs: the theme switch, and a fresh page once its job has ended.
const root = document.documentElement;

document.querySelector("[data-theme-switch]").addEventListener("click", () => {
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  localStorage.setItem("theme", root.dataset.theme);
});

document.body.addEventListener("job-ended", () => {
  if (document.querySelector("[data-reload-when-job-ends]")) location.reload();
});
