// A storyteller does something for a player who is not there: every event names both.

import { $ } from "./dom.js";

/** @param {Changes} changes */
export function actForOthers(changes) {
  const box = $("[data-acting]");
  if (!box) return;
  const tell = () => (changes.actingFor = box.checked ? box.value : null);
  box.addEventListener("change", tell);
  tell(); // a browser may bring the tick back when the page is loaded again
  document.addEventListener("htmx:configRequest", ({ detail }) => {
    if (box.checked && detail.verb === "post") detail.parameters.acting_for = "yes";
  });
}
