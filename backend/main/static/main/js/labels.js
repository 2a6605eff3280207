// Labels of traits in frames: those are encoded once for all readers, so they are in English, and put into words here.
// `contract/labels.py` reads them in the same way; the page carries what they are made of (`haven/schema.py`).

import { readJson } from "./dom.js";

/** @type {Record<string, string>} */
const words = readJson("label-words") ?? {};
const BETWEEN = /(^\d+ |: |, | [+−] | \(|\)| ?[+−-]?\d+)/;

/**
 * @param {string} text
 * @param {string} slug of its trait, which may have a word of its own
 */
export function label(text, slug = "") {
  /** @param {string} part */
  const word = (part) => words[`${slug}|${part}`] ?? words[part];
  return word(text) ?? text.split(BETWEEN).map((part, at) => (at % 2 ? part : (word(part) ?? part))).join("");
}

/**
 * A value as people read it; of a choice, the word of its list.
 * @param {unknown} value
 */
export const choiceWord = (value) => words[String(value)] ?? String(value);

/**
 * The labels of an event, by path.
 * @param {Record<string, string>} labels
 */
export const inWords = (labels) =>
  Object.fromEntries(Object.entries(labels).map(([path, text]) => [path, label(text, path.split(".", 1)[0])]));
