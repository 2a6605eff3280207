// What a change will probably do, shown until the server says what it did. Rules stay on the server.

import { get, highest, put } from "./paths.js";
import { hurt } from "./words.js";

/**
 * @param {Fields} fields
 * @param {import("./changes.js").Change} change
 * @param {{ field(path: string): Field | undefined }} character
 */
export function apply(fields, change, character) {
  switch (change.op) {
    case "set":
      return put(fields, change.path, change.value);
    case "adjust":
      return adjust(fields, change, character);
    case "add":
      return put(fields, `${change.path}.${change.temporary}`, { ...change.value });
    case "remove":
      return put(fields, change.path, null);
  }
}

/**
 * @param {Fields} fields
 * @param {{ path: string, value?: any }} change
 * @param {{ field(path: string): Field | undefined }} character
 */
function adjust(fields, { path, value }, character) {
  const range = character.field(path) ?? { min: 0, max: Infinity };
  const wanted = (get(fields, path) ?? range.min ?? 0) + value;
  put(fields, path, Math.min(Math.max(wanted, range.min ?? 0), roof(fields, path, range)));
}

/**
 * What fits beside the rest of its trait; what happens past the last box is the server's to say.
 * @param {Fields} fields
 * @param {string} path
 * @param {Pick<Field, "min" | "max" | "roof" | "highest">} field
 */
function roof(fields, path, field) {
  const [slug, part] = path.split(".");
  const track = fields[slug];
  if (field.roof) return Math.max(get(fields, field.roof), get(fields, path));
  if (track?.lethal !== undefined && part !== "total") return track.total - hurt(track) + track[part];
  if (part === "superficial" && track?.total) return track.total - track.aggravated;
  if (part === "aggravated" && track?.total) return track.total;
  if (part === "stains" && track?.value !== undefined) return field.max - track.value;
  if (part === "quintessence") return Math.max(field.max - track.paradox, track.quintessence);
  return highest(field, fields) ?? Infinity;
}
