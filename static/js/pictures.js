// Pictures that come by dropping, pasting, choosing files or the camera: take(...files) gets them.
const LONGEST = 2000;
const CLUTTER = /^\.|^(thumbs\.db|desktop\.ini)$/i; // what systems leave behind in folders

export function onChosen(input, take) {
  input.addEventListener("change", () => {
    const files = [...input.files].filter((file) => !CLUTTER.test(file.name));
    input.value = "";
    if (files.length) take(...files);
  });
}

export function onDroppedOrPasted(zone, take) {
  for (const name of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(name, (event) => {
      if (![...(event.dataTransfer?.types ?? [])].includes("Files")) return;
      event.preventDefault();
      zone.classList.toggle("over", name === "dragover");
      if (name === "drop") dropped(event.dataTransfer).then((files) => files.length && take(...files));
    });
  }
  document.addEventListener("paste", (event) => {
    const files = [...event.clipboardData.files];
    if (!files.length) return;
    event.preventDefault();
    take(...files);
  });
}

// The files, and those in folders. What was not dragged from a disk is no entry of one.
async function dropped({ items }) {
  const found = [...items]
    .filter(({ kind }) => kind === "file")
    .map((item) => item.webkitGetAsEntry() ?? item.getAsFile());
  return (await Promise.all(found.map((one) => (one instanceof File ? [one] : filesIn(one))))).flat();
}

async function filesIn(entry, folder = "") {
  if (entry.isFile) {
    const file = await new Promise((done, fail) => entry.file(done, fail));
    return folder && CLUTTER.test(file.name) ? [] : [Object.assign(file, { folder })];
  }
  const reader = entry.createReader();
  const files = [];
  for (;;) {
    const some = await new Promise((done, fail) => reader.readEntries(done, fail)); // a hundred at most
    if (!some.length) return files;
    for (const one of some) files.push(...(await filesIn(one, `${folder}${entry.name}/`)));
  }
}

// Large photos, before they travel. What cannot be decoded here (HEIC, TIFF) travels as it is: the server knows more kinds.
export async function smaller(file) {
  let picture;
  try {
    picture = await createImageBitmap(file);
  } catch {
    return file;
  }
  const scale = LONGEST / Math.max(picture.width, picture.height);
  if (scale >= 1) return file;
  const canvas = new OffscreenCanvas(Math.ceil(picture.width * scale), Math.ceil(picture.height * scale));
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff"; // JPEG knows no transparency
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.9 });
  return new File([blob], "photo.jpg", { type: blob.type });
}

// A dialog with the camera's picture, and where one is wanted a shutter; take(file), or fail() where there is no camera or
// it is not allowed.
export class Camera {
  constructor(dialog, { take, fail }) {
    Object.assign(this, { dialog, take, fail, video: dialog.querySelector("video") });
    dialog.addEventListener("close", () => this.stop());
    dialog.querySelector("[data-shutter]")?.addEventListener("click", () => this.shoot());
    dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  }

  static get isThere() {
    return Boolean(navigator.mediaDevices?.getUserMedia);
  }

  // Whether it can be looked through now.
  async open() {
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({
        video: { facingMode: "environment", width: LONGEST },
      });
    } catch {
      this.fail();
      return false;
    }
    this.video.srcObject = this.stream;
    this.dialog.showModal();
    await this.video.play();
    return true;
  }

  async shoot() {
    const photo = this.frame("photo.jpg");
    if (!photo) return;
    this.dialog.close();
    this.take(await photo);
  }

  // What it shows at this moment, no side longer than that; null before there is anything.
  frame(name, longest = Number.POSITIVE_INFINITY) {
    const { videoWidth, videoHeight } = this.video;
    if (!videoWidth) return null;
    const scale = Math.min(1, longest / Math.max(videoWidth, videoHeight));
    const canvas = new OffscreenCanvas(Math.ceil(videoWidth * scale), Math.ceil(videoHeight * scale));
    canvas.getContext("2d").drawImage(this.video, 0, 0, canvas.width, canvas.height);
    const blob = canvas.convertToBlob({ type: "image/jpeg", quality: 0.9 });
    return blob.then((content) => new File([content], name, { type: content.type }));
  }

  stop() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.video.srcObject = null;
  }
}
