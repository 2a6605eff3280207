// The sentence of a notice, by the table of `contract/notices.py`, which the page carries.

import { readJson } from "./dom.js";
import { label } from "./labels.js";

const { sentences, names } = readJson("notice-sentences") ?? { sentences: {}, names: [] };
const PLACE = /\{(\w+)(?:\|([^|{}]*)\|([^|{}]*))?\}/g;

/**
 * A text is that of an old event. `{name}` is a value; `{name|one|many}` a form by its number, `#` in it the number.
 * @param {Notice} notice
 */
export function sentence(notice) {
  if (typeof notice === "string") return notice;
  return (sentences[notice.code] ?? notice.code).replace(PLACE, (/** @type {string[]} */ ...[, name, one, many]) => {
    const value = notice.data[name] ?? "?";
    const text = String(value);
    if (one === undefined) return names.includes(name) ? label(text, String(notice.data.context ?? "")) : text;
    return (value === 1 ? one : many).replaceAll("#", text);
  });
}
