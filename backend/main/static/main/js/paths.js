// A document is nested JSON; a path is dotted keys into it.

export function get(document, path) {
  let node = document;
  for (const name of path.split(".")) {
    if (node === null || typeof node !== "object") return undefined;
    node = node[name];
  }
  return node;
}

/** Sets the value, or deletes the key when it is null: how an event folds into a document. */
export function put(document, path, value) {
  const names = path.split(".");
  const last = names.pop();
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

/** Is one path the other, or above it? */
export function overlap(one, other) {
  return one === other || one.startsWith(`${other}.`) || other.startsWith(`${one}.`);
}

export const slugOf = (path) => path.split(".", 1)[0];

export const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** How high a field goes on this sheet: of some another trait decides, such as the generation. */
export function highest({ max, highest: rule }, fields) {
  return rule ? (rule.of[fields[rule.by]] ?? rule.otherwise) : max;
}
