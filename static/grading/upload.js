// The drop zone: files can be dropped or pasted anywhere on the page; how far the upload is, is shown.
const form = document.querySelector("[data-drop]");
const input = form.querySelector("input[type=file]");
const list = form.querySelector("[data-files]");
const bar = form.querySelector("progress");

function take(files) {
  if (!files.length) return;
  const all = new DataTransfer();
  for (const file of [...input.files, ...files]) all.items.add(file);
  input.files = all.files;
  show();
}

function show() {
  list.replaceChildren(
    ...[...input.files].map((file) => {
      const line = document.createElement("li");
      line.textContent = `${file.name} · ${(file.size / 1e6).toFixed(1)} MB`;
      return line;
    }),
  );
}

input.addEventListener("change", show);
for (const name of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(name, (event) => {
    event.preventDefault();
    form.classList.toggle("over", name === "dragover");
    if (name === "drop") take(event.dataTransfer.files);
  });
}
document.addEventListener("paste", (event) => take(event.clipboardData.files));

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const request = new XMLHttpRequest();
  form.querySelector("button").disabled = true;
  bar.hidden = false;
  request.upload.addEventListener("progress", (sent) => {
    bar.value = (100 * sent.loaded) / sent.total;
  });
  request.addEventListener("load", () => {
    if (request.status < 400) return location.assign(request.responseURL);
    const page = new DOMParser().parseFromString(request.responseText, "text/html").querySelector("main");
    document.querySelector("main").replaceChildren(...(page?.childNodes ?? [request.statusText]));
  });
  request.addEventListener("error", () => {
    form.querySelector("button").disabled = false;
    bar.hidden = true;
  });
  request.open("POST", form.action);
  request.send(new FormData(form));
});
