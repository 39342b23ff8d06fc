// Pictures that come by dropping, pasting, choosing a file or the camera; large photos are made smaller before they travel.
const LONGEST = 2000;

export function onChosen(input, take) {
  input.addEventListener("change", () => {
    const [file] = input.files;
    input.value = "";
    if (file) take(file);
  });
}

export function onDroppedOrPasted(zone, take) {
  for (const name of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(name, (event) => {
      if (![...(event.dataTransfer?.types ?? [])].includes("Files")) return;
      event.preventDefault();
      zone.classList.toggle("over", name === "dragover");
      if (name === "drop") take(event.dataTransfer.files[0]);
    });
  }
  document.addEventListener("paste", (event) => {
    const [file] = event.clipboardData.files;
    if (!file) return;
    event.preventDefault();
    take(file);
  });
}

// What cannot be decoded here (HEIC, TIFF) travels as it is: the server knows more kinds.
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

// A dialog with the camera's picture and a shutter; take(file), or fail() where there is no camera or it is not allowed.
export class Camera {
  constructor(dialog, { take, fail }) {
    Object.assign(this, { dialog, take, fail, video: dialog.querySelector("video") });
    dialog.addEventListener("close", () => this.stop());
    dialog.querySelector("[data-shutter]").addEventListener("click", () => this.shoot());
    dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  }

  static get isThere() { return Boolean(navigator.mediaDevices?.getUserMedia); }

  async open() {
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: LONGEST } });
    } catch {
      this.fail();
      return;
    }
    this.video.srcObject = this.stream;
    this.dialog.showModal();
    await this.video.play();
  }

  async shoot() {
    const { videoWidth, videoHeight } = this.video;
    if (!videoWidth) return;
    const canvas = new OffscreenCanvas(videoWidth, videoHeight);
    canvas.getContext("2d").drawImage(this.video, 0, 0);
    this.dialog.close();
    const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.9 });
    this.take(new File([blob], "photo.jpg", { type: blob.type }));
  }

  stop() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.video.srcObject = null;
  }
}
