import assert from "node:assert/strict";
import { test } from "node:test";
import { Draft, count, difference, merged, put } from "../../static/main/js/layout/draft.js";
import { PICTURE, SAFE, anchored, boxOf, isInside, linesTo, nudged, placeOf, safe, sized, snapped } from "../../static/main/js/layout/geometry.js";

const card = { left: 300, top: 200, width: 400, height: 180 };

test("a place and its box are the same thing", () => {
  for (let round = 0; round < 500; round++) {
    const size = { width: Math.random() * 1800, height: Math.random() * 1000 };
    const box = { ...size, left: Math.random() * (1920 - size.width), top: Math.random() * (1080 - size.height) };
    const again = boxOf(placeOf(box), size);
    assert.ok(Math.abs(again.left - box.left) < 0.1 && Math.abs(again.top - box.top) < 0.06, JSON.stringify(box));
  }
});

test("no place is outside of the picture, wherever it was dragged", () => {
  assert.deepEqual(placeOf({ ...card, left: -900, top: 5000 }), { x: 0, y: 100 });
  assert.equal(placeOf({ left: 0, top: 1000, width: 1920, height: 40 }, { x: 7, y: 0 }).x, 7);
});

test("arrows move by one percent, with shift by five, and never out", () => {
  assert.deepEqual(nudged({ x: 50, y: 50 }, "ArrowLeft", false), { x: 49, y: 50 });
  assert.deepEqual(nudged({ x: 50, y: 98, size: 120 }, "ArrowDown", true), { x: 50, y: 100, size: 120 });
  assert.equal(nudged({ x: 50, y: 50 }, "Enter", false), null);
});

test("its own size is no size", () => {
  assert.deepEqual(sized({ x: 1, y: 2, size: 150 }, 100), { x: 1, y: 2 });
  assert.deepEqual(sized({ x: 1, y: 2 }, 900), { x: 1, y: 2, size: 250 });
});

test("what comes near an edge or a middle of another stands there", () => {
  const lines = linesTo([{ left: 1000, top: 500, width: 200, height: 100 }]);
  const near = snapped({ ...card, left: 1000 - 400 + 7, top: 457 }, lines, 12);
  assert.equal(near.box.left, 600);
  assert.equal(near.x, 1000);
  assert.equal(near.box.top + 90, 550);
  const far = snapped({ ...card, left: 333, top: 250 }, linesTo([]), 8);
  assert.deepEqual([far.box.left, far.x], [333, null]);
});

test("the nearest line wins, and an edge counts before the grid", () => {
  const near = snapped({ ...card, left: 95 }, linesTo([]), 12, true);
  assert.equal(near.box.left, 96);
  const grid = snapped({ ...card, left: 310, top: 222 }, { x: [], y: [] }, 12, true);
  assert.deepEqual([grid.box.left, grid.box.top], [288, 216]);
});

test("the nine anchors are in the title-safe area", () => {
  for (const column of [0, 1, 2]) {
    for (const row of [0, 1, 2]) assert.ok(isInside(anchored(card, column, row), safe(SAFE.title)));
  }
  const wide = anchored({ width: 1920, height: 40 }, 0, 2);
  assert.equal(wide.left, 0);
  assert.ok(!isInside({ ...PICTURE }, safe(SAFE.action)));
});

const empty = () => ({ badges: {}, chips: {}, version: 0 });
const draft = () => new Draft({ large: empty(), medium: empty(), compact: empty() });

test("a difference makes one layout into another", () => {
  const random = () => {
    let layout = { badges: {}, chips: {} };
    for (const name of ["a", "b", "c"]) {
      if (Math.random() < 0.6) layout = put(layout, Math.random() < 0.5 ? "badges" : "chips", name, { x: Math.floor(Math.random() * 3), y: 1 });
    }
    return layout;
  };
  for (let round = 0; round < 300; round++) {
    const [before, after] = [random(), random()];
    assert.deepEqual(merged(before, difference(before, after)), after);
    assert.equal(count(difference(after, after)), 0);
  }
});

test("a series of presses is one step, and can be given up", () => {
  const made = draft();
  for (const x of [1, 2, 3]) made.change("medium", put(made.now.medium, "badges", "rolls", { x, y: 0 }), "s1");
  made.change("medium", put(made.now.medium, "badges", "title", { x: 9, y: 9 }), "s2");
  assert.ok(made.isAt("s2") && !made.isAt("s1"));
  made.undo();
  assert.deepEqual(made.now.medium.badges, { rolls: { x: 3, y: 0 } });
  made.undo();
  assert.deepEqual(made.now.medium.badges, {});
  made.redo();
  assert.deepEqual(made.now.medium.badges, { rolls: { x: 3, y: 0 } });
  assert.deepEqual(made.unsaved, ["medium"]);
});

test("what changes nothing is no step", () => {
  const made = draft();
  made.change("large", put(made.now.large, "badges", "rolls", null));
  assert.ok(!made.canUndo);
});

test("when somebody else saved, nothing of either is lost", () => {
  const made = draft();
  made.change("medium", put(made.now.medium, "badges", "rolls", { x: 1, y: 1 }));
  const theirs = { badges: { title: { x: 5, y: 5 } }, chips: {}, version: 4 };
  made.rebase("medium", theirs, true);
  assert.deepEqual(made.now.medium.badges, { title: { x: 5, y: 5 }, rolls: { x: 1, y: 1 } });
  assert.deepEqual(made.changes("medium"), { badges: { rolls: { x: 1, y: 1 } }, chips: {} });
  made.rebase("medium", theirs, false);
  assert.deepEqual(made.unsaved, []);
  made.undo();
  assert.deepEqual(made.now.medium.badges.rolls, { x: 1, y: 1 });
});
