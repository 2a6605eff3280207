import assert from "node:assert/strict";
import { test } from "node:test";
import { passes, problem, remedy } from "../../static/main/js/problems.js";

test("the server's own sentence comes before ours", () => {
  const said = problem({ status: 409, detail: "Vesna was faster.", code: "conflict" });
  assert.deepEqual(said, { text: "Vesna was faster.", code: "conflict" });
  assert.ok(problem({ status: 418 }).text, "there is a sentence for what nobody thought of");
});

test("nothing came back: offline is told apart from a server that cannot be reached", () => {
  assert.equal(problem({ status: 0, online: false }).code, "offline");
  assert.notEqual(problem({ status: 0, online: false }).text, problem({ status: 0 }).text);
});

test("what helps is offered, and only there", () => {
  assert.equal(remedy(problem({ status: 401 }).code), "sign-in");
  assert.equal(remedy("csrf_failed"), "reload");
  assert.equal(remedy("other_account"), "reload");
  assert.equal(remedy("invalid"), "");
});

test("only what goes by by itself is tried again", () => {
  assert.deepEqual([0, 429, 500, 503].map(passes), [true, true, true, true]);
  assert.deepEqual([-1, 400, 401, 403, 404, 409].map(passes), [false, false, false, false, false, false]);
});
