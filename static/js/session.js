// The session and its CSRF token may end while a page is open: one signs in on the page, and what was asked goes on.
const template = document.querySelector("[data-sign-in]"); // of a page that someone signed in for
let renewing = null;

export function csrfToken() {
  return JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
}

// Whether the page may go on: its person is signed in, and forms have the token of now.
export function renewSession() {
  renewing ??= renew()
    .catch(() => false)
    .finally(() => (renewing = null));
  return renewing;
}

async function renew() {
  if (!template) return false;
  return (await isOwnSession()) || signIn();
}

async function isOwnSession() {
  const session = await (await fetch(template.dataset.session)).json();
  useToken(session.csrf_token);
  return session.username === template.dataset.signIn;
}

function useToken(token) {
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
  for (const input of document.querySelectorAll("[name=csrfmiddlewaretoken]")) input.value = token;
}

// True once they have, false where they close the dialog.
function signIn() {
  const dialog = template.content.firstElementChild.cloneNode(true);
  const form = dialog.querySelector("form");
  document.body.append(dialog);
  form.elements.csrfmiddlewaretoken.value = csrfToken();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form).then((problem) => (problem === "" ? dialog.close("done") : say(dialog, problem)));
  });
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  const signedInElsewhere = async () => (await isOwnSession().catch(() => false)) && dialog.close("done");
  window.addEventListener("focus", signedInElsewhere); // on another tab, by the school's login
  dialog.showModal();
  form.elements.password.focus();
  return new Promise((done) =>
    dialog.addEventListener("close", () => {
      window.removeEventListener("focus", signedInElsewhere);
      dialog.remove();
      done(dialog.returnValue === "done");
    }),
  );
}

// What went wrong: "" where they are signed in, null where the second factor is still asked.
async function send(form) {
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      headers: { "HX-Request": "true" },
      body: new FormData(form),
    });
    if (!answer.ok || answer.status === 200) return problemIn(await answer.text());
    const leadsTo = answer.headers.get("HX-Redirect");
    if (leadsTo === template.dataset.codePage) return askForCode(form);
    if (leadsTo === template.dataset.setUpPage) return template.dataset.setUpFirst;
    return (await isOwnSession()) ? "" : template.dataset.otherPerson;
  } catch {
    return template.dataset.unreachable;
  }
}

function askForCode(form) {
  form.action = template.dataset.codePage;
  for (const part of form.querySelectorAll("[data-first], [data-second]")) {
    part.hidden = "first" in part.dataset;
    for (const input of part.querySelectorAll("input")) input.disabled = part.hidden;
  }
  form.elements.code.focus();
  return null;
}

// The sentence of a page with the form, or one that is alone.
function problemIn(text) {
  const { body } = new DOMParser().parseFromString(text, "text/html");
  return (body.querySelector(".errorlist, .problem") ?? body).textContent.trim();
}

function say(dialog, sentence) {
  const problem = dialog.querySelector(".problem");
  problem.textContent = sentence ?? "";
  problem.hidden = sentence === null;
}
