// A file of an order map is read here: what is in it stands in the field, to be looked at before it is saved.
for (const file of document.querySelectorAll("[data-fills]"))
  file.addEventListener("change", async () => {
    const field = document.getElementById(file.dataset.fills);
    if (file.files[0]) field.value = (await file.files[0].slice(0, field.maxLength).text()).trim();
    file.value = "";
    field.focus();
  });
