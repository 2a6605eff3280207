// Small − and + around a name.

import { h } from "../dom.js";

/** `step(-1)` and `step(+1)` do it. */
export function stepper(shown, label, step) {
  const one = (sign, amount, verb) =>
    h("button", { type: "button", "aria-label": `${label}: ${verb}`, onclick: () => step(amount) }, sign);
  return h(
    "span",
    { class: "step" },
    one("−", -1, "one less"),
    h("span", { class: "name", "aria-hidden": "true" }, shown),
    one("+", 1, "one more"),
  );
}
