// One sentence for screen readers, when a press changed something that the focus is not on.

import { h } from "./dom.js";

/** @type {HTMLElement | undefined} */
let region;

/** @param {string} text */
export function say(text) {
  const place = (region ??= document.body.appendChild(h("p", { class: "visually-hidden", role: "status", id: "says-now" })));
  place.textContent = "";
  setTimeout(() => (place.textContent = text), 60);
}
