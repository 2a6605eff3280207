// Values in words, for figures, labels and screen readers. The server draws the first ones (rules/traits, `text`).

import { readJson } from "./dom.js";
import { choiceWord } from "./labels.js";
import { N_, _, n_ } from "./translation.js";

/**
 * @param {number | null | undefined} value
 * @param {number} max
 */
export const dots = (value, max) => _("{value} of {max}", { value: value ?? 0, max });

/** @param {number} number */
const boxes = (number) => n_("{count} box", "{count} boxes", number);

/** @param {{ total: number, superficial: number, aggravated: number }} value */
export function damage({ total, superficial, aggravated }) {
  if (!superficial && !aggravated) return _("{boxes}, no damage", { boxes: boxes(total) });
  return _("{boxes}: {superficial} superficial, {aggravated} aggravated", { boxes: boxes(total), superficial, aggravated });
}

/** @param {{ value: number, stains: number }} value */
export function humanity({ value, stains }) {
  return stains ? n_("{value} of 10, {count} stain", "{value} of 10, {count} stains", stains, { value }) : dots(value, 10);
}

/** @param {{ total: number, current: number }} value */
export const pool = ({ total, current }) => dots(current, total);

/**
 * What moves is called “temporary”, or has a name of its own: Nightmare under Imbalance.
 * @param {Field[]} fields
 * @param {{ permanent: number, temporary: number }} value
 */
export function rollover([, passing], { permanent, temporary }) {
  return passing.update_name
    ? _("{permanent} of 10, {temporary} temporary", { permanent, temporary })
    : _("{permanent} of 10, {temporary} {name}", { permanent, temporary, name: passing.label });
}

/**
 * @param {{ quintessence: number, paradox: number }} value
 * @param {number} slots
 */
export const wheel = ({ quintessence, paradox }, slots) =>
  _("Quintessence {quintessence}, Paradox {paradox}, of {slots}", { quintessence, paradox, slots });

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
  return lost ? n_("{level}, −{count} die", "{level}, −{count} dice", lost, { level }) : level;
}

/** @type {Record<string, string>} */
const COUNTED = { bashing: N_("{number} bashing"), lethal: N_("{number} lethal"), aggravated: N_("{number} aggravated") };

/**
 * @param {Damage} value
 * @param {[string, number][]} levels
 * @param {string[]} severities
 */
export function damage20(value, levels, severities) {
  const kinds = severities.filter((kind) => value[kind]).map((kind) => _(COUNTED[kind], { number: value[kind] }));
  if (!kinds.length) return _("{boxes}, no damage", { boxes: boxes(value.total) });
  return _("{boxes}: {damage} ({wound})", { boxes: boxes(value.total), damage: kinds.join(", "), wound: wound(value, levels) });
}

/** @param {{ current: number, total: number }} value */
export const experience = ({ current, total }) => _("{current} left of {total}", { current, total });

/**
 * @param {number} value
 * @param {number} max
 */
export const dotsText = (value, max) => "●".repeat(value) + "○".repeat(Math.max(0, max - value));

/**
 * What people read of a value that may be one of a list.
 * @param {Pick<Field, "choices" | "choice_labels">} field
 * @param {unknown} value
 */
export function choice({ choices = [], choice_labels: labels = [] }, value) {
  const text = String(value ?? "");
  return labels[choices.indexOf(text)] ?? text;
}

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
    case "trait-hp":
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
      return value ? _("yes") : _("no");
    case "trait-conditions":
      return Object.keys(value).sort().map((key) => value[key].name).join(", ") || "–";
    case "trait-dots":
      return `${value}/${spec.fields[0].max}`;
    default:
      return choice(spec.fields[0], value);
  }
}

/**
 * One side of a change, as `contract/values.py` says it; an entry is named by its first text.
 * @param {unknown} value
 * @param {boolean} [isChoice] its trait has a list of values
 * @returns {string}
 */
export function valueText(value, isChoice = false) {
  if (value === null || value === undefined || value === "") return _("nothing");
  if (typeof value === "boolean") return value ? _("yes") : _("no");
  if (typeof value === "object") {
    return Object.values(value).find((part) => typeof part === "string" && part) ?? _("an entry");
  }
  const text = isChoice ? choiceWord(value) : String(value);
  return text.length > 140 ? `${text.slice(0, 139)}…` : text;
}

/**
 * “1 → 2”; an entry comes or goes as a whole, and its label names it already.
 * @param {unknown} before
 * @param {unknown} after
 * @param {boolean} [isChoice]
 */
export function changeText(before, after, isChoice = false) {
  if (isEntry(after)) return _("added");
  if (isEntry(before)) return _("removed");
  return `${valueText(before, isChoice)} → ${valueText(after, isChoice)}`;
}

/** @param {unknown} value */
export const isEntry = (value) => typeof value === "object" && value !== null;

/** @type {{ doors: Record<string, string>, kinds: Record<string, string>, undone: string }} */
const events = readJson("event-words") ?? { doors: {}, kinds: {}, undone: "" };

/** @param {string} door */
export const doorText = (door) => events.doors[door] ?? "";

/**
 * What an event did besides changing values.
 * @param {Pick<HistoryEvent, "type" | "undoes">} event
 */
export const kindText = ({ type, undoes }) => (undoes ? events.undone : (events.kinds[type] ?? ""));

/** @param {Pick<HistoryEvent, "actor" | "acting_for">} event */
export const actorText = ({ actor, acting_for: absent }) =>
  absent ? _("{name} for {absent}", { name: actor.name, absent: absent.name }) : actor?.name || _("The system");

/**
 * “Mira, in Discord: Hunger 1 → 2”
 * @param {Pick<HistoryEvent, "actor" | "acting_for" | "door" | "changes" | "labels" | "choices">} event
 */
export function eventText(event) {
  const who = actorText(event);
  const changes = Object.entries(event.changes).map(
    ([path, [before, after]]) => `${event.labels[path] ?? path} ${changeText(before, after, event.choices?.includes(path))}`,
  );
  const data = { who, door: doorText(event.door), changes: changes.slice(0, 3).join(", ") };
  const more = changes.length - 3;
  return more > 0 ? _("{who}, {door}: {changes} and {more} more", { ...data, more }) : _("{who}, {door}: {changes}", data);
}
