import assert from "node:assert/strict";
import { test } from "node:test";
import { moved, square } from "../../static/main/js/framing.js";

const WIDE = { width: 400, height: 200 };

test("unzoomed, the square is the largest that fits, around its middle", () => {
  assert.deepEqual(square(WIDE, { zoom: 1, x: 0.5, y: 0.5 }), { side: 200, left: 100, top: 0 });
  assert.deepEqual(square(WIDE, { zoom: 2, x: 0.5, y: 0.5 }), { side: 100, left: 150, top: 50 });
  assert.equal(square(WIDE, { zoom: 0.2, x: 0.5, y: 0.5 }).side, 200, "it is never larger than the picture");
});

test("the square never leaves the picture, however far it is moved", () => {
  const middle = { zoom: 2, x: 0.5, y: 0.5 };
  for (const [dx, dy] of [[9, 9], [-9, -9], [9, -9]]) {
    const { side, left, top } = square(WIDE, moved(WIDE, middle, dx, dy));
    assert.ok(left >= 0 && top >= 0 && left + side <= 400 && top + side <= 200);
  }
});

test("what is dragged to the right shows what is further left", () => {
  const before = square(WIDE, { zoom: 2, x: 0.5, y: 0.5 });
  const after = square(WIDE, moved(WIDE, { zoom: 2, x: 0.5, y: 0.5 }, 0.1, 0));
  assert.equal(after.left, before.left - 10);
  assert.equal(after.top, before.top);
});
