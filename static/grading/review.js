// Doubts worked off from the keyboard: one at a time, several together, all at once; and taken back.
import { Api } from "../js/api.js";
import { enlarge as showLarge, zoom } from "./dialogs.js";

const form = document.querySelector("[data-review]");
const keys = document.getElementById("keys");

if (form) begin(form);
else beginStudents();

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-keys]")) keys?.showModal();
});

function begin(form) {
  const texts = document.querySelector("[data-form-texts]").dataset;
  const api = new Api("", { ...texts, offline: texts.server, tooMany: texts.server, tooBig: texts.server });
  const cards = [...form.querySelectorAll("[data-doubt]")];
  const undoButton = document.querySelector("[data-undo]");
  const left = document.querySelector("[data-left-count]");
  const bar = document.querySelector(".review-progress progress");
  const memory = `review-${form.dataset.exam}`; // what can be taken back, also from the next group's page
  const saves = JSON.parse(sessionStorage.getItem(memory) ?? "[]");
  const chosen = new Set();
  let current = null;
  let isGoneOn = false; // by itself, since one key was the answer: who types Enter after it means what they typed
  let sending = Promise.resolve();

  const fieldOf = (card) => card.querySelector("input[name^=value-]");
  const wasOf = (card) => card.querySelector("input[name^=was-]").value;
  const standsAt = (card) => card.dataset.stands ?? wasOf(card); // as far as this page knows
  const isOpen = (card) => !card.dataset.state;
  const isSaved = (card) => card.dataset.state === "saved";
  const options = (card) => [...card.querySelectorAll("[data-option]")].map((one) => one.dataset.option);
  const isEdited = (card) => fieldOf(card).value !== wasOf(card);

  // --- where one is

  function show(card) {
    current?.classList.remove("current");
    current = card;
    card.classList.add("current");
    const about = document.querySelector("[data-about]");
    const link = about.querySelector("a[data-who]");
    link.textContent = card.dataset.who;
    link.href = card.dataset.href;
    about.querySelector("[data-why]").textContent = card.dataset.why;
    about.querySelector("[data-evidence]").href = card.dataset.evidence;
    const picture = about.querySelector(".picture");
    picture.hidden = !card.dataset.picture;
    if (picture.hidden) return;
    picture.querySelector("img").src = card.dataset.picture;
    const place = card.dataset.place.trim().split(" ");
    for (const [at, side] of ["left", "top", "width", "height"].entries())
      picture.querySelector("[data-place]").style[side] = `${place[at]}%`;
  }

  function go(card) {
    if (!card) return;
    fieldOf(card).focus({ preventScroll: true });
    fieldOf(card).select();
    card.scrollIntoView({ block: "nearest" });
  }

  const beside = (card, step) => cards[cards.indexOf(card) + step];

  function nextOpen(card) {
    const at = cards.indexOf(card);
    return [...cards.slice(at + 1), ...cards.slice(0, at)].find(isOpen);
  }

  function choose(card, is = true) {
    is ? chosen.add(card) : chosen.delete(card);
    card.classList.toggle("chosen", is);
    const said = form.querySelector("[data-selected]");
    said.hidden = chosen.size < 2;
    said.textContent = `${chosen.size} / ${cards.length}`;
  }

  function chooseNone() {
    for (const card of chosen) choose(card, false);
  }

  // --- saving

  function save(some) {
    for (const card of some) say(card, "saving", form.dataset.saved);
    chooseNone();
    const next = nextOpen(some.at(-1));
    if (next) go(next);
    sending = sending.then(() => send(some)).then(() => cards.every(isSaved) && leave());
  }

  // Written answers that nobody gave points stay: the first of them says so, where there is nothing else.
  function saveAll() {
    const open = cards.filter(isOpen);
    const given = open.filter((card) => card.dataset.kind !== "open" || fieldOf(card).value.trim());
    save(given.length ? given : open.slice(0, 1));
  }

  async function send(some) {
    const answers = some.map((card) => ({
      paper: Number(card.dataset.paper),
      item: Number(card.dataset.item),
      value: fieldOf(card).value.trim(),
      was: standsAt(card),
    }));
    try {
      const done = await api.call("PATCH", form.dataset.answersUrl, JSON.stringify({ answers }));
      const byPlace = new Map(some.map((card) => [`${card.dataset.paper} ${card.dataset.item}`, card]));
      for (const { paper, item, value } of done.saved) settle(byPlace.get(`${paper} ${item}`), value);
      for (const { paper, item, detail } of done.refused) refuse(byPlace.get(`${paper} ${item}`), detail);
      if (done.corrections.length) remember(done.corrections, some);
    } catch (problem) {
      for (const card of some) refuse(card, problem.message);
    }
  }

  function settle(card, value) {
    fieldOf(card).value = card.dataset.stands = value;
    say(card, "saved", form.dataset.saved);
    if (!card.dataset.done) count(-1); // it may be saved once more
    card.dataset.done = "yes";
  }

  function refuse(card, sentence) {
    say(card, "", sentence);
    fieldOf(card).setAttribute("aria-invalid", "true");
    go(card);
  }

  function say(card, state, sentence) {
    card.dataset.state = state;
    card.querySelector(".said").textContent = sentence;
    if (state) fieldOf(card).removeAttribute("aria-invalid");
  }

  function count(change) {
    left.textContent = Number(left.textContent) + change;
    bar.value -= change;
  }

  function leave() {
    location.assign(form.dataset.next);
  }

  // --- taking back

  function remember(corrections, some) {
    saves.push({
      corrections,
      group: form.elements.group.value,
      cards: some.map((card) => card.dataset.doubt),
    });
    keep();
  }

  function keep() {
    sessionStorage.setItem(memory, JSON.stringify(saves.slice(-50)));
    if (undoButton) undoButton.disabled = !saves.length;
  }

  async function undo() {
    await sending;
    const last = saves.pop();
    if (!last) return;
    keep();
    let undone;
    try {
      const body = JSON.stringify({ corrections: last.corrections });
      undone = (await api.call("POST", form.dataset.undoUrl, body)).answers;
    } catch (problem) {
      return say(current, current.dataset.state ?? "", problem.message);
    }
    const here = cards.filter((card) => last.cards.includes(card.dataset.doubt));
    const isAllHere = here.length === last.cards.length && undone.length >= here.length;
    if (!isAllHere) return location.assign(`?group=${last.group}`);
    const byPlace = new Map(undone.map((answer) => [`${answer.paper} ${answer.item}`, answer]));
    for (const card of here) unsettle(card, byPlace.get(`${card.dataset.paper} ${card.dataset.item}`));
    go(here[0]);
  }

  // What was saved before, or what was read.
  function unsettle(card, answer) {
    fieldOf(card).value = card.dataset.stands = answer?.value ?? wasOf(card);
    if (answer?.state === "corrected") return say(card, "saved", form.dataset.undone);
    say(card, "", form.dataset.undone);
    if (card.dataset.done) count(1);
    delete card.dataset.done;
  }

  // --- keys

  // One key is the answer where all options are single characters and one of them is asked for.
  function isWhole(card) {
    const { kind, width } = card.dataset;
    const value = fieldOf(card).value.trim().toUpperCase();
    const labels = options(card).map((option) => option.toUpperCase());
    if (["choice", "ox"].includes(kind))
      return labels.every((one) => one.length === 1) && labels.includes(value);
    if (kind === "letter") return /^[A-Z]$/.test(value);
    return kind === "digits_grid" || kind === "number"
      ? /^\d+$/.test(value) && value.length === Number(width)
      : false;
  }

  // A row of the rubric, of which an answer can have several.
  const isRow = (card, option) => card.dataset.kind === "open" && /^[a-z]$/.test(option);

  function toggle(card, mark) {
    const field = fieldOf(card);
    const marks = new Set(field.value.match(/[a-z]/g) ?? []);
    marks.has(mark) ? marks.delete(mark) : marks.add(mark);
    field.value = [...marks].sort().join("+");
    if (card.dataset.state) say(card, "", "");
    field.focus();
  }

  function put(card, value) {
    for (const one of chosen.size > 1 ? chosen : [card]) fieldOf(one).value = value;
    save(chosen.size > 1 ? [...chosen] : [card]);
  }

  const handlers = {
    Enter: (card, event) => {
      if (event.shiftKey) return cards.some(isOpen) && saveAll();
      put(card, fieldOf(card).value);
    },
    ArrowDown: (card, event) => move(card, 1, event),
    ArrowUp: (card, event) => move(card, -1, event),
    Delete: (card) => put(card, ""),
    Escape: (card) => {
      fieldOf(card).value = wasOf(card);
      fieldOf(card).select();
      chooseNone();
    },
    " ": (card) => enlarge(card),
  };

  function move(card, step, event) {
    const next = beside(card, step);
    if (!next) return;
    if (event.shiftKey) {
      choose(card);
      choose(next);
    } else chooseNone();
    go(next);
  }

  function enlarge(card) {
    const source = card.querySelector("img");
    if (!source) return;
    showLarge(`${source.getAttribute("src")}?wide=true`, source.alt);
  }

  document.addEventListener("keydown", (event) => {
    if (zoom?.open) {
      if (event.key !== " ") return;
      event.preventDefault();
      zoom.close();
      return;
    }
    const isUndo = event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey);
    const card = event.target.closest("[data-doubt]");
    const isTyping = card && event.target === fieldOf(card) && isEdited(card) && isOpen(card);
    if (event.key === "?") {
      event.preventDefault();
      keys.open ? keys.close() : keys.showModal();
    } else if (isUndo && !isTyping) {
      event.preventDefault();
      undo();
    } else if (isGoneOn && event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
    } else if (card && event.target === fieldOf(card) && !event.isComposing && handlers[event.key]) {
      if (form.querySelector("[readonly]") && ["Enter", "Delete"].includes(event.key)) return;
      event.preventDefault();
      handlers[event.key](card, event);
    }
    isGoneOn = false;
  });

  form.addEventListener("input", (event) => {
    const card = event.target.closest("[data-doubt]");
    if (!card) return;
    if (card.dataset.state) say(card, "", ""); // it is changed once more
    if (event.inputType?.startsWith("insert") && !event.isComposing && isWhole(card)) {
      put(card, fieldOf(card).value);
      isGoneOn = true;
    }
  });

  form.addEventListener("focusin", (event) => {
    const card = event.target.closest("[data-doubt]");
    if (card) show(card);
  });

  form.addEventListener("click", (event) => {
    isGoneOn = false;
    const card = event.target.closest("[data-doubt]");
    const option = event.target.closest("[data-option]");
    if (option && isRow(card, option.dataset.option)) toggle(card, option.dataset.option);
    else if (option) put(card, option.dataset.option);
    else if (card && event.shiftKey && current) {
      const [from, to] = [cards.indexOf(current), cards.indexOf(card)].sort((one, other) => one - other);
      for (const one of cards.slice(from, to + 1)) choose(one);
    } else if (card && event.target.matches("img")) {
      card === current ? enlarge(card) : go(card);
    }
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    cards.some(isOpen) ? saveAll() : leave();
  });

  undoButton?.addEventListener("click", undo);
  keep();
  go(cards[0]);
}

// --- whose paper it is: who has the number that stands there; a name that is the only such becomes its number

function beginStudents() {
  const students = [...document.querySelectorAll("#students option")].map((option) => ({
    number: option.value,
    name: option.textContent.trim().replace(/\s+/g, " "),
  }));
  const found = (text) => {
    const wanted = text.trim();
    const same = students.filter(
      ({ number, name }) => number === wanted || (wanted && name.includes(wanted)),
    );
    return same.find(({ number }) => number === wanted) ?? (same.length === 1 ? same[0] : null);
  };
  for (const form of document.querySelectorAll("form[data-student]")) {
    const field = form.elements.namedItem(form.querySelector("input[name=student]").id);
    const draw = () => {
      const one = found(field.value);
      form.querySelector("[data-name]").textContent = one ? `${one.number} ${one.name}` : "";
    };
    field.addEventListener("input", draw);
    form.addEventListener("submit", (event) => {
      if (!event.submitter?.value) field.value = found(field.value)?.number ?? field.value;
      else field.disabled = true; // the number of the button is meant
    });
    draw();
  }
  document.querySelector("form[data-student] [autofocus]")?.select();
}
