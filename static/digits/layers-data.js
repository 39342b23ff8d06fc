// The numbers of the network, fetched when they are first looked at and kept.
const PATIENCE = 60; // answers "not yet" before giving up, about a second apart

export class Numbers {
  constructor(url, digit) {
    this.url = url;
    this.digit = digit;
    this.kept = new Map();
  }

  // Every step from the input to the answer, and with a label the way back.
  steps(label = null) {
    const query = new URLSearchParams({ digit: this.digit, ...(label === null ? {} : { label }) });
    return this.once(`steps ${label}`, async () =>
      (await patiently(`${this.url}?${query}`, "application/json")).json(),
    );
  }

  // What comes out of a step, or a part of it ("kernels", "gradient"), as one flat Float32Array in C order.
  of(step, part = "") {
    const inline = step[part || "values"];
    const url = step[part ? `${part}_url` : "maps_url"];
    if (inline !== undefined) return Promise.resolve(Float32Array.from([inline].flat(Infinity)));
    return this.once(
      url,
      async () => new Float32Array(await (await patiently(url, "application/octet-stream")).arrayBuffer()),
    );
  }

  once(key, find) {
    if (!this.kept.has(key)) {
      const found = find();
      this.kept.set(key, found);
      found.catch(() => this.kept.delete(key));
    }
    return this.kept.get(key);
  }
}

async function patiently(url, accept) {
  for (let tries = 0; tries < PATIENCE; tries++) {
    const answer = await fetch(url, { headers: { Accept: accept } });
    if (answer.status === 200) return answer;
    const said = await answer.json().catch(() => ({}));
    if (answer.status !== 202) throw new Error(said.errors?.[0]?.detail ?? said.detail ?? "");
    if (said.job.status === "failed") throw new Error(said.job.error);
    await new Promise((done) => setTimeout(done, 1000 * (answer.headers.get("Retry-After") ?? 1)));
  }
  throw new Error("");
}

// (maps, rows, columns) of whatever a step gives; a row of numbers is laid out as a block, so that it can be seen.
export function block(shape) {
  if (shape.length === 3)
    return { maps: shape[0], rows: shape[1], columns: shape[2], count: shape[1] * shape[2], isRow: false };
  if (shape.length === 2)
    return { maps: 1, rows: shape[0], columns: shape[1], count: shape[0] * shape[1], isRow: false };
  const columns = shape[0] <= 10 ? shape[0] : Math.min(48, Math.ceil(Math.sqrt(shape[0])));
  return { maps: 1, rows: Math.ceil(shape[0] / columns), columns, count: shape[0], isRow: true };
}

export const mapOf = (values, shape, map) => {
  const { count } = block(shape);
  return values.subarray(map * count, (map + 1) * count);
};

export function largest(values) {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most;
}

// The place of the highest number; of several maps the one that has it.
export function peak(values) {
  let place = 0;
  for (let at = 1; at < values.length; at++) if (values[at] > values[place]) place = at;
  return place;
}
