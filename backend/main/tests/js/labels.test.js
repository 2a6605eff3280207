import "./window.js";
import assert from "node:assert/strict";
import { test } from "node:test";

const page = {
  "label-words": { Dexterity: "Geschick", Nature: "Wesen", "nature_realm|Nature": "Natur", Disciplines: "Disziplinen", Dominate: "Beherrschung" },
  "notice-sentences": { sentences: { above_generation: "{label} {value} ist zu viel", award: "{name}: {amount}" }, names: ["label"] },
};
globalThis.document.getElementById = (id) => (id in page ? { textContent: JSON.stringify(page[id]) } : null);
const { inWords, label } = await import("../../static/main/js/labels.js");
const { sentence } = await import("../../static/main/js/notices.js");

test("a label is read part by part, with the word of its trait", () => {
  assert.equal(label("Disciplines: Dominate"), "Disziplinen: Beherrschung");
  assert.equal(label("Disciplines: Quietus of Mira"), "Disziplinen: Quietus of Mira");
  assert.deepEqual(inWords({ dexterity: "Dexterity", nature_realm: "Nature", nature: "Nature" }), {
    dexterity: "Geschick",
    nature_realm: "Natur",
    nature: "Wesen",
  });
});

test("a notice names traits in words, and what people typed as it is", () => {
  assert.equal(sentence({ code: "above_generation", data: { label: "Dexterity", value: 6 } }), "Geschick 6 ist zu viel");
  assert.equal(sentence({ code: "award", data: { name: "Nature", amount: 2 } }), "Nature: 2");
});

test("an event that comes in live has its labels in words, and the same frame for everybody otherwise", async () => {
  const opened = [];
  globalThis.WebSocket = class {
    constructor() {
      opened.push(this);
    }
  };
  globalThis.Worker = class {
    postMessage() {}
  };
  const { Gateway } = await import("../../static/main/js/gateway.js");
  const gateway = new Gateway("ws://sheet.test/");
  const heard = [];
  gateway.addEventListener("update", ({ detail }) => heard.push(detail));
  gateway.start();
  const frame = { type: "update", stream: "character:1", seq: 1, id: "1", version: 1, fields: {}, event: { changes: { dexterity: [1, 2] }, labels: { dexterity: "Dexterity" } } };
  opened[0].onmessage({ data: JSON.stringify(frame) });
  assert.deepEqual(heard, [{ ...frame, event: { ...frame.event, labels: { dexterity: "Geschick" } } }]);
});
