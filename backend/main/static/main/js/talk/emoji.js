// The emoji of Unicode, by group, found by their names in English and German. The list comes when it is first needed.

import { $ } from "../dom.js";

const RECENT = "emoji-recent";
const MOST_RECENT = 24;
const USUAL = ["👍", "❤️", "😂", "🎉", "😱", "🩸"];

/** @typedef {{ emoji: string, code: string, name: string, words: string }} Emoji */

/** @type {Promise<Emoji[][]> | undefined} */
let list;

/** @returns {Promise<Emoji[][]>} */
export function allEmoji() {
  list ??= load();
  return list;
}

async function load() {
  try {
    /** @type {string[][][]} */
    const groups = await (await fetch($("#main").dataset.emoji ?? "")).json();
    return groups.map((group) => group.map(read));
  } catch (error) {
    list = undefined;
    throw error;
  }
}

const isGerman = document.documentElement.lang === "de";

/** @param {string[]} row */
function read([emoji, code, english, tags, german, words]) {
  return { emoji, code, name: isGerman ? german : english, words: folded(`${code} ${english} ${tags} ${german} ${words}`) };
}

/** @param {string} text */
export const folded = (text) => text.toLowerCase().normalize("NFD").replace(/\p{Mn}/gu, "").replaceAll("_", " ");

/**
 * Those of which every word begins one of their names, the closest first.
 * @param {Emoji[]} emoji
 * @param {string} typed
 * @param {number} most
 */
export function find(emoji, typed, most) {
  const words = folded(typed).split(/\s+/).filter(Boolean);
  const hits = emoji.filter((one) => words.every((word) => one.words.includes(` ${word}`) || one.words.startsWith(word)));
  const [first = ""] = words;
  /** @param {Emoji} one */
  const distance = (one) => (one.code === first ? 0 : one.words.startsWith(first) ? 1 : folded(one.name).startsWith(first) ? 2 : 3);
  return hits.sort((one, other) => distance(one) - distance(other)).slice(0, most);
}

/** What somebody uses most lately; at first what most people use. */
export function recent() {
  try {
    /** @type {string[]} */
    const kept = JSON.parse(localStorage.getItem(RECENT) ?? "[]");
    return [...new Set([...kept, ...USUAL])].slice(0, MOST_RECENT);
  } catch {
    return USUAL;
  }
}

/** @param {string} emoji */
export function used(emoji) {
  try {
    localStorage.setItem(RECENT, JSON.stringify([...new Set([emoji, ...recent()])].slice(0, MOST_RECENT)));
  } catch {
    // not remembered, still chosen
  }
}
