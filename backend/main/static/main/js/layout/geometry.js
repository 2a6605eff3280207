// Where things stand in a picture, in its own pixels and in percent. Pure.

/** @typedef {{ left: number, top: number, width: number, height: number }} Box */
/** @typedef {{ x: number, y: number, size?: number, hidden?: boolean }} Place */
/** @typedef {{ x: number[], y: number[] }} Lines where something may snap to */
/** @typedef {{ box: Box, x: number | null, y: number | null }} Snap the lines that were met, for a guide to be drawn */

export const PICTURE = { left: 0, top: 0, width: 1920, height: 1080 };
// What every television shows of a picture, and where text is still read.
export const SAFE = { action: 0.93, title: 0.9 };
export const GRID = { x: 48, y: 27 };
export const SIZE = { least: 40, most: 250, step: 10 };
/** @type {Record<string, [number, number]>} */
export const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** @param {number} value @param {number} least @param {number} most */
export const clamp = (value, least, most) => Math.min(most, Math.max(least, value));

/** @param {number} value */
const rounded = (value) => Math.round(value * 100) / 100;

/** The place of a box, as 0 … 100 of the room that it leaves; what fills the picture keeps the number it had.
 * @param {Box} box
 * @param {Place} [before]
 * @returns {Place}
 */
export function placeOf(box, before) {
  const along = (/** @type {number} */ start, /** @type {number} */ room, /** @type {number} */ otherwise) =>
    room < 1 ? otherwise : rounded(clamp((100 * start) / room, 0, 100));
  return {
    ...before,
    x: along(box.left, PICTURE.width - box.width, before?.x ?? 0),
    y: along(box.top, PICTURE.height - box.height, before?.y ?? 0),
  };
}

/** @param {Place} place @param {Pick<Box, "width" | "height">} size @returns {Box} */
export const boxOf = ({ x, y }, { width, height }) => ({
  left: (x / 100) * (PICTURE.width - width),
  top: (y / 100) * (PICTURE.height - height),
  width,
  height,
});

/** @param {Box} box @param {number} right @param {number} down @returns {Box} */
export const moved = (box, right, down) => ({ ...box, left: box.left + right, top: box.top + down });

/** One step by a key, or null for another key.
 * @param {Place} place
 * @param {string} key
 * @param {boolean} far
 * @returns {Place | null}
 */
export function nudged(place, key, far) {
  const way = ARROWS[key];
  if (!way) return null;
  const step = far ? 5 : 1;
  return {
    ...place,
    x: rounded(clamp(place.x + way[0] * step, 0, 100)),
    y: rounded(clamp(place.y + way[1] * step, 0, 100)),
  };
}

/** @param {Place} place @param {number} size @returns {Place} */
export function sized({ size: _old, ...place }, size) {
  const percent = clamp(Math.round(size), SIZE.least, SIZE.most);
  return percent === 100 ? place : { ...place, size: percent };
}

/** @param {number} share @returns {Box} */
export function safe(share) {
  const [width, height] = [PICTURE.width * share, PICTURE.height * share];
  return { left: (PICTURE.width - width) / 2, top: (PICTURE.height - height) / 2, width, height };
}

/** @param {Box} box @param {Box} frame */
export const isInside = (box, frame) =>
  box.left >= frame.left - 1 &&
  box.top >= frame.top - 1 &&
  box.left + box.width <= frame.left + frame.width + 1 &&
  box.top + box.height <= frame.top + frame.height + 1;

/** Edges and middles of a box. @param {Box} box @returns {Lines} */
const linesOf = ({ left, top, width, height }) => ({
  x: [left, left + width / 2, left + width],
  y: [top, top + height / 2, top + height],
});

/** What there is to snap to: the picture, the safe areas, and every other part.
 * @param {Box[]} others
 * @returns {Lines}
 */
export function linesTo(others) {
  const all = [PICTURE, safe(SAFE.action), safe(SAFE.title), ...others].map(linesOf);
  return { x: all.flatMap((each) => each.x), y: all.flatMap((each) => each.y) };
}

/** Move a box to the nearest lines within reach. A part's edge counts before the grid.
 * @param {Box} box
 * @param {Lines} lines
 * @param {number} reach
 * @param {boolean} [grid]
 * @returns {Snap}
 */
export function snapped(box, lines, reach, grid = false) {
  const own = linesOf(box);
  const x = nearest(own.x, lines.x, reach) ?? (grid ? onGrid(box.left, GRID.x, reach) : null);
  const y = nearest(own.y, lines.y, reach) ?? (grid ? onGrid(box.top, GRID.y, reach) : null);
  return { box: moved(box, x?.by ?? 0, y?.by ?? 0), x: x?.line ?? null, y: y?.line ?? null };
}

/** @typedef {{ by: number, line: number }} Pull */

/** @param {number[]} own @param {number[]} lines @param {number} reach @returns {Pull | null} */
function nearest(own, lines, reach) {
  /** @type {Pull | null} */
  let best = null;
  for (const line of lines) {
    for (const edge of own) {
      const by = line - edge;
      if (Math.abs(by) <= reach && (!best || Math.abs(by) < Math.abs(best.by))) best = { by, line };
    }
  }
  return best;
}

/** @param {number} edge @param {number} step @param {number} reach @returns {Pull | null} */
function onGrid(edge, step, reach) {
  const line = Math.round(edge / step) * step;
  return Math.abs(line - edge) <= Math.max(reach, step / 2) ? { by: line - edge, line } : null;
}

/** One of nine places within the title-safe area, or against the edges for what is wider than it.
 * @param {Pick<Box, "width" | "height">} size
 * @param {number} column 0, 1 or 2
 * @param {number} row 0, 1 or 2
 * @returns {Box}
 */
export function anchored({ width, height }, column, row) {
  const frame = safe(SAFE.title);
  const along = (/** @type {number} */ start, /** @type {number} */ room, /** @type {number} */ at) =>
    room < 0 ? start + room / 2 : start + (room * at) / 2;
  return {
    left: along(frame.left, frame.width - width, column),
    top: along(frame.top, frame.height - height, row),
    width,
    height,
  };
}
