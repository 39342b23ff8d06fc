// A link that can be copied, and taken back. Also on the page of a row.
export function showShare(box, url) {
  box.querySelector("[data-share-on]").hidden = Boolean(url);
  box.querySelector("[data-link]").hidden = !url;
  box.querySelector("[data-link] input").value = url ?? "";
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const field = button.parentElement.querySelector("input, textarea");
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    document.execCommand("copy"); // without TLS a browser has no other way
  }
  button.textContent = button.dataset.copied;
});
