// The order of a leaderboard when somebody’s points change. Who has as many points shares a place: 1, 2, 2, 4.

/** @typedef {{user: string, rank: number, points: number}} Place */

/**
 * The rows of one page of a board, the first place first; null where the person is not among them.
 * @param {Place[]} rows
 * @param {string} user
 * @param {number} amount
 * @returns {Place[] | null}
 */
export function ranked(rows, user, amount) {
  if (!rows.some((row) => row.user === user)) return null;
  const first = rows[0].rank;
  const changed = rows.map((row) => ({ ...row, points: row.points + (row.user === user ? amount : 0) }));
  changed.sort((one, other) => other.points - one.points);
  for (const [index, row] of changed.entries()) {
    const before = changed[index - 1];
    row.rank = before?.points === row.points ? before.rank : first + index;
  }
  return changed;
}
