// Corrections from the keyboard, on the page of a paper and in the review of all of them.
import "./dialogs.js";

const fields = () => [...document.querySelectorAll("[data-answer] input[name=value]")];
const keys = document.getElementById("keys");

function show(field) {
  const pk = field.closest("[data-answer]").dataset.answer;
  document.querySelector(".reading.current")?.classList.remove("current");
  const reading = document.querySelector(`[data-reading="${pk}"]`);
  reading?.classList.add("current");
  reading?.scrollIntoView({ block: "nearest" });
}

// One answer at a time is current and has tab stops, that which had the focus last; arrows go to the others, and so do
// the readings on the picture by mouse.
const STOPS = "[data-answers] :is(a, input, button:not([data-option])), [data-reading]";

function giveTabStops(answer) {
  for (const one of document.querySelectorAll("[data-answers] [data-answer]"))
    one.toggleAttribute("data-current", one === answer);
  for (const stop of document.querySelectorAll(STOPS)) stop.tabIndex = answer.contains(stop) ? 0 : -1;
}

function go(field, step, wanted = () => true) {
  const all = fields();
  for (let place = all.indexOf(field) + step; all[place]; place += step) {
    if (wanted(all[place])) {
      all[place].focus();
      all[place].select();
      return;
    }
  }
}

const isDoubtful = (field) => field.dataset.state === "review";

function save(field) {
  const form = field.form;
  const isNews = field.value.trim() !== field.dataset.value || isDoubtful(field);
  go(field, 1, document.querySelector("input[data-state=review]") ? isDoubtful : undefined);
  if (isNews) form.requestSubmit();
}

document.addEventListener("keydown", (event) => {
  const field = event.target.closest("[data-answer] input[name=value]");
  if (event.key === "?" && !event.target.closest("textarea, [name=student]")) {
    event.preventDefault();
    keys.open ? keys.close() : keys.showModal();
  } else if (event.key === "PageDown" || event.key === "PageUp") {
    const link = document.querySelector(`main a[rel=${event.key === "PageDown" ? "next" : "prev"}]`);
    if (link) {
      event.preventDefault();
      link.click();
    }
  } else if (field && event.key === "Enter") {
    event.preventDefault();
    save(field);
  } else if (field && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    go(field, event.key === "ArrowDown" ? 1 : -1);
  } else if (field && event.key === "Escape") {
    field.value = field.dataset.value;
  }
});

document.addEventListener("focusin", (event) => {
  const answer = event.target.closest("[data-answer]");
  if (answer) giveTabStops(answer);
  if (event.target.matches("[data-answer] input[name=value]")) show(event.target);
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-keys]")) keys.showModal();
  const option = event.target.closest("[data-option]");
  const reading = event.target.closest("[data-reading]");
  if (option) {
    const field = option.closest("form").querySelector("[name=value]");
    field.value = option.dataset.option;
    save(field);
  } else if (reading) {
    event.preventDefault();
    const field = document.querySelector(`#answer-${reading.dataset.reading} [name=value]`);
    field?.focus();
    field?.select();
  }
});

document.addEventListener("htmx:load", () => {
  const current = document.activeElement.closest("[data-answer]") ?? document.querySelector("[data-answer]");
  if (current) giveTabStops(current);
});

const first = fields().find(isDoubtful);
if (first && !location.hash) {
  first.focus({ preventScroll: true });
  first.select();
}
