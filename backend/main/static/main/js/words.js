// Values in words, for figures, labels and screen readers. The server draws the first ones (rules/traits, `text`).

import { readJson } from "./dom.js";

/**
 * @param {number | null | undefined} value
 * @param {number} max
 */
export const dots = (value, max) => `${value ?? 0} of ${max}`;

/** @param {number} number */
const boxes = (number) => `${number} ${number === 1 ? "box" : "boxes"}`;

/** @param {{ total: number, superficial: number, aggravated: number }} value */
export function damage({ total, superficial, aggravated }) {
  if (!superficial && !aggravated) return `${boxes(total)}, no damage`;
  return `${boxes(total)}: ${superficial} superficial, ${aggravated} aggravated`;
}

/** @param {{ value: number, stains: number }} value */
export function humanity({ value, stains }) {
  return `${value} of 10${stains ? `, ${stains} ${stains === 1 ? "stain" : "stains"}` : ""}`;
}

/** @param {{ total: number, current: number }} value */
export const pool = ({ total, current }) => `${current} of ${total}`;

/**
 * What moves is called “temporary”, or has a name of its own: Nightmare under Imbalance.
 * @param {Field[]} fields
 * @param {{ permanent: number, temporary: number }} value
 */
export function rollover([, passing], { permanent, temporary }) {
  return `${permanent} of 10, ${temporary} ${passing.update_name ? "temporary" : passing.label}`;
}

/**
 * @param {{ quintessence: number, paradox: number }} value
 * @param {number} slots
 */
export const wheel = ({ quintessence, paradox }, slots) => `Quintessence ${quintessence}, Paradox ${paradox}, of ${slots}`;

/** @typedef {Record<string, number>} Damage the number of boxes, and how many of them each severity holds */

/** @param {Damage} value */
export const hurt = ({ total: _boxes, ...severities }) => Object.values(severities).reduce((sum, number) => sum + number, 0);

/**
 * `levels`: names and lost dice from unhurt to the last; boxes above seven are further Bruised ones.
 * @param {Damage} value
 * @param {[string, number][]} levels
 */
export function wound(value, levels) {
  const number = hurt(value);
  if (!number) return boxes(value.total);
  const extra = Math.max(0, value.total - (levels.length - 1));
  const [level, lost] = levels[Math.min(Math.max(1, number - extra), levels.length - 1)];
  return lost ? `${level}, −${lost} ${lost === 1 ? "die" : "dice"}` : level;
}

/**
 * @param {Damage} value
 * @param {[string, number][]} levels
 * @param {string[]} severities
 */
export function damage20(value, levels, severities) {
  const kinds = severities.filter((kind) => value[kind]).map((kind) => `${value[kind]} ${kind}`);
  if (!kinds.length) return `${boxes(value.total)}, no damage`;
  return `${boxes(value.total)}: ${kinds.join(", ")} (${wound(value, levels)})`;
}

/** @param {{ current: number, total: number }} value */
export const experience = ({ current, total }) => `${current} left of ${total}`;

/**
 * @param {number} value
 * @param {number} max
 */
export const dotsText = (value, max) => "●".repeat(value) + "○".repeat(Math.max(0, max - value));

/**
 * The shortest form, for the bar on phones.
 * @param {Pick<Trait, "element" | "fields">} spec
 * @param {any} value
 */
export function mini(spec, value) {
  if (value === undefined || value === null) return "–";
  switch (spec.element) {
    case "trait-damage5th":
    case "trait-damage20th":
      return `${Math.max(0, value.total - hurt(value))}/${value.total}`;
    case "trait-pool":
      return `${value.current}/${value.total}`;
    case "trait-rollover":
      return `${value.permanent}·${value.temporary}`;
    case "trait-wheel":
      return `${value.quintessence}·${value.paradox}`;
    case "trait-humanity":
      return value.stains ? `${value.value}·${value.stains}` : `${value.value}`;
    case "trait-experience":
      return `${value.current}`;
    case "trait-flag":
      return value ? "yes" : "no";
    case "trait-dots":
      return `${value}/${spec.fields[0].max}`;
    default:
      return String(value);
  }
}

/**
 * One side of a change; an entry is told by its first text.
 * @param {unknown} value
 * @returns {string}
 */
export function valueText(value) {
  if (value === null || value === undefined || value === "") return "nothing";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "object") {
    return Object.values(value).find((part) => typeof part === "string" && part) ?? "an entry";
  }
  const text = String(value);
  return text.length > 140 ? `${text.slice(0, 139)}…` : text;
}

/**
 * “1 → 2”; an entry comes or goes as a whole, and its label names it already.
 * @param {unknown} before
 * @param {unknown} after
 */
export function changeText(before, after) {
  if (isEntry(after)) return "added";
  if (isEntry(before)) return "removed";
  return `${valueText(before)} → ${valueText(after)}`;
}

/** @param {unknown} value */
export const isEntry = (value) => typeof value === "object" && value !== null;

/** @type {{ doors: Record<string, string>, kinds: Record<string, string>, undone: string }} */
const events = readJson("event-words") ?? { doors: {}, kinds: {}, undone: "" };

/** @param {string} door */
export const doorText = (door) => events.doors[door] ?? "";

/**
 * What an event did besides changing values.
 * @param {Pick<Told, "type" | "undoes">} event
 */
export const kindText = ({ type, undoes }) => (undoes ? events.undone : (events.kinds[type] ?? ""));

/** @param {Pick<Told, "actor" | "acting_for">} event */
export const actorText = ({ actor, acting_for: absent }) =>
  absent ? `${actor.name} for ${absent.name}` : actor?.name || "The system";

/**
 * “Mira, in Discord: Hunger 1 → 2”
 * @param {Pick<Told, "actor" | "acting_for" | "door" | "changes" | "labels">} event
 */
export function eventText(event) {
  const who = actorText(event);
  const changes = Object.entries(event.changes).map(
    ([path, [before, after]]) => `${event.labels[path] ?? path} ${changeText(before, after)}`,
  );
  const more = changes.length > 3 ? ` and ${changes.length - 3} more` : "";
  return `${who}, ${doorText(event.door)}: ${changes.slice(0, 3).join(", ")}${more}`;
}
