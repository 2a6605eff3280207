// Small − and + around a name.

import { h } from "../dom.js";
import { _ } from "../translation.js";

/**
 * `step(-1)` and `step(+1)` do it. `word` explains the sign where there is room.
 * @param {string} shown
 * @param {string} label
 * @param {(amount: number) => unknown} step
 * @param {string} word
 */
export function stepper(shown, label, step, word = "") {
  /**
   * @param {string} sign
   * @param {number} amount
   * @param {string} verb
   */
  const one = (sign, amount, verb) =>
    h("button", { type: "button", "aria-label": `${label}: ${verb}`, onclick: () => step(amount) }, sign);
  return h(
    "span",
    { class: "step" },
    one("−", -1, _("one less")),
    h("span", { class: "name", "aria-hidden": "true" }, shown, h("span", { class: "word" }, word)),
    one("+", 1, _("one more")),
  );
}
