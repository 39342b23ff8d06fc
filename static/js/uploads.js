// Files that are chosen, dropped or pasted: size and kind are checked before anything travels, each has its line with how
// far it is, and what was chosen stays until the site has taken it.
const INPUTS = "input[type=file][data-most-bytes]";
const EXTENSION = /\.\w{1,5}$/;
const texts = document.querySelector("[data-form-texts]").dataset;

// What an input holds, and these, as far as they can be used.
export function addFiles(input, files) {
  const held = input.multiple ? [...(chosen.get(input) ?? [])] : [];
  const isNew = (file) => !held.some((one) => one.name === file.name && one.size === file.size);
  const refused = files.filter((file) => problemOf(input, file));
  hold(input, [...held, ...files.filter((file) => !refused.includes(file) && isNew(file))]);
  showFiles(input, refused);
}

const chosen = new WeakMap(); // input → its files

function hold(input, files) {
  setFiles(input, files);
  chosen.set(input, files);
}

export function setFiles(input, files) {
  const all = new DataTransfer();
  for (const file of files) all.items.add(file);
  input.files = all.files;
}

// A ZIP may be larger than one file, where there is another limit for it. Of an input, or a form.
export function isTooLarge({ dataset }, { name, size }) {
  const isZip = dataset.mostZipBytes && name.toLowerCase().endsWith(".zip");
  return size > (isZip ? dataset.mostZipBytes : dataset.mostBytes);
}

function problemOf(input, file) {
  if (isTooLarge(input, file)) return said(texts.tooLarge, { most: size(input.dataset.mostBytes) });
  return isAccepted(input, file) ? "" : said(texts.wrongKind, { kinds: kindsOf(input) });
}

function kindsOf({ accept }) {
  return accept.replace("image/*", texts.pictures).replaceAll(",", ", ");
}

// A name without an extension tells nothing: the site looks into the file.
function isAccepted({ accept }, { name, type }) {
  if (!accept || !EXTENSION.test(name)) return true;
  return accept.split(",").some((one) => {
    if (one.startsWith(".")) return name.toLowerCase().endsWith(one);
    return one.endsWith("/*") ? type.startsWith(one.slice(0, -1)) : type === one;
  });
}

// A sentence with its {names} filled in.
export function said(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (_all, name) => values[name]);
}

function size(bytes) {
  if (bytes < 1e5) return `${Math.ceil(bytes / 1e3)} kB`;
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}

function listOf(input) {
  const list = input.parentElement.querySelector(".files") ?? document.createElement("ul");
  list.className = "files";
  list.setAttribute("aria-live", "polite");
  if (!list.isConnected) input.after(list);
  return list;
}

function showFiles(input, refused = []) {
  const lines = [...input.files].map((file) => lineOf(input, file));
  listOf(input).replaceChildren(...lines, ...refused.map((file) => refusalOf(input, file)));
}

function lineOf(input, file) {
  const line = document.createElement("li");
  const bar = Object.assign(document.createElement("progress"), { max: 1, value: 0, hidden: true });
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: "×" });
  button.className = "quiet small";
  button.setAttribute("aria-label", said(texts.leaveOut, { name: file.name }));
  button.addEventListener("click", () => {
    hold(
      input,
      [...input.files].filter((one) => one !== file),
    );
    showFiles(input);
    input.focus();
  });
  bar.setAttribute("aria-label", file.name);
  line.append(`${file.name} · ${size(file.size)} `, bar, button);
  return line;
}

function refusalOf(input, file) {
  const line = document.createElement("li");
  line.className = "problem";
  line.setAttribute("role", "alert");
  line.textContent = `${file.name}: ${problemOf(input, file)}`;
  return line;
}

// Before whoever sends as soon as something is chosen.
document.addEventListener(
  "change",
  (event) => {
    const input = event.target;
    if (!input.matches(INPUTS)) return;
    addFiles(input, [...input.files]);
    if (!input.files.length) event.stopImmediatePropagation();
  },
  true,
);

// Bytes travel in the order of the files; what is around them is little.
document.body.addEventListener("htmx:xhr:progress", ({ target, detail }) => {
  for (const input of target.querySelectorAll(INPUTS)) showProgress(input, detail.loaded / detail.total);
});
document.body.addEventListener("htmx:afterRequest", ({ target }) => {
  for (const bar of target.querySelectorAll?.(".files progress") ?? []) bar.hidden = true;
});

function showProgress(input, share) {
  const files = [...input.files];
  let sent = share * files.reduce((sum, file) => sum + file.size, 0);
  for (const [at, bar] of listOf(input).querySelectorAll("progress").entries()) {
    bar.hidden = false;
    bar.value = Math.min(Math.max(sent / (files[at].size || 1), 0), 1);
    sent -= files[at].size;
  }
}
