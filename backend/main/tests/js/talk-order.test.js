// The messages of a room that a page holds: in order, each once, whatever comes twice or late.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Log, beginsGroup, rowsOf } from "../../static/main/js/talk/order.js";

const said = (seq, more = {}) => ({
  id: `m${seq}`,
  seq,
  changed: seq,
  kind: "text",
  author: { id: "mira", name: "Mira" },
  voice: null,
  text: `line ${seq}`,
  reply: null,
  reactions: [],
  level: 1,
  ooc: false,
  origin: "web",
  at: new Date(Date.UTC(2026, 10, 30, 12, seq)).toISOString(),
  deleted: false,
  nonce: "",
  ...more,
});

function log(...seqs) {
  const made = new Log("jonas");
  made.replace({ results: seqs.map((seq) => said(seq)), before: false, after: false });
  return made;
}

const places = (made) => made.messages.map(({ seq }) => seq);

test("a message stands where its place says, however late it comes, and once", () => {
  const made = log(1, 4);
  assert.equal(made.upsert(said(3)), "added");
  assert.equal(made.upsert(said(5)), "added");
  assert.equal(made.upsert(said(3)), "known");
  assert.deepEqual(places(made), [1, 3, 4, 5]);
});

test("an older form of a message changes nothing", () => {
  const made = log(1);
  assert.equal(made.upsert(said(1, { changed: 9, text: "new" })), "changed");
  assert.equal(made.upsert(said(1, { changed: 5, text: "old" })), "known");
  assert.equal(made.messages[0].text, "new");
});

test("what is beyond the loaded piece stays outside, so there is never a gap", () => {
  const made = log(10, 11);
  made.before = made.after = true;
  assert.equal(made.upsert(said(12)), "outside");
  assert.equal(made.upsert(said(3)), "outside");
  made.newer({ results: [said(11), said(12)], before: true, after: false });
  made.older({ results: [said(9), said(10)], before: false, after: true });
  assert.deepEqual(places(made), [9, 10, 11, 12]);
});

test("frames for everybody do not take one’s own reaction away", () => {
  const made = log(1);
  const bat = (users, count, mine) => ({ emoji: "🦇", users, count, mine });
  made.upsert(said(1, { changed: 2, reactions: [bat(["mira"], 30, true)] }));
  made.upsert(said(1, { changed: 3, reactions: [bat(["mira"], 31, false)] }), true);
  assert.equal(made.messages[0].reactions[0].mine, true);
  made.upsert(said(1, { changed: 4, reactions: [bat(["mira"], 1, false)] }), true);
  assert.equal(made.messages[0].reactions[0].mine, false);
});

test("a group ends with another speaker, an answer, a pause, another level", () => {
  assert.equal(beginsGroup(said(2), said(1)), false);
  assert.equal(beginsGroup(said(9), said(1)), true);
  assert.equal(beginsGroup(said(2, { author: { id: "jonas" } }), said(1)), true);
  assert.equal(beginsGroup(said(2, { reply: { id: "m1" } }), said(1)), true);
  assert.equal(beginsGroup(said(2, { level: 3 }), said(1)), true);
  assert.equal(beginsGroup(said(2, { voice: { name: "Owl", character: "owl" } }), said(1)), true);
});

test("the line stands before the first message that is new, and what waits is shown once", () => {
  const made = log(1, 2, 3);
  const waits = { nonce: "n", room: "r", text: "soon", reply: null, attachments: [], at: "", state: "waiting", detail: "" };
  const rows = rowsOf(made, [waits], 1);
  assert.deepEqual(rows.map(({ key }) => key), ["begin", "m1", "m2", "m3", "n"]);
  assert.deepEqual(rows.filter(({ isFresh }) => isFresh).map(({ key }) => key), ["m2"]);
  made.upsert(said(4, { nonce: "n" }));
  assert.deepEqual(rowsOf(made, [waits], -1).map(({ key }) => key), ["begin", "m1", "m2", "m3", "m4"]);
});
