// Scans can be dropped or pasted anywhere on the page.
import { onDroppedOrPasted } from "../js/pictures.js";
import { addFiles } from "../js/uploads.js";

const form = document.querySelector("[data-drop]");
onDroppedOrPasted(form, (...files) => addFiles(form.querySelector("input[type=file]"), files));
