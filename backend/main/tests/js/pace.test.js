import { settled } from "./window.js";
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { Pace } from "../../static/main/js/pace.js";

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000_000 });
});

/** A pace of 250 ms whose runs end when they are told to. */
function paced() {
  const ends = [];
  const pace = new Pace(() => new Promise((resolve) => ends.push(resolve)), 250);
  return { pace, ends };
}

test("the first news is acted on at once", () => {
  const { pace, ends } = paced();
  pace.ask();
  assert.equal(ends.length, 1);
});

test("much news in a pause is one more run", async () => {
  const { pace, ends } = paced();
  pace.ask();
  ends[0]();
  await settled();
  for (let number = 0; number < 50; number++) pace.ask();
  mock.timers.tick(249);
  assert.equal(ends.length, 1);
  mock.timers.tick(1);
  assert.equal(ends.length, 2);
  ends[1]();
  await settled();
  mock.timers.tick(10_000);
  assert.equal(ends.length, 2);
});

test("steady news does not put the next run off", async () => {
  const { pace, ends } = paced();
  for (let passed = 0; passed < 1000; passed += 50) {
    pace.ask();
    ends.at(-1)();
    await settled();
    mock.timers.tick(50);
  }
  assert.equal(ends.length, 5, "at 0, 250, 500, 750 and 1,000 ms");
});

test("what arrives during a run is acted on after it, never beside it", async () => {
  const { pace, ends } = paced();
  pace.ask();
  pace.ask();
  mock.timers.tick(5000);
  assert.equal(ends.length, 1);
  ends[0]();
  await settled();
  assert.equal(ends.length, 2);
});

test("what failed is run again later, or as soon as there is news", async () => {
  const { pace, ends } = paced();
  pace.ask();
  ends[0](4000);
  await settled();
  mock.timers.tick(3999);
  assert.equal(ends.length, 1);
  mock.timers.tick(1);
  assert.equal(ends.length, 2);
  ends[1](8000);
  await settled();
  mock.timers.tick(1000);
  pace.ask();
  assert.equal(ends.length, 3);
  ends[2]();
  await settled();
  mock.timers.tick(60_000);
  assert.equal(ends.length, 3);
});
