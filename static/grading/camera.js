// Answer sheets before a camera: each that lies still and is sharp is photographed by itself, and its score shown.
import { onChosen } from "../js/pictures.js";
import { MarkerFinder } from "./markers.js";
import { SheetWatch } from "./sheet-watch.js";
import { blurOf } from "./sharpness.js";
import { TakenSheets } from "./taken.js";

const LONGEST = 800; // px of the picture in which markers are looked for
const EVERY = 70; // ms between two of them
const BURST = 5; // pictures, of which the sharpest is sent
const MOST_BLUR = 0.4; // mm; a pencil's stroke is as wide
const ASKED = { facingMode: "environment", width: { ideal: 3840 }, height: { ideal: 2160 } };

const root = document.querySelector("[data-scanning]");
const part = (name) => root.querySelector(`[data-${name}]`);
const texts = Object.fromEntries(
  [...root.querySelectorAll("[data-say]")].map((one) => [one.dataset.say, one.textContent]),
);

class Scanning {
  watch = new SheetWatch();
  isTaking = false;
  isFlashing = false;

  constructor(taken) {
    Object.assign(this, { taken, video: part("video") });
    part("shutter").addEventListener("click", () => this.shoot(true));
    part("torch").addEventListener("click", () => this.switchTorch());
    part("start").addEventListener("click", () => this.start());
    addEventListener("pointerdown", () => this.sound?.resume(), { passive: true });
  }

  async start() {
    part("start").hidden = true;
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ video: ASKED });
    } catch ({ name }) {
      return this.fail(name === "NotAllowedError" ? texts.refused : texts.noCamera);
    }
    [this.track] = this.stream.getVideoTracks();
    this.track.addEventListener("ended", () => this.fail(texts.ended));
    this.video.srcObject = this.stream;
    await this.video.play();
    part("fail").hidden = true;
    part("live").hidden = false;
    part("torch").hidden = !this.track.getCapabilities?.().torch;
    this.sound ??= new AudioContext();
    navigator.wakeLock?.request("screen").catch(() => {}); // a pile takes longer than a phone stays awake
    this.look();
  }

  fail(sentence) {
    part("live").hidden = true;
    part("fail").hidden = false;
    part("fail").textContent = sentence;
    part("start").hidden = false;
  }

  // From picture to picture, as long as the camera runs.
  look() {
    const began = performance.now();
    if (!this.track || this.track.readyState === "ended") return;
    if (!this.isTaking && this.video.videoWidth) this.see(began);
    setTimeout(
      () => requestAnimationFrame(() => this.look()),
      Math.max(0, EVERY - (performance.now() - began)),
    );
  }

  see(now) {
    const { videoWidth, videoHeight } = this.video;
    const scale = Math.max(1, Math.max(videoWidth, videoHeight) / LONGEST);
    const [width, height] = [Math.round(videoWidth / scale), Math.round(videoHeight / scale)];
    if (this.finder?.width !== width || this.finder.height !== height) this.prepare(width, height);
    this.context.drawImage(this.video, 0, 0, width, height);
    const markers = this.finder.find(this.context.getImageData(0, 0, width, height).data);
    const { state, corners } = this.watch.see(markers, this.finder, scale, now);
    this.sheet = corners && { markers: enlarged(markers, scale), corners };
    this.show(state, corners);
    root.dataset.took = Math.round(performance.now() - now); // ms, for who looks why it is slow
    if (state === "still") this.shoot(false);
  }

  prepare(width, height) {
    this.finder = new MarkerFinder(width, height);
    this.context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
    part("outline").setAttribute("viewBox", `0 0 ${width} ${height}`);
  }

  show(state, corners) {
    root.dataset.state = state;
    part("state").textContent = texts[state];
    part("outline").firstElementChild.setAttribute(
      "points",
      corners ? corners.map((one) => one.join()).join(" ") : "",
    );
  }

  // isAsked: a person pressed the button, whatever is seen.
  async shoot(isAsked) {
    if (this.isTaking || !this.video.videoWidth) return;
    this.isTaking = true;
    const { sheet } = this;
    const best = await this.burst(sheet?.markers);
    if (isAsked || best.blur <= MOST_BLUR) await this.keep(best.picture, sheet?.corners);
    else this.show("blurred", sheet.corners);
    best.picture.close();
    this.isTaking = false;
  }

  async burst(markers) {
    let best = null;
    for (let left = markers ? BURST : 1; left; left--) {
      const picture = await createImageBitmap(this.video);
      const blur = markers ? blurOf(picture, markers) : 0;
      const [worse, better] = best && best.blur <= blur ? [{ picture }, best] : [best, { picture, blur }];
      worse?.picture.close();
      best = better;
      await new Promise((done) => this.nextPicture(done));
    }
    return best;
  }

  nextPicture(done) {
    if (this.video.requestVideoFrameCallback) this.video.requestVideoFrameCallback(done);
    else requestAnimationFrame(done);
  }

  async keep(picture, corners) {
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    canvas.getContext("2d").drawImage(picture, 0, 0);
    const content = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.92 });
    if (corners) this.watch.remember(this.finder, corners);
    this.show("taken", corners);
    this.signal();
    this.taken.take(new File([content], nameOfNow(), { type: content.type }));
  }

  // A short tone, a short buzz, a flash of the outline.
  signal() {
    navigator.vibrate?.(60);
    part("outline").animate?.({ opacity: [0, 1] }, 300);
    if (this.sound?.state !== "running") return; // nobody has touched the page yet
    const tone = this.sound.createOscillator();
    const volume = this.sound.createGain();
    volume.gain.setValueAtTime(0.2, this.sound.currentTime);
    volume.gain.exponentialRampToValueAtTime(0.001, this.sound.currentTime + 0.12);
    tone.frequency.value = 1320; // Hz
    tone.connect(volume).connect(this.sound.destination);
    tone.start();
    tone.stop(this.sound.currentTime + 0.12);
  }

  async switchTorch() {
    this.isFlashing = !this.isFlashing;
    await this.track.applyConstraints({ advanced: [{ torch: this.isFlashing }] });
    part("torch").setAttribute("aria-pressed", String(this.isFlashing));
  }
}

function enlarged(markers, scale) {
  return markers.map(({ id, corners }) => ({ id, corners: corners.map(([x, y]) => [x * scale, y * scale]) }));
}

function nameOfNow() {
  const now = new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString();
  return `camera-${now.slice(0, 19).replace("T", "-").replaceAll(":", "")}.jpg`;
}

const list = part("taken");
const sheets = new TakenSheets(list, texts, (sentence) => {
  part("read").textContent = sentence;
});
onChosen(part("files"), (...files) => {
  for (const file of files) sheets.take(file);
});
const scanning = new Scanning(sheets);
if (!window.isSecureContext) part("unsafe").hidden = false;
else if (navigator.mediaDevices?.getUserMedia) scanning.start();
else part("none").hidden = false;
