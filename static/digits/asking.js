// Questions about a drawing, the newest first. The end of a stroke is asked about at once, also while an answer to the
// stroke before is on its way; of the rows that come of it the newest stays.
import { Api, Problem } from "../js/api.js";

const OFTEN = 250; // ms between two questions while a stroke is being drawn
const AT_ONCE = 2; // questions on their way
const REST = 1000; // ms after an answer before what spoke for it is asked for: the next stroke would wait for that

export class DigitsApi extends Api {
  // Ask for an answer to a picture; waits until there is one.
  read(picture, fields) {
    return this.ask(this.url, picture, picture.name ?? "drawing.png", fields);
  }

  // The answer of that id, where there still is one.
  async known(id) {
    const reading = id && (await this.call("GET", `${this.url}${id}/`).catch(() => null));
    return reading?.job.status === "done" ? reading : null;
  }

  // Without a word where it cannot be: it was overtaken, and nobody has seen it.
  forget(id) {
    return this.call("DELETE", `${this.url}${id}/?for_good=true`).catch(() => null);
  }

  correct(reading, text) {
    return this.call("PATCH", reading.url, JSON.stringify({ text }));
  }
}

// Questions about one drawing. show(reading), fail(problem), busy(is) tell how it went.
export class Live {
  asked = []; // on their way
  turns = new Set(); // each until what it overtook is forgotten, too
  wanted = null; // next
  count = 0;
  newest = new Map(); // sheet → number of the question whose reading stays
  replaced = new Set(); // ids of readings in whose place the server was asked to put others
  askedAt = 0;
  isInStroke = false;

  constructor(api, drawing, { show, fail, busy }) {
    Object.assign(this, { api, drawing, show, fail, busy });
  }

  want(hasEnded) {
    clearTimeout(this.rest);
    const now = performance.now();
    if (!hasEnded && !this.isInStroke) this.askedAt = now; // a short stroke is asked about once, at its end
    this.isInStroke = !hasEnded;
    const isDue = !this.asked.length && now - this.askedAt >= OFTEN;
    if (this.drawing.isEmpty) this.wanted = null;
    else if (hasEnded || isDue) this.wanted = { since: now, hasEnded, sheet: this.drawing.sheet };
    if (hasEnded || isDue) this.next();
  }

  wantSaliency(reading) {
    if (!reading.digits.length || reading.right_text || reading.share_url) return;
    this.wanted = { saliency: true, sheet: this.drawing.sheet };
    this.next();
  }

  next() {
    if (!this.wanted || this.asked.length >= (this.wanted.hasEnded ? AT_ONCE : 1)) return;
    const replaces = this.drawing.readings.get(this.wanted.sheet);
    const asked = { ...this.wanted, replaces, number: ++this.count };
    this.replaced.add(replaces);
    this.wanted = null;
    this.askedAt = performance.now();
    this.asked.push(asked);
    const turn = this.take(asked).finally(() => this.turns.delete(turn));
    this.turns.add(turn);
  }

  get isAsking() {
    return this.turns.size > 0;
  }

  // Until nothing is asked: what is done to an answer then is done to the row that stays.
  async settled() {
    clearTimeout(this.rest);
    while (this.isAsking) await Promise.all(this.turns);
  }

  async take(asked) {
    this.busy(true);
    let overtaken;
    try {
      const reading = await this.ask(asked);
      overtaken = this.keep(asked, reading.id);
      this.answered(asked, reading);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      if (problem.row) overtaken = this.keep(asked, problem.row.id);
      else this.replaced.delete(asked.replaces);
      if (!this.isAskedAnew(asked)) this.fail(problem);
    } finally {
      this.asked = this.asked.filter((other) => other !== asked);
      this.busy(Boolean(this.wanted || this.asked.length));
      this.next();
    }
    if (overtaken) await this.api.forget(overtaken);
  }

  ask({ replaces, saliency }) {
    return this.api.read(this.drawing.toPicture(), { source: "canvas", saliency, replaces });
  }

  // Which reading of the sheet stays is noted; the id of the one that does not, where the server has not replaced it.
  keep({ sheet, number }, id) {
    if (number < (this.newest.get(sheet) ?? 0)) return id;
    const former = this.drawing.readings.get(sheet);
    this.newest.set(sheet, number);
    this.drawing.readings.set(sheet, id);
    return this.replaced.has(former) ? null : former;
  }

  isAskedAnew({ number }) {
    return Boolean(this.wanted) || number < this.count;
  }

  // What was drawn on is shown while it is drawn; what was undone, cleared or is asked about anew is not.
  answered(asked, reading) {
    if (this.isAskedAnew(asked) || this.drawing.isEmpty || asked.sheet !== this.drawing.sheet) return;
    this.show(reading);
    if (!asked.hasEnded) return;
    performance.measure("answer", { start: asked.since, end: performance.now() });
    this.thinkLater(reading);
  }

  thinkLater(reading) {
    this.rest = setTimeout(() => this.wantSaliency(reading), REST);
  }

  // The drawing of before a reload, with the answer that it had; asked about anew where that is gone.
  async resume() {
    const { now } = this.drawing;
    const reading = await this.api.known(this.drawing.readings.get(this.drawing.sheet));
    if (this.drawing.now !== now) return;
    if (!reading) return this.want(true);
    this.show(reading);
    if (!reading.saliency) this.thinkLater(reading);
  }
}
