// The search of the top line: a field with choices below it, opened by / or Ctrl K. Focus stays in the field.
const dialog = document.querySelector("[data-search]");
const field = dialog?.querySelector("[role=combobox]");
const list = dialog?.querySelector("[role=listbox]");
const choices = () => [...list.querySelectorAll("[role=option]")];
const chosen = () => list.querySelector("[aria-selected=true]");

function open() {
  if (dialog.open) return;
  dialog.showModal();
  field.select();
  window.htmx.trigger(field, "search-opened");
}

function choose(choice) {
  chosen()?.setAttribute("aria-selected", "false");
  choice?.setAttribute("aria-selected", "true");
  choice?.scrollIntoView({ block: "nearest" });
  if (choice) field.setAttribute("aria-activedescendant", choice.id);
  else field.removeAttribute("aria-activedescendant");
}

function move(step) {
  const all = choices();
  const place = chosen() ? all.indexOf(chosen()) + step : Math.min(step, 0); // none yet: the first, or the last
  choose(all.at(place % all.length));
}

function isTyping({ target }) {
  return target.closest("input, textarea, select, [contenteditable], [role=application], dialog");
}

if (dialog) {
  document.querySelector("[data-search-open]").addEventListener("click", (event) => {
    event.preventDefault();
    open();
  });
  document.addEventListener("keydown", (event) => {
    const isWanted = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k";
    if (!isWanted && (event.key !== "/" || event.ctrlKey || event.altKey || isTyping(event))) return;
    event.preventDefault();
    open();
  });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      move(step);
    } else if (event.key === "Enter" && chosen()) {
      event.preventDefault();
      location.assign(chosen().dataset.href);
    }
  });
  list.addEventListener("click", ({ target, ctrlKey, metaKey }) => {
    const choice = target.closest("[role=option]");
    if (choice && (ctrlKey || metaKey)) window.open(choice.dataset.href);
    else if (choice) location.assign(choice.dataset.href);
  });
  list.addEventListener("htmx:afterSwap", () => choose(field.value.trim() ? choices()[0] : null));
  dialog.querySelector("[data-search-close]").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close()); // beside it
}
