// Which elements of a new piece take the place of which old ones. Pure: what they are is said by key and name.

/** @typedef {{ key: string, name: string }} Known */

/** For each new element the index of the old one that it continues, or −1. By key, else by place among those without.
 * @param {Known[]} old
 * @param {Known[]} fresh
 */
export function pairs(old, fresh) {
  const byKey = new Map(old.map((each, at) => /** @type {const} */ ([each.key, at])).filter(([key]) => key));
  const unnamed = old.map((each, at) => ({ ...each, at })).filter((each) => !each.key);
  let next = 0;
  return fresh.map((each) => {
    const at = each.key ? byKey.get(each.key) : unnamed[next++]?.at;
    return at !== undefined && old[at].name === each.name ? at : -1;
  });
}

/** The attributes that become others: name → value, null for one that goes. What the page itself set stays.
 * @param {Map<string, string>} old
 * @param {Map<string, string>} fresh
 * @param {Set<string>} own
 */
export function attributes(old, fresh, own) {
  /** @type {Map<string, string | null>} */
  const changes = new Map();
  for (const [name, value] of fresh) if (old.get(name) !== value && !own.has(name)) changes.set(name, value);
  for (const name of old.keys()) if (!fresh.has(name) && !own.has(name)) changes.set(name, null);
  return changes;
}

/** The classes of an element after a change: those that came with the piece, and those that the page adds.
 * @param {string} old
 * @param {string} fresh
 * @param {Set<string>} own
 */
export function classes(old, fresh, own) {
  const kept = old.split(/\s+/).filter((name) => own.has(name));
  return [...new Set([...fresh.split(/\s+/), ...kept])].filter(Boolean).join(" ");
}

/** Milliseconds until the next try to connect: longer each time, never all at once.
 * @param {number} failures
 * @param {number} chance between 0 and 1
 */
export function pause(failures, chance) {
  return Math.min(10_000, 500 * 2 ** Math.min(failures, 6)) * (0.5 + chance / 2);
}
