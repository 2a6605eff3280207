import "./window.js";
import assert from "node:assert/strict";
import { test } from "node:test";
import { apply } from "../../static/main/js/optimistic.js";

const FIELDS = {
  hunger: { min: 0, max: 5 },
  "willpower.current": { min: 0, max: 10, roof: "willpower.total" },
  "quintessence.quintessence": { min: 0, max: 20 },
  "humanity.stains": { min: 0, max: 10 },
};
const character = { field: (path) => FIELDS[path] };
const adjusted = (fields, path, value) => (apply(fields, { op: "adjust", path, value }, character), fields);

test("an amount stays between the ends of its field", () => {
  assert.equal(adjusted({ hunger: 4 }, "hunger", 3).hunger, 5);
  assert.equal(adjusted({ hunger: 1 }, "hunger", -3).hunger, 0);
  assert.equal(adjusted({}, "hunger", 2).hunger, 2, "what is not there yet begins at its least");
});

test("damage fills the boxes that are left", () => {
  const health = () => ({ health: { total: 7, superficial: 5, aggravated: 1 } });
  assert.equal(adjusted(health(), "health.superficial", 4).health.superficial, 6);
  assert.equal(adjusted(health(), "health.aggravated", 9).health.aggravated, 7);
  const twentieth = { health: { total: 7, bashing: 2, lethal: 1, aggravated: 1 } };
  assert.equal(adjusted(twentieth, "health.lethal", 9).health.lethal, 4);
});

test("points stop at their rating, but what is above it already stays", () => {
  assert.equal(adjusted({ willpower: { total: 5, current: 4 } }, "willpower.current", 3).willpower.current, 5);
  assert.equal(adjusted({ willpower: { total: 5, current: 7 } }, "willpower.current", 1).willpower.current, 7);
});

test("the wheel of quintessence leaves the slots of paradox", () => {
  const wheel = { quintessence: { quintessence: 10, paradox: 8 } };
  assert.equal(adjusted(wheel, "quintessence.quintessence", 9).quintessence.quintessence, 12);
});

test("stains fill the dots that humanity leaves", () => {
  assert.equal(adjusted({ humanity: { value: 7, stains: 2 } }, "humanity.stains", 5).humanity.stains, 3);
});

test("entries come under the name that waits for the server's, and go", () => {
  const sheet = {};
  apply(sheet, { op: "add", path: "merits", value: { name: "Bond" }, temporary: "new-1" }, character);
  assert.deepEqual(sheet, { merits: { "new-1": { name: "Bond" } } });
  apply(sheet, { op: "remove", path: "merits.new-1" }, character);
  assert.deepEqual(sheet, { merits: {} });
});
