// What is at work, and what a page shows of it: one request asks for all of that while anything is at work, seldom while
// nobody sees the page. Where the answer is another one, marked parts of the page become what the page would be now.
import { whenReachable } from "./connection.js";
import { isLeaving } from "./page.js";
import { tell } from "./progress.js";
import { renewSession } from "./session.js";

const UNSEEN = 5; // times as seldom
const PAUSE = 3000; // ms between two times that the page itself is asked for
const PARTS = "[data-refresh]:not([data-refresh] *)"; // <main>, or parts with an id
const LOADED = '[hx-trigger="load"]'; // what comes after the page
const ring = () => document.querySelector("#jobs-ring");
let timer = 0; // until the next request
let isAsking = false;
let isAskedAgain = false; // meanwhile
let refreshing = 0; // timer of the next refresh
let refreshedAt = 0;

function schedule(times = 1) {
  clearTimeout(timer);
  // What the page shows may have ended while the rest of it was made: then the ring knows of nothing at work
  const seconds = Number(ring().dataset.seconds) || (document.querySelector("[data-job]") ? 1 : 0);
  if (seconds) timer = setTimeout(ask, 1000 * seconds * times * (document.hidden ? UNSEEN : 1));
}

export async function ask() {
  if (isAsking) isAskedAgain = true;
  if (isAsking) return;
  isAsking = true;
  const answer = await fetch(address(), { headers: { "HX-Request": "true" } }).catch(() => null);
  try {
    if (answer?.status === 200) await show(pageOf(await answer.text()));
  } finally {
    isAsking = false;
  }
  const isBack = !answer ? await whenReachable() : answer.status !== 401 || (await renewSession());
  if (isBack && isAskedAgain) ask();
  else if (isBack) schedule(answer?.ok ? 1 : UNSEEN);
  isAskedAgain = false;
}

function address() {
  const jobs = [...document.querySelectorAll("[data-job]")].map(({ dataset }) => ["job", dataset.job]);
  const { panel, state } = ring().dataset;
  const open = document.querySelector("#jobs-open").value;
  return `${panel}?${new URLSearchParams([["state", state], ["open", open], ...jobs])}`;
}

const pageOf = (text) => new DOMParser().parseFromString(text, "text/html");

// Lines of jobs that have ended say so to the page (page.js may load it anew).
async function show(answer) {
  const open = document.querySelectorAll("[data-job]").length;
  for (const part of answer.querySelectorAll("#jobs-ring, #jobs-list, .job[id]"))
    await become(document.getElementById(part.id), part);
  const { count, percent, panel } = ring().dataset;
  tell(Number(count), Number(percent), panel);
  if (document.querySelectorAll("[data-job]").length < open)
    document.body.dispatchEvent(new Event("job-ended"));
  refreshSoon();
}

function refreshSoon() {
  if (!document.querySelector(PARTS)) return;
  refreshing ||= setTimeout(refresh, Math.max(0, refreshedAt + PAUSE - Date.now()));
}

async function refresh() {
  if (document.hidden) return; // once it is seen
  refreshing = 0;
  refreshedAt = Date.now();
  const answer = await fetch(location.href, { headers: { "Refresh-Parts": "true" } }).catch(() => null);
  if (!answer?.ok || answer.redirected || isLeaving()) return;
  const page = pageOf(await answer.text());
  for (const part of document.querySelectorAll(PARTS)) await become(part, page.getElementById(part.id));
}

async function become(part, twin) {
  if (!part || !twin || part.isEqualNode(twin)) return;
  const { Idiomorph } = await import("./idiomorph.min.js");
  Idiomorph.morph(part, twin, { ignoreActiveValue: true, callbacks });
  for (const later of part.querySelectorAll(LOADED))
    window.htmx.ajax("get", later.getAttribute("hx-get"), { target: later, swap: "innerHTML" });
  window.htmx.process(part);
  window.htmx.trigger(part, "htmx:load"); // scripts look at what is new
}

// What a person began stays as it is, and what scripts added.
const callbacks = {
  beforeNodeMorphed: (node, twin) => !isInUse(node) && !(twin instanceof Element && twin.matches(LOADED)),
  beforeNodeRemoved: (node) => !isInUse(node),
  beforeAttributeUpdated: (name, _node, change) =>
    name !== "open" && !(change === "remove" && (name === "style" || name.startsWith("hx-"))),
};

function isInUse(node) {
  if (!(node instanceof Element)) return false;
  if (node.matches("[data-toasts], dialog[open], .problem, .htmx-request")) return true;
  return node.matches("form") ? [...node.elements].some(isChanged) : isChanged(node);
}

function isChanged(field) {
  if (!field.matches("input:not([type=hidden]), textarea, select")) return false;
  if (field.type === "file") return field.files.length > 0;
  if (field.localName === "select")
    return [...field.options].some((one) => one.selected && !isFirst(one, field));
  return field.checked !== field.defaultChecked || field.value !== field.defaultValue;
}

// What a select shows before anyone chooses
function isFirst(option, { options, multiple }) {
  return (
    option.defaultSelected ||
    (!multiple && option.index === 0 && ![...options].some((one) => one.defaultSelected))
  );
}

if (ring()) {
  tell(Number(ring().dataset.count), 0, ring().dataset.panel);
  schedule();
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return schedule();
    if (refreshing) refresh();
    ask(); // something may have begun elsewhere
  });
  document.body.addEventListener(
    "htmx:afterSettle",
    ({ detail }) => detail.target.id === "jobs-ring" && ask(),
  );
  document.addEventListener("jobs-opened", ask);
}
