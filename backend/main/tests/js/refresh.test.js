import { serve, settled } from "./window.js";
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { followPage } from "../../static/main/js/refresh.js";

test("a page of what no event tells looks again while somebody has it in front", async () => {
  mock.timers.enable({ apis: ["setInterval", "setTimeout"] });
  globalThis.document.querySelector = () => null;
  globalThis.document.body.dataset = { looksEvery: "15", home: "/status/" };
  const requests = serve(() => [503, {}]);
  const looks = (most) => settled().then(() => assert.equal(requests.length, most));
  followPage(new EventTarget());
  mock.timers.tick(14_999);
  await looks(0);
  mock.timers.tick(1);
  await looks(1);
  globalThis.document.hidden = true;
  mock.timers.tick(60_000);
  await looks(1);
  globalThis.document.hidden = false;
  globalThis.document.dispatchEvent(new Event("visibilitychange"));
  mock.timers.tick(250);
  await looks(2);
});
