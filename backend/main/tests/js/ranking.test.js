import assert from "node:assert/strict";
import { test } from "node:test";
import { ranked } from "../../static/main/js/ranking.js";

/** @param {[string, number, number][]} rows */
const board = (...rows) => rows.map(([user, rank, points]) => ({ user, rank, points }));

test("who gets points passes those who have fewer", () => {
  const before = board(["olga", 1, 40], ["mira", 2, 30], ["jonas", 3, 20]);
  assert.deepEqual(ranked(before, "jonas", 15), board(["olga", 1, 40], ["jonas", 2, 35], ["mira", 3, 30]));
  assert.deepEqual(before, board(["olga", 1, 40], ["mira", 2, 30], ["jonas", 3, 20]));
});

test("equal points share a place, and the next place is left out", () => {
  const before = board(["olga", 1, 40], ["mira", 2, 30], ["jonas", 3, 20], ["sam", 4, 5]);
  const after = board(["olga", 1, 40], ["mira", 2, 30], ["jonas", 2, 30], ["sam", 4, 5]);
  assert.deepEqual(ranked(before, "jonas", 10), after);
});

test("points that are taken back move a row down", () => {
  const before = board(["olga", 1, 40], ["mira", 2, 30]);
  assert.deepEqual(ranked(before, "olga", -20), board(["mira", 1, 30], ["olga", 2, 20]));
});

test("a later page goes on from where it began", () => {
  const before = board(["olga", 51, 9], ["mira", 52, 8]);
  assert.deepEqual(ranked(before, "mira", 4), board(["mira", 51, 12], ["olga", 52, 9]));
});

test("whoever is not on this page moves nothing", () => {
  assert.equal(ranked(board(["olga", 1, 40]), "mira", 5), null);
  assert.equal(ranked([], "mira", 5), null);
});
