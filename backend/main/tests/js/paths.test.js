import assert from "node:assert/strict";
import { test } from "node:test";
import { get, highest, overlap, put, same, slugOf } from "../../static/main/js/paths.js";

test("a path reads into a document, and past its end finds nothing", () => {
  const sheet = { health: { total: 7 }, disciplines: { a: { powers: { b: { name: "Awe" } } } } };
  assert.equal(get(sheet, "health.total"), 7);
  assert.equal(get(sheet, "disciplines.a.powers.b.name"), "Awe");
  assert.equal(get(sheet, "health.total.more"), undefined);
  assert.equal(get({ health: null }, "health.total"), undefined);
});

test("a value is put where its path leads, and nothing takes it away", () => {
  const sheet = { health: { total: 7 } };
  put(sheet, "merits.a.name", "Iron will");
  put(sheet, "health.total", null);
  put(sheet, "missing.deep", null);
  assert.deepEqual(sheet, { health: {}, merits: { a: { name: "Iron will" } } });
});

test("paths overlap where one is the other or stands above it, not where they only begin alike", () => {
  assert.ok(overlap("health", "health.total"));
  assert.ok(overlap("health.total", "health"));
  assert.ok(!overlap("health", "healthy"));
  assert.ok(!overlap("health.total", "health.superficial"));
  assert.equal(slugOf("health.total"), "health");
  assert.ok(same({ a: [1] }, { a: [1] }));
});

test("a field goes as high as the trait that decides says", () => {
  const rule = { by: "generation", of: { 7: 6, 4: 9 }, otherwise: 5 };
  assert.equal(highest({ max: 10, highest: rule }, { generation: 7 }), 6);
  assert.equal(highest({ max: 10, highest: rule }, { generation: 13 }), 5);
  assert.equal(highest({ max: 10 }, {}), 10);
});
