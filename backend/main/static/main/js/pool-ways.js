// What a half-written pool may become, from the character's own traits: the browser's list under the field.

import { $, h } from "./dom.js";
import { call } from "./api.js";

const PAUSE = 200;
let waiting = 0;

export function completePools() {
  document.addEventListener("input", ({ target }) => {
    if (!target.matches?.("[data-complete]")) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => offer(target), PAUSE);
  });
}

/** @param {Found} field */
async function offer(field) {
  const typed = field.value;
  const query = new URLSearchParams({ character: field.dataset.complete ?? "", q: typed });
  // Without an answer the field is a plain one.
  const found = await call("GET", `/api/pool/?${query}`).catch(() => null);
  if (!found || field.value !== typed) return;
  $("#pool-ways").replaceChildren(...found.results.map((/** @type {{ text: string, label: string }} */ { text, label }) => h("option", { value: text, label })));
}
