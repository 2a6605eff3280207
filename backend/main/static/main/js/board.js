// An open leaderboard moves the row of whoever gets points at once; `refresh.js` then asks for the board as it is.

import { $, $$, setText } from "./dom.js";
import { gateway } from "./live.js";
import { ranked } from "./ranking.js";

gateway?.addEventListener("points_added", ({ detail }) => {
  const board = $("table.board[data-place]");
  if (!board || !detail.places.includes(board.dataset.place)) return;
  if (board.dataset.week && board.dataset.week !== detail.week) return;
  move($("tbody", board), detail.user, detail.amount);
});

/**
 * @param {Found} body
 * @param {string} user
 * @param {number} amount
 */
function move(body, user, amount) {
  const rows = new Map($$("tr[data-user]", body).map((row) => [String(row.dataset.user), row]));
  const places = ranked([...rows].map(([id, row]) => ({ user: id, rank: number(row, ".rank"), points: number(row, ".points") })), user, amount);
  if (!places) return;
  for (const place of places) {
    const row = /** @type {Found} */ (rows.get(place.user));
    setText($(".rank", row), String(place.rank));
    setText($(".points", row), String(place.points));
  }
  const order = places.map((place) => /** @type {Found} */ (rows.get(place.user)));
  // Moved only where the order changed: nothing else on the page loses its place.
  if (order.some((row, index) => body.children[index] !== row)) body.append(...order);
}

/**
 * @param {Found} row
 * @param {string} selector
 */
function number(row, selector) {
  return Number($(selector, row).textContent);
}
