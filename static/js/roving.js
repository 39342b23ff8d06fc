// A long list or table is one place for Tab (roving tabindex, as the WAI-ARIA practices call it): of [data-roving] one row
// has tab stops, that which had the focus last, at first the first; ↑ ↓ Home End go to the others. Without this script
// all of them can be reached.
const LISTS = "[data-roving]";
const CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary";
const STEPS = { ArrowUp: -1, ArrowDown: 1, Home: Number.NEGATIVE_INFINITY, End: Number.POSITIVE_INFINITY };
const SIDEWAYS = { ArrowLeft: -1, ArrowRight: 1 }; // where each is one control, and they may lie side by side
const TEXTS = ["text", "search", "tel", "email", "url", "password"];
const PLAIN = ["checkbox", "button", "submit", "reset", "image", "file"];
const chosen = new WeakMap(); // list → its row with tab stops
const places = new WeakMap(); // list → which row that was, should it be replaced
const observed = new WeakSet();
let last = null; // which control of which row had the focus, should the row be replaced

const rowsOf = (list) =>
  list.tBodies ? [...list.tBodies].flatMap((body) => [...body.rows]) : [...list.children];
const rowOf = (list, node) => rowsOf(list).find((row) => row.contains(node));

// What a template itself leaves out of the way of Tab is left out here, too.
const isStop = (one) => one.matches(CONTROLS) && (one.tabIndex >= 0 || "held" in one.dataset);
const stopsOf = (row) => [row, ...row.querySelectorAll(CONTROLS)].filter(isStop);
const shownIn = (row) =>
  stopsOf(row).filter((one) => !one.disabled && one.checkVisibility({ visibilityProperty: true }));

function hold(one, isHeld) {
  if (isHeld === "held" in one.dataset && isHeld === one.tabIndex < 0) return;
  if (isHeld) Object.assign(one, { tabIndex: -1 }).dataset.held = "";
  else {
    one.removeAttribute("tabindex");
    delete one.dataset.held;
  }
}

function giveStops(list) {
  const rows = rowsOf(list);
  const isGood = (row) => row && rows.includes(row) && shownIn(row).length > 0;
  const wishes = [
    rowOf(list, document.activeElement),
    chosen.get(list),
    rows[places.get(list)],
    rowOf(list, list.querySelector("[aria-current]")),
  ];
  const row = wishes.find(isGood) ?? rows.find(isGood);
  if (!row) return;
  chosen.set(list, row);
  places.set(list, rows.indexOf(row));
  for (const other of rows) {
    other.toggleAttribute("data-current", other === row);
    for (const one of stopsOf(other)) hold(one, other !== row);
  }
}

// The row in which something is gets the stops of its list.
export function rove(node) {
  const list = node?.closest(LISTS);
  const row = list && rowOf(list, node);
  if (!row) return;
  chosen.set(list, row);
  if (observed.has(list)) giveStops(list);
  else begin(list); // a script has added it
}

// The same kind of control in another row, or what stands in its place.
function twinOf(place, row) {
  const stops = shownIn(row);
  return stops.filter((one) => kindOf(one) === place.kind)[place.nth] ?? stops[place.index] ?? stops.at(-1);
}

const kindOf = (one) => `${one.localName} ${one.name ?? ""}`;

function placeOf(list, control) {
  const row = rowOf(list, control);
  const stops = row ? shownIn(row) : [];
  const kind = kindOf(control);
  const nth = stops.filter((one) => kindOf(one) === kind).indexOf(control);
  return { list, control, kind, nth, index: stops.indexOf(control), row: rowsOf(list).indexOf(row) };
}

function enter(place, row) {
  const control = twinOf(place, row);
  control.focus();
  if (TEXTS.includes(control.type)) control.select();
}

function stepOf({ key, target }, list) {
  const isText = TEXTS.includes(target.type) && !target.list;
  if (
    target.matches("select, textarea") ||
    (target.matches("input") && !isText && !PLAIN.includes(target.type))
  )
    return 0;
  if (key in SIDEWAYS) return isText || shownIn(rowOf(list, target)).length > 1 ? 0 : SIDEWAYS[key];
  return isText && !key.startsWith("Arrow") ? 0 : (STEPS[key] ?? 0);
}

document.addEventListener("keydown", (event) => {
  const list = event.target.closest(LISTS);
  const isPlain =
    !event.defaultPrevented && !(event.ctrlKey || event.altKey || event.metaKey || event.shiftKey);
  const step = list && isPlain && rowOf(list, event.target) && stepOf(event, list);
  if (!step) return;
  const here = rowOf(list, event.target);
  const rows = rowsOf(list).filter((row) => row === here || shownIn(row).length);
  const there = rows[Math.min(Math.max(rows.indexOf(here) + step, 0), rows.length - 1)];
  event.preventDefault();
  if (there !== here) enter(placeOf(list, event.target), there);
});

document.addEventListener("focusin", ({ target }) => {
  rove(target);
  const list = target.closest(LISTS);
  last = list && rowOf(list, target) ? placeOf(list, target) : null;
});
document.addEventListener("pointerdown", ({ target }) => {
  if (target instanceof Element && !target.matches(LISTS)) rove(target);
  last = null; // who presses beside it leaves it
});

// Rows that came, went or became others: the focus of one that is gone goes to what stands there now.
function renew(list, changes) {
  giveStops(list);
  const isLost = last?.list === list && !last.control.isConnected && document.activeElement === document.body;
  if (isLost) {
    const rows = rowsOf(list);
    const row = rows[Math.min(last.row, rows.length - 1)];
    const near = row && shownIn(row).length ? row : chosen.get(list);
    if (near && shownIn(near).length) twinOf(last, near).focus({ preventScroll: true });
  }
  changes.takeRecords(); // those of our own
}

function begin(part) {
  for (const list of [part, ...part.querySelectorAll(LISTS)]) {
    if (!(list instanceof Element && list.matches(LISTS))) continue;
    if (!observed.has(list))
      new MutationObserver((_records, changes) => renew(list, changes)).observe(list, {
        childList: true,
        subtree: true,
        attributeFilter: ["tabindex"],
      });
    observed.add(list);
    giveStops(list);
  }
}

const jump = () => rove(document.getElementById(decodeURIComponent(location.hash.slice(1))));
begin(document);
jump();
addEventListener("hashchange", jump);
document.body.addEventListener("htmx:load", ({ target }) => begin(target));
