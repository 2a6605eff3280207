// The sentence of a notice, by the table of `contract/notices.py`, which the page carries.

import { readJson } from "./dom.js";

const sentences = readJson("notice-sentences");
const PLACE = /\{(\w+)(?:\|([^|{}]*)\|([^|{}]*))?\}/g;

/** A text is that of an old event. `{name}` is a value; `{name|one|many}` a form by its number, `#` in it the number. */
export function sentence(notice) {
  if (typeof notice === "string") return notice;
  return (sentences[notice.code] ?? notice.code).replace(PLACE, (_, name, one, many) => {
    const value = notice.data[name] ?? "?";
    return one === undefined ? value : (value === 1 ? one : many).replaceAll("#", value);
  });
}
