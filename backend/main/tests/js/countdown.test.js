import assert from "node:assert/strict";
import { test } from "node:test";
import { Countdown, clock } from "../../static/main/js/countdown.js";

function started(seconds) {
  const time = { now: 1000 };
  const countdown = new Countdown(() => time.now);
  countdown.set(seconds);
  return { time, countdown };
}

test("counts down from what the server says, and never below zero", () => {
  const { time, countdown } = started(90);
  time.now += 30_000;
  assert.equal(countdown.left, 60);
  time.now += 100_000;
  assert.equal(countdown.left, 0);
});

test("a clock that somebody sets changes nothing", (context) => {
  context.mock.timers.enable({ apis: ["Date"], now: 0 });
  const { countdown } = started(90);
  context.mock.timers.setTime(3_600_000);
  assert.equal(countdown.left, 90);
});

test("what the server says later counts, whatever was counted here", () => {
  const { time, countdown } = started(90);
  time.now += 1_000; // the device slept for longer than its timer knows
  countdown.set(20);
  assert.equal(countdown.left, 20);
});

test("shows minutes and seconds", () => {
  assert.deepEqual([0, 9, 60, 754, 7265].map(clock), ["0:00", "0:09", "1:00", "12:34", "121:05"]);
});
