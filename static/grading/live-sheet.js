// The small sheet beside a form, as it would be printed: asked for while one types, at most twice a second, and never
// before the last answer is there. What is not asked for any more keeps the picture as it is.
import { csrfToken } from "../js/session.js";

const PAUSE = 500; // ms
const ROOM = "(min-width: 80rem)"; // beside the form

export function showLiveSheet(form, more = () => ({})) {
  const fold = document.querySelector("[data-live-sheet]");
  if (!fold) return;
  const pages = fold.querySelector("[data-live-pages]");
  let [timer, asked, shown, isAsking] = [0, 0, "", false];

  function later() {
    if (!fold.open || timer || isAsking) return;
    timer = setTimeout(ask, Math.max(0, asked + PAUSE - Date.now()));
  }

  async function ask() {
    const wanted = typed();
    [timer, asked] = [0, Date.now()];
    if (wanted === shown) return;
    [isAsking, shown] = [true, wanted];
    pages.setAttribute("aria-busy", "true");
    await show(wanted).catch(() => (shown = "")); // it is asked again with the next change
    pages.removeAttribute("aria-busy");
    isAsking = false;
    if (shown && typed() !== shown) later();
  }

  function typed() {
    const fields = new FormData(form);
    for (const [name, value] of Object.entries(more())) fields.set(name, value);
    fields.delete("csrfmiddlewaretoken");
    return new URLSearchParams(fields).toString();
  }

  async function show(body) {
    const headers = {
      "X-CSRFToken": csrfToken(),
      "HX-Request": "true", // who is no longer signed in is told so, not led away
      "Content-Type": "application/x-www-form-urlencoded",
    };
    const answer = await fetch(fold.dataset.liveSheet, { method: "POST", headers, body });
    if (!answer.ok) throw new Error(answer.statusText);
    const said = document.createElement("template");
    said.innerHTML = await answer.text();
    const kept = said.content.querySelector("svg") ? [] : pages.querySelectorAll("svg, .live-page-to-come");
    pages.replaceChildren(said.content, ...kept);
  }

  fold.open = matchMedia(ROOM).matches;
  for (const name of ["input", "change", "focusin"]) form.addEventListener(name, later);
  fold.addEventListener("toggle", later);
  later();
}
