// The answer beside the drawing: its text, boxes over digits and signs, and one of them at a time, a digit as the
// network saw it.
const SIDE = 28;
const HEAT = [230, 106, 0]; // orange over grey is told apart by the colour-blind, too
const SVG = "http://www.w3.org/2000/svg";

export class Answer {
  reading = null;
  chosen = 0;

  // correct(text) is called with what a person says stands there.
  constructor(root, boxes, texts, correct) {
    Object.assign(this, { root, boxes, texts, correct });
    this.part = (name) => root.querySelector(`[data-${name}]`);
    this.bars = [...root.querySelectorAll("[data-bar]")];
    this.part("heat").addEventListener("change", () => this.showDigit());
    this.part("right").addEventListener("click", () => this.confirm());
    this.part("back").addEventListener("click", () => this.correct(""));
    this.picks = [...root.querySelectorAll("[data-pick]")];
    for (const pick of this.picks) pick.addEventListener("click", () => this.say(pick.dataset.pick));
    this.part("chips").addEventListener("keydown", (event) => this.walk(event));
  }

  get digits() {
    return this.reading?.digits ?? [];
  }

  // Digits and signs as they stand.
  get characters() {
    return this.reading?.characters ?? [];
  }

  show(reading) {
    this.reading = reading;
    this.values = valuesOf(reading);
    this.chosen = Math.min(this.chosen, Math.max(this.characters.length - 1, 0));
    write(this.part("text"), reading.text);
    this.part("text").classList.toggle("long", reading.text.length > 6 || reading.text.includes("\n"));
    write(this.part("verdict"), this.verdict());
    this.part("verdict").className = `verdict ${reading.right_text ? "corrected" : reading.verdict}`;
    this.part("back").hidden = !reading.right_text;
    this.showChips();
    this.showDigit();
  }

  clear(sentence) {
    this.reading = null;
    this.values = [];
    this.chosen = 0;
    this.part("text").textContent = "";
    this.part("verdict").textContent = sentence;
    this.part("verdict").className = "verdict";
    this.part("back").hidden = true;
    this.showChips();
    this.showDigit();
  }

  verdict() {
    const { verdict, verdict_text, right_text } = this.reading;
    if (right_text) return this.texts.kept;
    const says =
      {
        unsure: () => [verdict_text, this.doubts(), this.unread(), this.crossedOut()],
        read: () => [this.texts.sure, this.crossedOut(), this.leftOut()],
      }[verdict] ?? (() => [verdict_text, this.crossedOut()]);
    return says().filter(Boolean).join(" ");
  }

  crossedOut() {
    const count = this.reading.others.filter((other) => other.is_crossed_out).length;
    if (count > 1) return fill(this.texts.crossedOut, { count });
    return count ? this.texts.oneCrossedOut : "";
  }

  // What is surely no digit, beside those that were crossed out.
  leftOut() {
    const count = this.reading.others.filter((other) => !other.is_crossed_out).length;
    return count ? fill(this.texts.others, { count }) : "";
  }

  // Whether something beside the digits may be writing.
  unread() {
    return this.reading.others.some((other) => other.may_be_read) ? this.texts.unread : "";
  }

  // Which digits are doubtful, and what else each may be.
  doubts() {
    const said = this.digits.map((digit, place) => [digit, place]).filter(([digit]) => !digit.is_certain);
    return said
      .slice(0, 2)
      .map(([digit, place]) => {
        const words = { number: place + 1, first: digit.value, second: second(digit) };
        return fill(this.digits.length > 1 ? this.texts.oneUnsure : this.texts.unsure, words);
      })
      .join(" ");
  }

  showChips() {
    const chips = this.characters.map((character, place) => this.chip(character, place));
    const hasFocus = this.part("chips").contains(document.activeElement);
    this.part("chips").replaceChildren(...chips);
    if (hasFocus) chips[this.chosen]?.focus();
    this.showBoxes();
  }

  chip({ digit, is_certain }, place) {
    const chip = document.createElement("button");
    chip.type = "button";
    chip.setAttribute("role", "radio");
    chip.setAttribute("aria-checked", place === this.chosen);
    chip.tabIndex = place === this.chosen ? 0 : -1;
    chip.classList.toggle("unsure", !is_certain && !this.reading.right_text);
    const isSign = digit === null;
    chip.classList.toggle("sign", isSign);
    const words = { number: digit + 1, value: this.values[place] };
    chip.setAttribute("aria-label", fill(isSign ? this.texts.signChip : this.texts.chip, words));
    const value = document.createElement("b");
    value.textContent = this.values[place];
    if (!isSign) chip.append(this.paint(document.createElement("canvas"), digit, false));
    chip.append(value);
    chip.addEventListener("click", () => this.choose(place));
    return chip;
  }

