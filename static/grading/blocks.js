// Blocks of items are moved by buttons, by keys and by their handle; a removed one comes back until the page is left.
const handleOf = (block) => block.querySelector("[data-handle]");
const middle = (element) => {
  const { top, height } = element.getBoundingClientRect();
  return top + height / 2;
};

export function beginBlocks(blocks, changed) {
  const isThere = (block) => block?.matches("[data-block]") && !block.matches(".removed");
  const steps = { "-1": "previousElementSibling", 1: "nextElementSibling" };

  function beside(block, step) {
    let next = block[steps[step]];
    while (next && !isThere(next)) next = next[steps[step]];
    return next;
  }

  // The other one goes around it, so that it keeps the pointer and the focus.
  function move(block, step) {
    const next = beside(block, step);
    if (!next) return;
    step < 0 ? block.after(next) : block.before(next);
    changed(block);
  }

  function drag(event, block) {
    event.preventDefault();
    const handle = handleOf(block);
    handle.focus({ preventScroll: true });
    handle.setPointerCapture(event.pointerId);
    blocks.classList.add("sorting"); // their heads alone
    block.classList.add("moving");
    scrollBy(0, middle(handle) - event.clientY);
    const follow = ({ clientY }) => {
      for (const step of [-1, 1]) {
        let next = beside(block, step);
        while (next && (middle(next) - clientY) * step < 0) {
          move(block, step);
          next = beside(block, step);
        }
      }
    };
    const end = () => {
      handle.removeEventListener("pointermove", follow);
      blocks.classList.remove("sorting");
      block.classList.remove("moving");
      block.scrollIntoView({ block: "nearest" });
    };
    handle.addEventListener("pointermove", follow);
    handle.addEventListener("lostpointercapture", end, { once: true });
  }

  function remove(block, is) {
    block.querySelector('[name$="-DELETE"]').checked = is;
    changed(block);
    block.querySelector(is ? "[data-bring-back]" : "[data-remove]").focus();
  }

  blocks.addEventListener("pointerdown", (event) => {
    if (event.target.closest("[data-handle]") && event.button === 0)
      drag(event, event.target.closest("[data-block]"));
  });
  blocks.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    const block = event.target.closest("[data-block]");
    if (button?.dataset.move) {
      move(block, Number(button.dataset.move));
      block.scrollIntoView({ block: "nearest" });
    } else if (button?.matches("[data-remove]")) remove(block, true);
    else if (button?.matches("[data-bring-back]")) remove(block, false);
  });
  blocks.addEventListener("keydown", (event) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step || !(event.altKey || event.target.closest("[data-handle]"))) return;
    event.preventDefault();
    const block = event.target.closest("[data-block]");
    move(block, step);
    block.scrollIntoView({ block: "nearest" });
  });
}
