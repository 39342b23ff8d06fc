// True once the site can be reached again; a line on the page says so meanwhile.
const notice = document.querySelector("[data-unreachable]");
const FIRST_PAUSE = 1000; // ms between two tries, twice as long each time
const LONGEST_PAUSE = 30_000;
let waiting = null;

export function whenReachable() {
  notice.hidden = false;
  waiting ??= tryAgain().finally(() => {
    notice.hidden = true;
    waiting = null;
  });
  return waiting;
}

async function tryAgain() {
  for (let pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
    await next(pause);
    if (await isReachable()) return true;
  }
}

// After the pause, or once the browser says that there is a network.
function next(pause) {
  return new Promise((done) => {
    setTimeout(done, pause);
    addEventListener("online", done, { once: true });
  });
}

async function isReachable() {
  try {
    return (await fetch(notice.dataset.unreachable, { cache: "no-store" })).ok;
  } catch {
    return false;
  }
}
