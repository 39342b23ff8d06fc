// The strip of sheets that were photographed: each is sent by itself, and its card says what was read as soon as it is.
import { Api, Problem } from "../js/api.js";

const AGAIN = 700; // ms between two questions how far a sheet is

export class TakenSheets {
  // list: an element with the addresses in its dataset; said(sentence) is told what was read.
  constructor(list, texts, said) {
    Object.assign(this, { list, texts, said, api: new Api(list.dataset.api, texts), count: 0 });
  }

  // A photo of a sheet. However often it is sent, it is read once.
  async take(file) {
    const card = this.newCard(file);
    const key = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`; // unsafe pages have no randomUUID
    const send = () => this.send(card, file, key);
    card.querySelector("[data-again]").addEventListener("click", send);
    await send();
  }

  newCard(file) {
    const template = this.list.parentElement.querySelector("template");
    const card = template.content.firstElementChild.cloneNode(true);
    card.querySelector("img").src = URL.createObjectURL(file);
    card.querySelector("[data-number]").textContent = ++this.count;
    this.list.prepend(card);
    return card;
  }

  async send(card, file, key) {
    const again = card.querySelector("[data-again]");
    again.hidden = true;
    this.say(card, this.texts.sending);
    try {
      const body = new FormData();
      body.append("files", file, file.name);
      await this.show(card, await this.read(card, await this.api.call("POST", this.api.url, body, { key })));
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      this.say(card, problem.message);
      this.said(problem.message);
      again.hidden = false;
    }
  }

  async read(card, scan) {
    this.say(card, this.texts.reading);
    while (["queued", "running"].includes(scan.job.status)) {
      await new Promise((done) => setTimeout(done, AGAIN));
      scan = await this.api.call("GET", scan.url);
    }
    return scan;
  }

  async show(card, scan) {
    const answer = await fetch(this.list.dataset.read.replace("/0/", `/${scan.id}/`)).catch(() => null);
    if (!answer?.ok || answer.redirected)
      throw new Problem(answer ? this.texts.signedOut : this.texts.offline);
    const holder = document.createElement("template");
    holder.innerHTML = await answer.text();
    const shown = [...holder.content.children];
    URL.revokeObjectURL(card.querySelector("img").src);
    card.replaceWith(...shown);
    for (const one of shown) if (one.dataset.said) this.said(one.dataset.said);
  }

  say(card, sentence) {
    card.querySelector("[data-state]").textContent = sentence;
  }
}
