// A page that was turned away is dragged onto its student: that fills in the form beside it and sends it.
const KIND = "text/x-rejected-page";

for (const root of document.querySelectorAll("[data-to-place]")) {
  const students = [...root.querySelectorAll("[data-student]")];
  let dragged = null;

  root.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("[data-rejected]");
    if (!dragged) return;
    event.dataTransfer.setData(KIND, dragged.dataset.rejected);
    event.dataTransfer.effectAllowed = "move";
    root.classList.add("placing");
  });
  root.addEventListener("dragend", () => {
    dragged = null;
    root.classList.remove("placing");
    for (const student of students) student.classList.remove("over");
  });

  for (const student of students) {
    student.addEventListener("dragover", (event) => {
      if (!dragged) return;
      event.preventDefault();
      student.classList.add("over");
    });
    student.addEventListener("dragleave", () => student.classList.remove("over"));
    student.addEventListener("drop", (event) => {
      if (!dragged) return;
      event.preventDefault();
      give(dragged.querySelector("[data-give-place]"), student.dataset);
    });
  }
}

function give(form, { student, version, sheetPage }) {
  const { elements } = form;
  elements.namedItem("student").value = student;
  if (version) elements.namedItem("version").value = version;
  if (sheetPage) elements.namedItem("sheet_page").value = sheetPage;
  form.requestSubmit();
}
