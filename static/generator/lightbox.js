// Faces shown large, one after the other: by mouse, keys and swipes. Each is a link around a picture, in the order of
// the page; data-light is what is said of it, and data-light-from leads on in place of the link's own address.
const dialog = document.getElementById("lightbox");
const image = dialog?.querySelector("img");
const FAR = 40; // px: what is shorter is a tap

let shown = null; // the link whose picture it is
let from = null; // where a finger went down

const links = () => [...document.querySelectorAll("a[data-light]")];

function show(link) {
  const all = links();
  const place = all.indexOf(link);
  const thumbnail = link.querySelector("img");
  shown = link;
  [image.src, image.alt] = [thumbnail.src, thumbnail.alt];
  dialog.querySelector("[data-light-words]").textContent = link.dataset.light;
  dialog.querySelector("[data-light-place]").textContent = `${place + 1} / ${all.length}`;
  dialog.querySelector("[data-light-open]").href = link.dataset.lightFrom ?? link.href;
  for (const [name, at] of [
    ["back", place],
    ["on", all.length - 1 - place],
  ])
    dialog.querySelector(`[data-light-${name}]`).setAttribute("aria-disabled", String(!at));
  if (!dialog.open) dialog.showModal();
}

// The page may have got more pictures meanwhile, and others in place of these.
function step(by) {
  const all = links();
  const place = all.findIndex((link) => link.href === shown.href);
  const next = all[place + by];
  if (next) show(next);
}

const keys = {
  ArrowLeft: () => step(-1),
  ArrowRight: () => step(1),
  Home: () => show(links()[0]),
  End: () => show(links().at(-1)),
};

function listen() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-light]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(link);
  });
  dialog.addEventListener("keydown", (event) => {
    if (!keys[event.key] || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    keys[event.key]();
  });
  dialog.addEventListener("click", ({ target }) => {
    if (target.closest("[data-light-back]")) step(-1);
    else if (target.closest("[data-light-on]")) step(1);
    else if (target === dialog || target.closest("[data-light-close]")) dialog.close();
  });
  image.addEventListener("pointerdown", (event) => {
    from = event.clientX;
    image.setPointerCapture(event.pointerId);
  });
  image.addEventListener("pointerup", ({ clientX }) => {
    const way = from === null ? 0 : clientX - from;
    from = null;
    if (Math.abs(way) > FAR) step(way > 0 ? -1 : 1);
  });
  // Focus goes back to the picture that was seen last, not to the first one.
  dialog.addEventListener("close", () => {
    const link = links().find((one) => one.href === shown?.href);
    link?.focus({ preventScroll: true });
    link?.scrollIntoView({ block: "nearest" });
  });
}

if (dialog) listen();
