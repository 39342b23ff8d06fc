// What the page of the design shows only when asked: toasts of each kind, and the dialog.
for (const button of document.querySelectorAll("[data-show]"))
  button.addEventListener("click", () => {
    const { show, text, action } = button.dataset;
    if (show === "dialog") document.querySelector("dialog").showModal();
    else
      document.dispatchEvent(
        new CustomEvent("toast", { detail: { text, kind: show, action: actionOf(action) } }),
      );
  });

function actionOf(name) {
  if (!name) return undefined;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "secondary small";
  button.textContent = name;
  return button;
}
