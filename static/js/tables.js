// Tables on narrow screens: rows of a list become cards whose figures say what they are, and what is wider than its box
// can be scrolled by keys.
const scrolled = new ResizeObserver((boxes) => {
  for (const { target } of boxes) nameBox(target);
});

// A box that scrolls is a stop for Tab, with the name of what it stands under.
function nameBox(box) {
  const heads = [...document.querySelectorAll("h1, h2, h3")];
  const above = heads.findLast(
    (head) => head.compareDocumentPosition(box) & Node.DOCUMENT_POSITION_FOLLOWING,
  );
  const named = { tabindex: "0", role: "region", "aria-label": above?.textContent.trim() };
  for (const [name, value] of Object.entries(named)) {
    if (box.scrollWidth > box.clientWidth) box.setAttribute(name, value);
    else box.removeAttribute(name);
  }
}

function labelCells(table) {
  const labels = [...table.tHead.rows[0].cells].map((head) => head.textContent.trim());
  for (const body of table.tBodies)
    for (const row of body.rows)
      for (const cell of row.cells)
        cell.dataset.label = cell.colSpan > 1 ? "" : (labels[cell.cellIndex] ?? "");
}

function begin(part) {
  for (const box of part.querySelectorAll(".scroll")) scrolled.observe(box);
  for (const table of part.querySelectorAll("table.as-cards")) labelCells(table);
}
begin(document);
document.body.addEventListener("htmx:load", ({ target }) => begin(target));
