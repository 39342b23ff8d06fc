// Corrections from the keyboard, on the page of a paper and in the review of all of them.
import { rove } from "../js/roving.js";
import "./dialogs.js";

const fields = () => [...document.querySelectorAll("[data-answer] input[name=value]")];
const keys = document.getElementById("keys");

function show(field) {
  const pk = field.closest("[data-answer]").dataset.answer;
  document.querySelector(".reading.current")?.classList.remove("current");
  const reading = document.querySelector(`[data-reading="${pk}"]`);
  reading?.classList.add("current");
  rove(reading); // Tab finds on the picture what is being answered
  reading?.scrollIntoView({ block: "nearest" });
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
  } else if (field && event.key === "Escape") {
    field.value = field.dataset.value;
  }
});

document.addEventListener("focusin", (event) => {
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

const first = fields().find(isDoubtful);
if (first && !location.hash) {
  first.focus({ preventScroll: true });
  first.select();
}
