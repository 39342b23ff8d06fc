// The way to the API and back: one question at a time, the newest first, and a sentence for whatever goes wrong.
const WAIT = 10; // seconds that the server may hold on for the answer
const PATIENCE = 60_000; // ms before a question counts as lost
const OFTEN = 250; // ms between two questions while a stroke is being drawn
const REST = 600; // ms after an answer before what spoke for it is asked for: it takes longer than the answer

export class Problem extends Error {}

export class Api {
  constructor(url, token, texts) {
    Object.assign(this, { url, token, texts });
  }

  // Ask for an answer to a picture; waits until there is one.
  async read(picture, fields) {
    const body = new FormData();
    body.append("image", picture, picture.name ?? "drawing.png");
    for (const [name, value] of Object.entries(fields)) if (value !== undefined) body.append(name, value);
    let reading = await this.call("POST", this.url, body);
    while (["queued", "running"].includes(reading.job.status)) {
      await new Promise((done) => setTimeout(done, 1000));
      reading = await this.call("GET", reading.url);
    }
    if (reading.job.status === "done") return reading;
    throw Object.assign(new Problem(reading.job.error || this.texts.server), { reading });
  }

  // The answer of that id, where there still is one.
  async known(id) {
    const reading = id && await this.call("GET", `${this.url}${id}/`).catch(() => null);
    return reading?.job.status === "done" ? reading : null;
  }

  correct(reading, text) {
    return this.call("PATCH", reading.url, JSON.stringify({ text }));
  }

  share(reading) {
    return this.call("POST", `${reading.url}share/`);
  }

  unshare(reading) {
    return this.call("DELETE", `${reading.url}share/`);
  }

  async call(method, url, body) {
    const headers = { "X-CSRFToken": this.token, Accept: "application/json", Prefer: `wait=${WAIT}` };
    if (typeof body === "string") headers["Content-Type"] = "application/json";
    let answer;
    try {
      answer = await fetch(url, { method, headers, body, signal: AbortSignal.timeout(PATIENCE) });
    } catch {
      throw new Problem(this.texts.offline);
    }
    const said = await answer.json().catch(() => null);
    if (answer.ok) return said;
    throw Object.assign(new Problem(this.sentence(answer.status, said)), { status: answer.status });
  }

  sentence(status, said) {
    if (status === 401 || status === 403) return this.texts.signedOut;
    if (status === 413) return this.texts.tooBig;
    if (status === 429) return this.texts.tooMany;
    return (status < 500 && said?.errors?.[0]?.detail) || this.texts.server;
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
      if (problem.reading) this.drawing.readings.set(asked.sheet, problem.reading.id);
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
