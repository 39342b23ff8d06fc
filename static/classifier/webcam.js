// The webcam of a classifier: many pictures of a class one after the other, and what it says of what it sees just now.
import { Api, Problem } from "../js/api.js";
import { Camera } from "../js/pictures.js";
import { said } from "../js/uploads.js";

const EVERY = 125; // ms between two pictures of a burst
const MOST = 200; // pictures of a burst
const KEPT = 640; // px of their longer side: the network sees a part of that
const ASKED = 320; // px of those that are only asked about

function textsOf(dialog) {
  const spans = dialog.querySelectorAll("[data-say]");
  return Object.fromEntries([...spans].map((one) => [one.dataset.say, one.textContent]));
}

// What a page says where there is no camera, or it is not allowed.
function fail() {
  document.querySelector("[data-no-camera]").hidden = false;
}

// A dialog that takes pictures as long as it records; choose(input, files) has them from there.
export class Burst {
  files = [];
  timer = null;

  constructor(dialog, choose) {
    this.part = (name) => dialog.querySelector(`[data-${name}]`);
    Object.assign(this, { dialog, choose, texts: textsOf(dialog), camera: new Camera(dialog, { fail }) });
    this.part("record").addEventListener("click", () => (this.timer ? this.pause() : this.record()));
    this.part("keep").addEventListener("click", () => this.keep());
    dialog.addEventListener("close", () => this.clear());
    for (const button of document.querySelectorAll("[data-webcam]")) {
      button.hidden = !Camera.isThere;
      button.addEventListener("click", () => this.open(button));
    }
  }

  async open(button) {
    this.input = button.form.querySelector("input[type=file]");
    this.part("title").textContent = button.dataset.webcam;
    this.clear();
    if (await this.camera.open()) this.part("record").focus();
  }

  record() {
    this.timer = setInterval(() => this.shoot(), EVERY);
    this.show();
  }

  pause() {
    clearInterval(this.timer);
    this.timer = null;
    this.show();
  }

  async shoot() {
    const number = String(this.files.length + 1).padStart(3, "0");
    const picture = await this.camera.frame(`webcam-${Date.now()}-${number}.jpg`, KEPT);
    if (!picture || !this.timer) return;
    this.files.push(picture);
    if (this.files.length >= MOST) this.pause();
    this.show();
  }

  show() {
    const { record, stop, counted } = this.texts;
    this.part("record").textContent = this.timer ? stop : record;
    this.part("record").setAttribute("aria-pressed", String(Boolean(this.timer)));
    this.part("count").textContent = said(counted, { count: this.files.length });
    this.part("keep").disabled = !this.files.length || Boolean(this.timer);
  }

  keep() {
    const all = new DataTransfer();
    for (const file of this.files) all.items.add(file);
    this.dialog.close();
    this.choose(this.input, all.files);
  }

  clear() {
    this.files = [];
    this.pause();
  }
}

// A dialog that asks about one picture after the other; of what it asked nothing stays.
export class Trial {
  isAsking = false;

  constructor(dialog) {
    this.part = (name) => dialog.querySelector(`[data-${name}]`);
    Object.assign(this, { dialog, texts: textsOf(dialog), camera: new Camera(dialog, { fail }) });
    this.api = new Api(dialog.dataset.api, this.texts);
    const button = document.querySelector("[data-try]");
    button.hidden = !Camera.isThere;
    button.addEventListener("click", () => this.open());
  }

  async open() {
    this.say(this.texts.looking);
    this.part("bars").replaceChildren();
    if ((await this.camera.open()) && !this.isAsking) this.askOn();
  }

  async askOn() {
    this.isAsking = true;
    while (this.dialog.open) {
      const picture = await this.camera.frame("webcam.jpg", ASKED);
      if (picture) await this.ask(picture);
      else await new Promise(requestAnimationFrame);
    }
    this.isAsking = false;
  }

  async ask(picture) {
    const { api, classifier } = this.dialog.dataset;
    let row;
    try {
      row = await this.api.ask(api, picture, picture.name, { classifier, only: "labels" });
      this.show(row.taught);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      row = problem.row;
      this.say(problem.message);
      await new Promise((done) => setTimeout(done, 1000));
    }
    if (row) await this.api.call("DELETE", `${row.url}?for_good=true`).catch(() => null);
  }

  show({ labels, doubt_text }) {
    this.say(doubt_text || labels[0].name);
    this.part("bars").classList.toggle("unsure", Boolean(doubt_text));
    this.part("bars").replaceChildren(...labels.map((label) => this.bar(label)));
  }

  bar({ name, probability }) {
    const row = document.createElement("li");
    const bar = Object.assign(document.createElement("meter"), { max: 1, value: probability });
    bar.setAttribute("aria-label", name);
    row.append(Object.assign(document.createElement("span"), { textContent: name }), bar);
    row.append(
      Object.assign(document.createElement("span"), { textContent: `${Math.round(100 * probability)} %` }),
    );
    return row;
  }

  say(sentence) {
    this.part("verdict").textContent = sentence;
  }
}
