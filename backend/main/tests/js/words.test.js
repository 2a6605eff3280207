import "./window.js";
import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.document.getElementById = (id) => (id === "label-words" ? { textContent: JSON.stringify({ active: "aktiv", dead: "tot" }) } : null);
const words = await import("../../static/main/js/words.js");

const LEVELS = [["Unhurt", 0], ["Bruised", 0], ["Hurt", 1], ["Injured", 1], ["Wounded", 2], ["Mauled", 2], ["Crippled", 5], ["Incapacitated", 0]];
const hurt = (damage) => ({ total: 7, bashing: 0, lethal: 0, aggravated: 0, ...damage });

test("a wound is the level of all damage; boxes beyond the levels are further first ones", () => {
  assert.match(words.wound(hurt({ lethal: 3 }), LEVELS), /^Injured, −1/);
  assert.equal(words.wound(hurt({ bashing: 9 }), LEVELS), "Incapacitated");
  assert.equal(words.wound(hurt({ total: 9, bashing: 3 }), LEVELS), "Bruised");
  assert.match(words.wound(hurt({ total: 5, bashing: 3 }), LEVELS), /^Injured/, "fewer boxes make no wound graver");
});

test("the shortest form says what is left", () => {
  assert.equal(words.mini({ element: "trait-damage5th" }, { total: 7, superficial: 2, aggravated: 1 }), "4/7");
  assert.equal(words.mini({ element: "trait-damage20th" }, hurt({ bashing: 9 })), "0/7");
  assert.equal(words.mini({ element: "trait-dots", fields: [{ max: 5 }] }, 3), "3/5");
  assert.equal(words.mini({ element: "trait-dots", fields: [{ max: 5 }] }, undefined), "–");
});

test("a change names both sides, an entry only that it came or went", () => {
  assert.match(words.changeText(1, 2), /1 → 2/);
  assert.doesNotMatch(words.changeText(null, { name: "Bond" }), /→/);
  assert.equal(words.valueText("x".repeat(200)).length, 140);
  assert.equal(words.changeText("active", "dead", true), "aktiv → tot");
  assert.match(words.changeText(null, "dead"), /→ dead$/, "what somebody typed stays");
  assert.equal(words.valueText({ level: 3, name: "Bond" }), "Bond");
});
