// What is shown over the page: what a reading rests on, and a picture large.
export const zoom = document.getElementById("zoom");

export function enlarge(src, alt) {
  if (!zoom) return;
  const img = zoom.querySelector("img");
  [img.src, img.alt] = [src, alt];
  zoom.showModal();
}

zoom?.addEventListener("click", () => zoom.close());

document.addEventListener("click", (event) => {
  const picture = event.target.closest("a[data-zoom]");
  const why = event.target.closest("a[data-evidence]");
  if (picture || why) event.preventDefault();
  if (picture) enlarge(picture.href, picture.querySelector("img").alt);
  const shown = { source: why, target: "#evidence-shown", select: "#evidence", swap: "innerHTML" };
  if (why) window.htmx.ajax("GET", why.href, shown).catch(() => null);
});

// Who is no longer signed in goes to the evidence's own page.
document.body.addEventListener("htmx:afterSwap", ({ target, detail }) => {
  if (target.id !== "evidence-shown") return;
  if (target.childElementCount) target.closest("dialog").showModal();
  else location.assign(detail.requestConfig.elt.href);
});
