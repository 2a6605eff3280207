import { serve, settled } from "./window.js";
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { followPage } from "../../static/main/js/refresh.js";

test("a page of what no event tells looks again while somebody has it in front", async () => {
  mock.timers.enable({ apis: ["setInterval", "setTimeout", "Date"] });
  globalThis.document.querySelector = () => null;
  globalThis.document.body.dataset = { looksEvery: "15", home: "/status/" };
  const requests = serve(() => [404, {}]);
  const looks = (most) => settled().then(() => assert.equal(requests.length, most));
  followPage(new EventTarget());
  mock.timers.tick(14_999);
  await looks(0);
  mock.timers.tick(1);
  await looks(1);
  assert.equal(requests[0].headers["X-Alone"], "main", "of the page it needs what changes");
  globalThis.document.hidden = true;
  mock.timers.tick(60_000);
  await looks(1);
  globalThis.document.hidden = false;
  globalThis.document.dispatchEvent(new Event("visibilitychange"));
  mock.timers.tick(250);
  await looks(2);
});

test("what could not be fetched is fetched again until it can be", async () => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setInterval", "setTimeout", "Date"], now: 1_000_000 });
  globalThis.document.body.dataset = { follows: "exam", home: "/exam/" };
  const answers = [503, "no network", 429, 404];
  const requests = serve(() => {
    const status = answers.shift();
    if (typeof status !== "number") throw new TypeError(status);
    return [status, {}];
  });
  const gateway = new EventTarget();
  followPage(gateway);
  gateway.dispatchEvent(new CustomEvent("notice", { detail: { entity: "exam" } }));
  for (const [pause, count] of [[0, 1], [1999, 1], [1, 2], [4000, 3], [8000, 4], [60_000, 4]]) {
    mock.timers.tick(pause);
    await settled();
    assert.equal(requests.length, count, `after ${pause} ms more`);
  }
});
