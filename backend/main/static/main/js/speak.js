// One sentence for screen readers, when a press changed something that the focus is not on.

import { h } from "./dom.js";

let region = null;

export function say(text) {
  region ??= document.body.appendChild(h("p", { class: "visually-hidden", role: "status", id: "says-now" }));
  region.textContent = "";
  setTimeout(() => (region.textContent = text), 60);
}
