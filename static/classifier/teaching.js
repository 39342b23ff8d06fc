// Pictures are sent as soon as they are dropped on a class or chosen for it; how far the upload is, is shown.
const content = document.querySelector("main");
for (const form of content.querySelectorAll("[data-drop]")) listen(form);

function listen(form) {
  const input = form.querySelector("input[type=file]");
  const bar = form.querySelector("progress");

  const take = (files) => {
    if (!files.length) return;
    const all = new DataTransfer();
    for (const file of files) all.items.add(file);
    input.files = all.files;
    input.dispatchEvent(new Event("change"));
  };

  // The class they are dropped on, not the bare form, is what people aim at.
  const target = form.closest(".class") ?? form;
  for (const name of ["dragover", "dragleave", "drop"]) {
    target.addEventListener(name, (event) => {
      event.preventDefault();
      form.classList.toggle("over", name === "dragover");
      if (name === "drop") take(event.dataTransfer.files);
    });
  }

  // A class that has no name yet waits for its button.
  input.addEventListener("change", () => {
    const isZip = [...input.files].some((file) => file.name.toLowerCase().endsWith(".zip"));
    if (isZip || form.elements.label?.value !== "") form.requestSubmit();
  });

  if (bar) form.addEventListener("submit", (event) => send(event, form, bar));
}

function send(event, form, bar) {
  event.preventDefault();
  const request = new XMLHttpRequest();
  const button = form.querySelector("button");
  button.disabled = true;
  bar.hidden = false;
  request.upload.addEventListener("progress", (sent) => {
    bar.value = (100 * sent.loaded) / sent.total;
  });
  request.addEventListener("load", () => show(request));
  request.addEventListener("error", () => {
    button.disabled = false;
    bar.hidden = true;
  });
  request.open("POST", form.action);
  request.send(new FormData(form));
}

// The page that the upload led to, with its messages, in place of this one.
function show(request) {
  const page = new DOMParser().parseFromString(request.responseText, "text/html").querySelector("main");
  if (!request.responseURL.startsWith(location.origin + location.pathname) || !page)
    location.href = request.responseURL;
  content.replaceChildren(...page.childNodes);
  for (const form of content.querySelectorAll("[data-drop]")) listen(form);
  window.htmx.process(content);
}