  choose(place) {
    this.chosen = place;
    for (const [at, chip] of [...this.part("chips").children].entries()) {
      chip.setAttribute("aria-checked", at === place);
      chip.tabIndex = at === place ? 0 : -1;
    }
    this.part("chips").children[place].scrollIntoView({ block: "nearest", inline: "nearest" });
    this.showBoxes();
    this.showDigit();
  }

  walk(event) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const { length } = this.characters;
    if (!step || !length) return;
    event.preventDefault();
    this.choose((this.chosen + step + length) % length);
    this.part("chips").children[this.chosen].focus();
  }

  showBoxes() {
    const { width = 4, height = 3, others = [] } = this.reading ?? {};
    this.boxes.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const unit = Math.max(width, height) / 100;
    this.boxes.replaceChildren(
      ...this.characters.flatMap((character, place) =>
        box(character, this.values[place], height, unit, place === this.chosen),
      ),
      ...others.flatMap((other) => box(other, "?", height, unit, false)),
    );
  }

  showDigit() {
    const character = this.characters[this.chosen];
    const digit = this.digits[character?.digit];
    const picture = this.part("frame");
    this.root.classList.toggle("idle", !character);
    this.root.classList.toggle("blank", !this.reading);
    this.paint(picture, character?.digit, this.part("heat").checked);
    const noDigit = character ? this.texts.signFrame : this.texts.noFrame;
    picture.setAttribute(
      "aria-label",
      digit ? fill(this.texts.frame, { number: character.digit + 1 }) : noDigit,
    );
    const value = this.values?.[this.chosen];
    for (const bar of this.bars) {
      const probability = digit?.probabilities[bar.dataset.bar] ?? 0;
      bar.classList.toggle("most", value === bar.dataset.bar);
      bar.querySelector("meter").value = probability;
      bar.querySelector("[data-percent]").textContent = digit ? share(probability) : "";
    }
    for (const pick of this.picks) {
      pick.disabled = !character;
      pick.setAttribute("aria-pressed", value === pick.dataset.pick);
    }
    this.part("right").disabled = !this.characters.length;
  }

  // White on black as the network takes it; what spoke for the answer glows over it.
  paint(canvas, place, withHeat) {
    canvas.width = canvas.height = SIDE;
    const frame = this.reading?.frames?.[place];
    const heat = this.reading?.saliency?.[place];
    canvas.classList.toggle("explained", Boolean(heat));
    if (!frame) return canvas;
    const context = canvas.getContext("2d");
    const image = context.createImageData(SIDE, SIDE);
    for (let at = 0; at < frame.length; at++) {
      const glow = withHeat && heat ? heat[at] / 255 : 0;
      for (let channel = 0; channel < 3; channel++) {
        image.data[4 * at + channel] = (1 - glow) * frame[at] + glow * HEAT[channel];
      }
      image.data[4 * at + 3] = 255;
    }
    context.putImageData(image, 0, 0);
    return canvas;
  }

  // "It is a 7": of the chosen digit or sign.
  say(value) {
    if (!this.characters.length) return;
    const values = this.values.with(this.chosen, value);
    this.correct(inRows(this.reading, values));
  }

  confirm() {
    if (this.characters.length) this.correct(inRows(this.reading, this.values));
  }
}

export const fill = (text, words) => text.replace(/\{(\w+)\}/g, (all, name) => words[name] ?? all);

// A screen reader says again what is written again.
const write = (part, text) => {
  if (part.textContent !== text) part.textContent = text;
};

const share = (probability) => `${(100 * probability).toFixed(1)} %`;

const inRows = ({ characters }, values) =>
  characters
    .map(({ row }, place) => {
      const isNewRow = place > 0 && characters[place - 1].row !== row;
      return (isNewRow ? "\n" : "") + values[place];
    })
    .join("");

// What stands at each place: what a person said, where that fits, else what was read.
function valuesOf({ right_text, characters }) {
  const right = [...right_text.replace(/\s/g, "")];
  return right.length === characters.length ? right : characters.map(({ value }) => value);
}

function second({ probabilities, value }) {
  const rest = probabilities.map((probability, digit) => (digit === value ? -1 : probability));
  return rest.indexOf(Math.max(...rest));
}

function box({ box: [x, y, width, height], is_certain }, value, high, unit, isChosen) {
  const frame = element("rect", { x, y, width, height, rx: unit });
  const label = element("text", { x: x + unit, y: heightOf(y, height, high, unit), "font-size": 5 * unit });
  label.textContent = value;
  for (const one of [frame, label]) {
    one.classList.toggle("chosen", isChosen);
    one.classList.toggle("unsure", is_certain === false);
    one.classList.toggle("other", is_certain === undefined);
  }
  return [frame, label];
}

// Where a label stands: over its box, else under it, else in it.
function heightOf(top, height, high, unit) {
  if (top > 6 * unit) return top - unit;
  return top + height + 6 * unit < high ? top + height + 5 * unit : top + 5 * unit;
}

function element(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
