// The frame of every page: the rail that folds, menus that close, the list of jobs, toasts, the camera's place.
const root = document.documentElement;
const SHOWN_MS = 6000; // how long a toast stays that asks for nothing
const OFFERED_MS = 10000; // and one that offers something, as to undo it
const KINDS = { error: "circle-alert", warning: "triangle-alert", success: "circle-check", info: "info" };

// --- the rail
const fold = document.querySelector("[data-fold]");
function showFold() {
  const isFolded = root.dataset.rail === "folded";
  fold.setAttribute("aria-pressed", String(isFolded));
  for (const place of document.querySelectorAll(".rail :is(a, button)"))
    place.title = isFolded ? place.textContent.trim() : ""; // the words are out of sight then
}
fold?.addEventListener("click", () => {
  if (root.dataset.rail === "folded") delete root.dataset.rail;
  else root.dataset.rail = "folded";
  localStorage.setItem("rail", root.dataset.rail ?? "open");
  showFold();
});
if (fold) showFold();

// --- menus: details that close when one turns elsewhere
const menus = [...document.querySelectorAll("[data-menu]")];
document.addEventListener("click", (event) => {
  for (const menu of menus) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && menus.find((one) => one.open);
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
for (const menu of menus)
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });

// --- jobs: their list is asked for while it is open (live.js)
const jobs = document.querySelector("[data-jobs]");
jobs?.addEventListener("toggle", () => {
  document.querySelector("#jobs-open").value = jobs.open ? "1" : "";
  if (jobs.open) document.dispatchEvent(new Event("jobs-opened"));
});

// --- toasts; for scripts: document.dispatchEvent(new CustomEvent("toast", { detail: { text, kind, action } }))
const toasts = document.querySelector("[data-toasts]");
function watch(toast) {
  toast.querySelector("[data-toast-close]").addEventListener("click", () => toast.remove());
  if (toast.matches(".error, .warning")) return; // stays until it is closed
  let timer;
  const begin = () => {
    clearTimeout(timer);
    timer = setTimeout(() => toast.remove(), toast.querySelector("form, a[href]") ? OFFERED_MS : SHOWN_MS);
  };
  for (const event of ["pointerenter", "focusin"]) toast.addEventListener(event, () => clearTimeout(timer));
  for (const event of ["pointerleave", "focusout"]) toast.addEventListener(event, begin);
  begin();
}
function show({ text, kind = "info", action }) {
  const toast = document
    .querySelector("[data-toast-template]")
    .content.querySelector("[data-toast]")
    .cloneNode(true);
  toast.classList.replace("info", kind);
  if (kind === "error") toast.role = "alert";
  toast.querySelector("[data-toast-text]").textContent = text;
  const drawing = toast.querySelector("use");
  drawing.setAttribute("href", drawing.getAttribute("href").replace(/#.*/, `#${KINDS[kind]}`));
  if (action) toast.querySelector("[data-toast-action]").append(action); // a button or a form, as for undo
  toasts.append(toast);
  watch(toast);
}
document.addEventListener("toast", (event) => show(event.detail));
const said = [...toasts.children];
for (const toast of said) watch(toast);
setTimeout(() => toasts.append(...said.filter((toast) => toast.isConnected)), 100); // what comes into a live region is read out

// --- the camera's place in the bar of phones leads to the page of pictures, and there to its button
function openCamera() {
  if (location.hash !== "#camera") return;
  history.replaceState(null, "", location.pathname + location.search);
  document.querySelector("[data-photo]:not([hidden])")?.click();
}
addEventListener("load", openCamera); // after the page's own script
addEventListener("hashchange", openCamera);
