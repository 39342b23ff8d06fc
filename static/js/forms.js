// Every form is sent by htmx, so that its page stays as it is until the site has taken it: what was refused is said
// in the form, who must sign in does so on the page, and what did not arrive is sent again once it can be.
import { whenReachable } from "./connection.js";
import { csrfToken, renewSession } from "./session.js";

const FORMS = 'form[method="post"]:not([hx-post], [data-native])';
const NOT_THERE = [502, 503, 504]; // a proxy or the site waits for what comes back
const texts = document.querySelector("[data-form-texts]").dataset;
const keys = new WeakMap(); // form → what tells the site that it is the same one, sent again
const renewed = new WeakSet(); // forms that were sent again with another token

function enhance(form) {
  const attributes = {
    post: form.getAttribute("action") ?? location.pathname + location.search,
    target: "#content",
    select: "#content",
    swap: "outerHTML show:window:top",
    sync: "this:drop",
    "disabled-elt": "find button:not([type=button])",
    encoding: form.enctype,
  };
  for (const [name, value] of Object.entries(attributes)) form.setAttribute(`hx-${name}`, value);
}

for (const form of document.querySelectorAll(FORMS)) enhance(form);
document.body.addEventListener("htmx:load", ({ target }) => {
  for (const form of target.querySelectorAll(FORMS)) {
    enhance(form);
    window.htmx.process(form);
  }
});

document.body.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.verb === "get") return;
  if (!keys.has(detail.elt)) keys.set(detail.elt, crypto.getRandomValues(new Uint32Array(4)).join("-"));
  detail.headers["Idempotency-Key"] = keys.get(detail.elt);
  detail.parameters.csrfmiddlewaretoken = csrfToken();
});

document.body.addEventListener("htmx:afterOnLoad", ({ detail }) => {
  if (isSentAgain(detail.xhr.status)) return;
  keys.delete(detail.requestConfig.elt);
  renewed.delete(detail.requestConfig.elt);
});

// A page instead of the address of another one: the form with what is wrong in it, or a result.
document.body.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const form = detail.requestConfig.elt;
  if (!detail.shouldSwap || !form.matches("form")) return;
  const refused = refusedForm(form, detail.serverResponse);
  if (!refused) return;
  detail.shouldSwap = false;
  clear(form);
  showErrors(form, refused);
});

document.body.addEventListener("htmx:responseError", ({ detail }) => {
  const { xhr, requestConfig } = detail;
  if (NOT_THERE.includes(xhr.status)) again(requestConfig, whenReachable());
  else if (xhr.status !== 401) say(requestConfig.elt, sentenceOf(xhr));
  else if (renewed.delete(requestConfig.elt)) say(requestConfig.elt, xhr.responseText);
  else {
    renewed.add(requestConfig.elt);
    again(requestConfig, renewSession());
  }
});
for (const name of ["htmx:sendError", "htmx:timeout"])
  document.body.addEventListener(name, ({ detail }) => again(detail.requestConfig, whenReachable()));

function isSentAgain(status) {
  return status === 401 || NOT_THERE.includes(status);
}

// Once that is there; where nobody signed in, the form stays as it is.
async function again({ elt, verb, path, triggeringEvent: event }, isReady) {
  if (!(await isReady)) {
    renewed.delete(elt);
    return say(elt, texts.signedOut);
  }
  const button = event?.submitter;
  const values = button?.name ? { [button.name]: button.value } : {};
  window.htmx.ajax(verb, path, { source: elt, event, values }).catch(() => null); // events tell how it went
}

function refusedForm(form, html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const twin = [...page.forms].find((one) => one.getAttribute("action") === form.getAttribute("action"));
  return twin?.querySelector(".errorlist, .problem:not([hidden])") ? twin : null;
}

// The sentences of the answer, each at its field in the form as it is.
function showErrors(form, refused) {
  for (const list of refused.querySelectorAll(".errorlist")) {
    const field = list.id ? form.querySelector(`#${CSS.escape(list.id.replace(/_error$/, ""))}`) : null;
    field?.setAttribute("aria-invalid", "true");
    field?.setAttribute("aria-describedby", list.id);
    if (field) field.after(list);
    else form.prepend(list);
  }
  const problem = refused.querySelector(".problem:not([hidden])");
  if (problem) say(form, problem.textContent);
  form.querySelector("[aria-invalid]")?.focus();
}

function clear(form) {
  for (const list of form.querySelectorAll(".errorlist")) list.remove();
  for (const problem of form.querySelectorAll(".problem")) problem.hidden = true;
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
}

function sentenceOf(xhr) {
  return xhr.getResponseHeader("Content-Type")?.startsWith("text/plain") ? xhr.responseText : texts.server;
}

function say(elt, sentence) {
  const form = elt.closest("form");
  if (!form) return; // what asked was no person
  clear(form);
  let problem = form.querySelector(".problem");
  if (!problem) {
    problem = document.createElement("p");
    problem.className = "problem";
    problem.setAttribute("role", "alert");
    form.append(problem);
  }
  problem.textContent = sentence.trim();
  problem.hidden = false;
  problem.scrollIntoView({ block: "nearest" });
}
