// What stands on an adventurer's sheet, in words. The server draws the first ones (rules/traits/adventurer.py).

import { dots } from "./words.js";
import { _ } from "./translation.js";

/** @param {{ total: number, current: number, temporary: number }} value */
export const hitPoints = ({ total, current, temporary }) =>
  temporary ? _("{points}, {count} temporary", { points: dots(current, total), count: temporary }) : dots(current, total);

/** @param {number} score */
export function modifier(score) {
  const value = Math.floor((score - 10) / 2);
  return value < 0 ? `−${-value}` : `+${value}`;
}

/** @param {number} score */
export const ability = (score) => `${score} (${modifier(score)})`;
