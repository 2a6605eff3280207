// A document is nested JSON; a path is dotted keys into it.

/**
 * @param {any} document
 * @param {string} path
 */
export function get(document, path) {
  let node = document;
  for (const name of path.split(".")) {
    if (node === null || typeof node !== "object") return undefined;
    node = node[name];
  }
  return node;
}

/**
 * Sets the value, or deletes the key when it is null: how an event folds into a document.
 * @param {Fields} document
 * @param {string} path
 * @param {unknown} value
 */
export function put(document, path, value) {
  const names = path.split(".");
  const last = names.pop() ?? path;
  let node = document;
  for (const name of names) {
    if (node[name] === null || typeof node[name] !== "object") {
      if (value === null) return;
      node[name] = {};
    }
    node = node[name];
  }
  if (value === null || value === undefined) delete node[last];
  else node[last] = value;
}

/**
 * Is one path the other, or above it?
 * @param {string} one
 * @param {string} other
 */
export function overlap(one, other) {
  return one === other || one.startsWith(`${other}.`) || other.startsWith(`${one}.`);
}

/** @param {string} path */
export const slugOf = (path) => path.split(".", 1)[0];

/** @type {(one: unknown, other: unknown) => boolean} */
export const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/**
 * How high a field goes on this sheet: of some another trait decides, such as the generation.
 * @param {Pick<Field, "max" | "highest">} field
 * @param {Fields} fields
 * @returns {number}
 */
export function highest({ max, highest: rule }, fields) {
  return rule ? (rule.of[fields[rule.by]] ?? rule.otherwise) : max;
}
