// Rolls within a text: each shows what came of it.

import { h } from "../dom.js";
import { _ } from "../translation.js";

/**
 * @param {ParentNode} words the text of a message
 * @param {any} card of the message
 */
export function showRolls(words, card) {
  const rolls = [...(card?.rolls ?? [])];
  for (const spot of words.querySelectorAll(".roll")) {
    const source = spot.textContent.slice(2, -2).trim();
    const at = rolls.findIndex((entry) => entry.source === source);
    // What was written into the text later is no roll.
    if (at < 0) continue;
    const [{ roll }] = rolls.splice(at, 1);
    spot.classList.add("rolled", `tone-${roll.outcome.tone}`);
    spot.replaceChildren(h("span", { class: "asked" }, source), h("b", {}, result(roll)));
  }
}

/**
 * The number that counts; where nobody may count, whether it was enough.
 * @param {any} roll
 */
export function result({ outcome, system, rerolled }) {
  const number = outcome.successes;
  const says = number === null ? (outcome.passed ? "✓" : "✗") : String(number);
  const mark = number !== null && system !== "general" && outcome.tone !== "neutral" ? (outcome.passed ? " ✓" : " ✗") : "";
  return says + mark + (rerolled.length ? ` ${_("(rerolled)")}` : "");
}
