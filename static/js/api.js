// The way to the API and back, with a sentence for whatever goes wrong. Whoever is no longer signed in does so on the page.
import { csrfToken, renewSession } from "./session.js";

const WAIT = 10; // seconds that the server may hold on for the answer
const PATIENCE = 60_000; // ms before a question counts as lost
const NEEDS_SESSION = [401, 403];

export class Problem extends Error {}

// texts: what to say: offline, server, signedOut, tooMany, tooBig.
export class Api {
  constructor(url, texts) {
    Object.assign(this, { url, texts });
  }

  // Send a picture and wait for what is said of it; started(row) tells when it has arrived. A Problem with its `row` where
  // the job failed.
  async ask(url, picture, name, fields, started = () => {}) {
    const body = new FormData();
    body.append("image", picture, name);
    for (const [key, value] of Object.entries(fields)) if (value !== undefined) body.append(key, value);
    let row = await this.call("POST", url, body);
    started(row);
    while (["queued", "running"].includes(row.job.status)) {
      await new Promise((done) => setTimeout(done, 1000));
      row = await this.call("GET", row.url);
    }
    if (row.job.status === "done") return row;
    throw Object.assign(new Problem(row.job.error || this.texts.server), { row });
  }

  share(row) {
    return this.call("POST", `${row.url}share/`);
  }

  unshare(row) {
    return this.call("DELETE", `${row.url}share/`);
  }

  // key: what is sent again with the same one is done once.
  async call(method, url, body, { key, isSentAgain = false } = {}) {
    const headers = { "X-CSRFToken": csrfToken(), Accept: "application/json", Prefer: `wait=${WAIT}` };
    if (key) headers["Idempotency-Key"] = key;
    if (typeof body === "string") headers["Content-Type"] = "application/json";
    let answer;
    try {
      answer = await fetch(url, { method, headers, body, signal: AbortSignal.timeout(PATIENCE) });
    } catch {
      throw new Problem(this.texts.offline);
    }
    const said = await answer.json().catch(() => null);
    if (answer.ok) return said;
    if (NEEDS_SESSION.includes(answer.status) && !isSentAgain && (await renewSession()))
      return this.call(method, url, body, { key, isSentAgain: true });
    throw Object.assign(new Problem(this.sentence(answer.status, said)), { status: answer.status });
  }

  sentence(status, said) {
    if (NEEDS_SESSION.includes(status)) return this.texts.signedOut;
    if (status === 413) return this.texts.tooBig;
    if (status === 429) return this.texts.tooMany;
    return (status < 500 && said?.errors?.[0]?.detail) || this.texts.server;
  }
}
