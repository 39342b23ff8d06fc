// Whoever leaves a form that was changed and not sent is asked whether they mean it.
const valuesOf = (form) => {
  const fields = new FormData(form);
  fields.delete("csrfmiddlewaretoken"); // which is renewed where one signs in again
  return new URLSearchParams(fields).toString();
};

export function askBeforeLeaving(form) {
  const saved = "unsaved" in form.dataset ? null : valuesOf(form);
  let isSent = false;
  form.addEventListener("submit", () => (isSent = true));
  form.addEventListener("htmx:beforeRequest", () => (isSent = true));
  // A page came back, or nothing did: what was typed is still here. Where it was taken, the browser is led on instead.
  for (const name of ["htmx:beforeSwap", "htmx:responseError", "htmx:sendError", "htmx:timeout"])
    document.body.addEventListener(name, () => (isSent = false));
  addEventListener("beforeunload", (event) => {
    if (form.isConnected && !isSent && valuesOf(form) !== saved) event.preventDefault();
  });
}
