// How far work is, where one sees it from another tab: before the title, on the icon, and, where one wants it, as a
// notification once long work has ended unseen.
const LONG = 30_000; // ms of work from which on its end is worth a notification
const SEEN = 15_000; // ms for which another tab counts as looked at
const icon = document.querySelector('link[rel="icon"]');
const plainIcon = icon.href;
const PREFIX = /^(\(\d+( %|\/\d+)\)|✓) /;

// Of this tab, until nothing is at work: how many have ended, how many are left, since when.
let batch = JSON.parse(sessionStorage.getItem("batch") ?? "null");

// count: of jobs at work, percent: of them on average; panel: the address that lists them.
export function tell(count, percent, panel) {
  if (!document.hidden) localStorage.setItem("seen", Date.now());
  const before = batch;
  if (!count) batch = null;
  else if (!before) batch = { done: 0, left: count, since: Date.now() };
  else batch = { ...before, done: before.done + Math.max(before.left - count, 0), left: count };
  sessionStorage.setItem("batch", JSON.stringify(batch));
  if (batch) return showProgress(percent);
  if (!before || !document.hidden) return clear();
  mark("✓ ", drawing(100, "#2a7d46"));
  if (Date.now() - before.since > LONG) notify(panel);
}

function showProgress(percent) {
  const all = batch.done + batch.left;
  mark(
    all > 1 ? `(${batch.done}/${all}) ` : `(${percent} %) `,
    drawing((100 * batch.done + percent * batch.left) / all),
  );
}

function mark(prefix, href = plainIcon) {
  document.title = prefix + document.title.replace(PREFIX, "");
  icon.href = href;
}

const clear = () => mark("");

function drawing(percent, colour = "#3b62c4") {
  const ring =
    'cx="18" cy="18" r="14" fill="none" stroke-width="8" pathLength="100" transform="rotate(-90 18 18)"';
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 36 36"><circle ${ring} stroke="#c9ccd6"/><circle ${ring}
    stroke="${colour}" stroke-dasharray="${Math.round(percent)} 100"/></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

const isAllowed = () => localStorage.getItem("notify") === "on" && Notification.permission === "granted";

// The last that ended, in the words of the list of jobs.
async function notify(panel) {
  if (!("Notification" in window) || !isAllowed()) return;
  if (Date.now() - Number(localStorage.getItem("seen")) < SEEN) return; // in another tab
  const answer = await fetch(`${panel}?open=1`, { headers: { "HX-Request": "true" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const ended = page.querySelector("#jobs-list li:not(:has(progress))");
  if (!ended) return;
  const words = (part) => part.textContent.trim().replace(/\s+/g, " ");
  const link = ended.querySelector("a");
  const told = new Notification(words(link), { body: words(ended.querySelector(".helptext")), tag: "jobs" });
  told.onclick = () => {
    window.focus();
    location.assign(link.getAttribute("href"));
  };
}

document.addEventListener("visibilitychange", () => !document.hidden && !batch && clear());

// --- the button that allows notifications in this browser
const button = document.querySelector("[data-notify]");
function showButton() {
  button.hidden = !("Notification" in window);
  button.setAttribute("aria-pressed", String(!button.hidden && isAllowed()));
}
button?.addEventListener("click", async () => {
  const isWanted = !isAllowed() && (await Notification.requestPermission()) === "granted";
  localStorage.setItem("notify", isWanted ? "on" : "off");
  if (Notification.permission === "denied") {
    const detail = { text: button.dataset.notify, kind: "warning" };
    document.dispatchEvent(new CustomEvent("toast", { detail }));
  }
  showButton();
});
if (button) showButton();
