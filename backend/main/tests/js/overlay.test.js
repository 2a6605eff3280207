import assert from "node:assert/strict";
import { test } from "node:test";
import { attributes, classes, pairs, pause } from "../../static/main/js/overlay/matching.js";

const keyed = (...keys) => keys.map((key) => ({ key, name: "DIV" }));
const plain = (...names) => names.map((name) => ({ key: "", name }));

test("elements continue by key, wherever they stand now", () => {
  assert.deepEqual(pairs(keyed("a", "b", "c"), keyed("c", "a", "new")), [2, 0, -1]);
});

test("elements without a key continue by their place among such", () => {
  assert.deepEqual(pairs(plain("svg", "svg", "b"), plain("svg", "svg", "svg", "b")), [0, 1, -1, -1]);
  assert.deepEqual(pairs([...keyed("a"), ...plain("svg")], [...plain("svg"), ...keyed("a")]), [1, 0]);
});

test("an element of another name takes nobody's place", () => {
  assert.deepEqual(pairs([{ key: "a", name: "DIV" }], [{ key: "a", name: "LI" }]), [-1]);
});

test("no old element continues twice", () => {
  for (let round = 0; round < 500; round++) {
    const some = () =>
      Array.from({ length: Math.floor(Math.random() * 8) }, (_, at) => ({
        key: Math.random() < 0.5 ? `k${at}` : "",
        name: Math.random() < 0.8 ? "DIV" : "LI",
      })).sort(() => Math.random() - 0.5);
    const [old, fresh] = [some(), some()];
    const found = pairs(old, fresh).filter((at) => at >= 0);
    assert.equal(new Set(found).size, found.length, JSON.stringify([old, fresh]));
    assert.ok(found.every((at) => at < old.length));
  }
});

test("only attributes that differ change, and the page's own stay", () => {
  const own = new Set(["style"]);
  const old = new Map([["a", "1"], ["b", "2"], ["style", "--x: 3"]]);
  const fresh = new Map([["a", "1"], ["c", "3"]]);
  assert.deepEqual([...attributes(old, fresh, own)], [["c", "3"], ["b", null]]);
});

test("an animation that runs is not cut off by a change", () => {
  const own = new Set(["entering"]);
  assert.equal(classes("card entering off", "card on", own), "card on entering");
  assert.equal(classes("", "card", own), "card");
});

test("who lost the server tries again, later each time, and not all at once", () => {
  assert.ok(pause(0, 1) <= 500);
  assert.equal(pause(99, 1), 10_000);
  assert.equal(pause(3, 0), pause(3, 1) / 2);
});
