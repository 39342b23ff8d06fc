// A page that was turned away is dragged onto its student: that fills in the form beside it and sends it.
const KIND = "text/x-rejected-page";

for (const root of document.querySelectorAll("[data-to-place]")) {
  let dragged = null;
  let over = null;

  root.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("[data-rejected]");
    if (!dragged) return;
    event.dataTransfer.setData(KIND, dragged.dataset.rejected);
    event.dataTransfer.effectAllowed = "move";
    root.classList.add("placing");
  });
  root.addEventListener("dragover", (event) => {
    hover(dragged && event.target.closest("[data-student]"));
    if (over) event.preventDefault();
  });
  root.addEventListener("drop", (event) => {
    if (!over) return;
    event.preventDefault();
    give(dragged.querySelector("[data-give-place]"), over.dataset);
  });
  root.addEventListener("dragend", () => {
    dragged = null;
    hover(null);
    root.classList.remove("placing");
  });

  function hover(student) {
    over?.classList.remove("over");
    over = student;
    over?.classList.add("over");
  }
}

function give(form, { student, version, sheetPage }) {
  const { elements } = form;
  elements.namedItem("student").value = student;
  if (version) elements.namedItem("version").value = version;
  if (sheetPage) elements.namedItem("sheet_page").value = sheetPage;
  form.requestSubmit();
}
