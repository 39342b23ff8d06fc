// Questions about a drawing: one at a time, the newest first.
import { Api, Problem } from "../js/api.js";

const OFTEN = 250; // ms between two questions while a stroke is being drawn
const REST = 1000; // ms after an answer before what spoke for it is asked for: the next stroke would wait for that

export class DigitsApi extends Api {
  // Ask for an answer to a picture; waits until there is one.
  read(picture, fields) {
    return this.ask(this.url, picture, picture.name ?? "drawing.png", fields);
  }

  // The answer of that id, where there still is one.
  async known(id) {
    const reading = id && await this.call("GET", `${this.url}${id}/`).catch(() => null);
    return reading?.job.status === "done" ? reading : null;
  }

  correct(reading, text) {
    return this.call("PATCH", reading.url, JSON.stringify({ text }));
  }
}

// Questions about one drawing. show(reading), fail(problem), busy(is) tell how it went.
export class Live {
  asked = null; // in flight
  wanted = null; // next
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
    const isDue = !this.asked && now - this.askedAt >= OFTEN;
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
    if (!this.asked && this.wanted) this.turn = this.take();
  }

  // Until nothing is asked: what is done to an answer then is done to the row that stays.
  async settled() {
    clearTimeout(this.rest);
    while (this.asked) await this.turn;
  }

  async take() {
    const asked = this.asked = this.wanted;
    this.wanted = null;
    this.askedAt = performance.now();
    this.busy(true);
    try {
      this.answered(asked, await this.ask(asked));
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      if (problem.row) this.drawing.readings.set(asked.sheet, problem.row.id);
      if (!this.wanted) this.fail(problem);
    } finally {
      this.asked = null;
      this.busy(Boolean(this.wanted));
      this.next();
    }
  }

  ask({ sheet, saliency }) {
    const picture = this.drawing.toPicture();
    const fields = { source: "canvas", saliency, replaces: this.drawing.readings.get(sheet) };
    return this.api.read(picture, fields);
  }

  // What was drawn on is shown while it is drawn; what was undone, cleared or is asked about anew is not.
  answered(asked, reading) {
    this.drawing.readings.set(asked.sheet, reading.id);
    if (this.wanted || this.drawing.isEmpty || asked.sheet !== this.drawing.sheet) return;
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
