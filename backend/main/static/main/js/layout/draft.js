// A layout that is being made: what was saved, what was changed since, and the steps in between. Pure.

/** @typedef {import("./geometry.js").Place} Place */
/** @typedef {"large" | "medium" | "compact"} Tier */
/** @typedef {"badges" | "chips"} Group */
/** @typedef {{ badges: Record<string, Place>, chips: Record<string, Place> }} Places */
/** @typedef {Places & { version: number }} Saved */
/** @typedef {{ badges: Record<string, Place | null>, chips: Record<string, Place | null> }} Difference */
/** @typedef {{ tier: Tier, before: Places, after: Places, series: string }} Step */

const MOST_STEPS = 200;
/** @type {Group[]} */
export const GROUPS = ["badges", "chips"];

/** @param {Places} layout @returns {Places} */
const places = ({ badges, chips }) => ({ badges: { ...badges }, chips: { ...chips } });

/** The layout with one place in it, or without it.
 * @param {Places} layout
 * @param {Group} group
 * @param {string} name
 * @param {Place | null} place
 * @returns {Places}
 */
export function put(layout, group, name, place) {
  const next = places(layout);
  if (place) next[group][name] = place;
  else delete next[group][name];
  return next;
}

/** What has to be sent to make `before` into `after`; null takes a place out.
 * @param {Places} before
 * @param {Places} after
 * @returns {Difference}
 */
export function difference(before, after) {
  /** @type {Difference} */
  const found = { badges: {}, chips: {} };
  for (const group of GROUPS) {
    for (const name of new Set([...Object.keys(before[group]), ...Object.keys(after[group])])) {
      const now = after[group][name] ?? null;
      if (!isSame(before[group][name] ?? null, now)) found[group][name] = now;
    }
  }
  return found;
}

/** @param {Place | null} one @param {Place | null} other */
const isSame = (one, other) =>
  one === other ||
  (one !== null && other !== null && one.x === other.x && one.y === other.y &&
    (one.size ?? 100) === (other.size ?? 100) && Boolean(one.hidden) === Boolean(other.hidden));

/** @param {Difference} found */
export const count = (found) => GROUPS.reduce((sum, group) => sum + Object.keys(found[group]).length, 0);

/** @param {Places} layout @param {Difference} found @returns {Places} */
export function merged(layout, found) {
  let next = places(layout);
  for (const group of GROUPS) {
    for (const [name, place] of Object.entries(found[group])) next = put(next, group, name, place);
  }
  return next;
}

export class Draft {
  /** @type {Step[]} */
  #done = [];
  /** @type {Step[]} */
  #undone = [];

  /** @param {Record<Tier, Saved>} saved */
  constructor(saved) {
    this.saved = saved;
    this.now = /** @type {Record<Tier, Places>} */ (
      Object.fromEntries(Object.entries(saved).map(([tier, layout]) => [tier, places(layout)]))
    );
  }

  get canUndo() {
    return this.#done.length > 0;
  }

  get canRedo() {
    return this.#undone.length > 0;
  }

  /** Steps of one series, such as presses of an arrow, are taken back together.
   * @param {Tier} tier
   * @param {Places} after
   * @param {string} [series]
   */
  change(tier, after, series = "") {
    const before = this.now[tier];
    if (!count(difference(before, after))) return;
    const last = this.#done.at(-1);
    if (series && last?.series === series && last.tier === tier) last.after = after;
    else this.#done.push({ tier, before, after, series });
    this.#done.splice(0, Math.max(0, this.#done.length - MOST_STEPS));
    this.#undone = [];
    this.now[tier] = after;
  }

  /** Whether the last step belongs to this series, so that it can still be given up. @param {string} series */
  isAt(series) {
    return Boolean(series) && this.#done.at(-1)?.series === series;
  }

  /** @returns {Tier | null} the tier that changed */
  undo() {
    const step = this.#done.pop();
    if (!step) return null;
    this.#undone.push({ ...step, series: "" });
    this.now[step.tier] = step.before;
    return step.tier;
  }

  /** @returns {Tier | null} */
  redo() {
    const step = this.#undone.pop();
    if (!step) return null;
    this.#done.push(step);
    this.now[step.tier] = step.after;
    return step.tier;
  }

  /** @param {Tier} tier */
  changes(tier) {
    return difference(this.saved[tier], this.now[tier]);
  }

  /** The tiers that have something to be saved. */
  get unsaved() {
    return /** @type {Tier[]} */ (Object.keys(this.saved)).filter((tier) => count(this.changes(tier)));
  }

  /** @param {Tier} tier @param {Saved} layout */
  keep(tier, layout) {
    this.saved[tier] = layout;
  }

  /** Somebody else saved meanwhile: theirs with what was changed here, or theirs alone. It can be taken back.
   * @param {Tier} tier
   * @param {Saved} theirs
   * @param {boolean} withMine
   */
  rebase(tier, theirs, withMine) {
    const mine = this.changes(tier);
    this.saved[tier] = theirs;
    this.change(tier, withMine ? merged(theirs, mine) : places(theirs));
  }
}
