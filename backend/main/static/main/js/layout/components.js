// The parts of a picture that can be put somewhere, and what they are called.

import { N_, _ } from "../translation.js";

/** @typedef {import("./draft.js").Group} Group */
/**
 * `key` finds it in the picture; `short` is its name below its character’s. `inner`: it stands in a card until it is put somewhere by itself.
 * @typedef {{ id: string, group: Group, name: string, key: string, label: string, short: string, icon: string, isName: boolean, inner: boolean }} Component
 */

/** @type {[string, string, string][]} */
const OTHERS = [
  ["rolls", N_("Rolls"), "rolls"],
  ["conflict", N_("Who acts when"), "conflicts"],
  ["title", N_("Title card"), "edit"],
  ["ticker", N_("Ticker"), "table"],
];

/** @param {{ id: string, name: string }[]} cast @returns {Component[]} */
export function components(cast) {
  const characters = cast.flatMap(({ id, name }) => [
    part("badges", id, `c-${id}`, name, "profile", { isName: true }),
    part("chips", id, `chips-${id}`, _("Conditions of {name}", { name }), "badges", { inner: true, short: _("Conditions") }),
  ]);
  return [...characters, ...OTHERS.map(([name, label, icon]) => part("badges", name, name, _(label), icon))];
}

/**
 * @param {Group} group
 * @param {string} name
 * @param {string} key
 * @param {string} label
 * @param {string} icon
 * @param {{ isName?: boolean, inner?: boolean, short?: string }} [more]
 * @returns {Component}
 */
const part = (group, name, key, label, icon, { isName = false, inner = false, short = label } = {}) => ({
  id: `${group}-${name}`,
  group,
  name,
  key,
  label,
  short,
  icon,
  isName,
  inner,
});
