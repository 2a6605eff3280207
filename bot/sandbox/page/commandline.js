// The command line as text: commands flattened to their full paths, a typed line parsed, a draft written back. No DOM here.

import { optionType } from "./directory.js";
import { isCalled, shownName } from "./localised.js";

const nested = new Set([optionType.subcommand, optionType.group]);

function flattenOne(command, nodes) {
  const node = nodes.at(-1);
  const children = (node.options || []).filter((option) => nested.has(option.type));
  if (children.length) return children.flatMap((child) => flattenOne(command, [...nodes, child]));
  const options = [...(node.options || [])].sort((a, b) => Number(Boolean(b.required)) - Number(Boolean(a.required)));
  const [full, own] = [shownName, ({ name }) => name].map((called) => `/${nodes.map(called).join(" ")}`);
  return [{ command, path: nodes.slice(1).map(({ name }) => name), full, own, description: node.description, options }];
}

/**
 * Every command that can be run, sorted: [{command, path, full: "/vampir aktualisieren", own: "/vampire update",
 * description, options}]. It can be typed by either name.
 */
export function flatten(commands) {
  const leaves = commands.filter((command) => (command.type || 1) === 1).flatMap((command) => flattenOne(command, [command]));
  return leaves.sort((a, b) => a.full.localeCompare(b.full));
}

const tidy = (text) => text.toLowerCase().replace(/\s+/g, " ");

/** Commands whose path has every typed word; those that begin with the text come first. */
export function matching(leaves, text) {
  const wanted = tidy(text).trim();
  const words = wanted.slice(1).split(" ");
  const found = leaves.filter(({ full, own }) => words.every((word) => full.includes(word) || own.includes(word)));
  return found.sort((a, b) => Number(b.full.startsWith(wanted)) - Number(a.full.startsWith(wanted)));
}

/** The longest command path that the line begins with; {leaf, end} or null. */
function findLeaf(text, leaves) {
  const fitting = leaves.map((leaf) => ({ leaf, end: Math.max(pathEnd(text, leaf.full), pathEnd(text, leaf.own)) })).filter(({ end }) => end > 0);
  return fitting.sort((a, b) => b.end - a.end)[0] || null;
}

function pathEnd(text, full) {
  const pattern = full.split(" ").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("\\s+");
  const match = new RegExp(`^${pattern}(?=\\s|$)`, "i").exec(text);
  return match ? match[0].length : 0;
}

const optionStart = /^([\p{L}\p{N}_-]{1,32}):(?!\/\/)/u;
const closing = { '"': '"', "“": "”", "'": "'", "„": "“" };

/** Text in quotes, a backslash before a quote keeps it; {text, end, closed} */
function readQuoted(line, at) {
  const close = closing[line[at]];
  let text = "";
  for (let i = at + 1; i < line.length; i += 1) {
    const escaped = line[i] === "\\" && (line[i + 1] === close || line[i + 1] === "\\");
    if (escaped) i += 1;
    else if (line[i] === close || (close === "”" && line[i] === '"')) return { text, end: i + 1, closed: true };
    text += line[i];
  }
  return { text, end: line.length, closed: false };
}

/** Without quotes a value lasts until the next "word:" or the end. */
function readBare(line, at) {
  const next = /\s+(?=[\p{L}\p{N}_-]{1,32}:(?!\/\/))/u.exec(line.slice(at));
  const end = next ? at + next.index : line.length;
  return { text: line.slice(at, end).trimEnd(), end, closed: true };
}

const apostrophe = (line, at) => line[at] === "'" && !/'(\s|$)/.test(line.slice(at + 1));

function readOption(line, at) {
  const [head, name] = optionStart.exec(line.slice(at));
  let start = at + head.length;
  const gap = /^\s*/.exec(line.slice(start))[0].length;
  if (optionStart.test(line.slice(start + gap))) return { name, text: "", start, end: start, closed: true };
  start += gap;
  const quoted = closing[line[start]] && !apostrophe(line, start);
  return { name, start, quoted: Boolean(quoted), ...(quoted ? readQuoted(line, start) : readBare(line, start)) };
}

/** The options after the path: {parts: [{name, text, start, end, quoted, closed}], stray: [text]} */
function readOptions(line, from) {
  const parts = [];
  const stray = [];
  for (let at = from; at < line.length; ) {
    if (/\s/.test(line[at])) at += 1;
    else {
      const part = optionStart.test(line.slice(at)) ? readOption(line, at) : readBare(line, at);
      (part.name ? parts : stray).push(part.name ? part : part.text);
      at = Math.max(part.end, at + 1);
    }
  }
  return { parts, stray };
}

/**
 * A typed line → {leaf, entries: Map of option name → {text}, parts, problems: [sentence]},
 * or {leaf: null} when it begins with no known command.
 */
export function parseLine(line, leaves) {
  const found = findLeaf(line, leaves);
  if (!found) return { leaf: null, entries: new Map(), parts: [], problems: [] };
  const { parts, stray } = readOptions(line, found.end);
  const entries = new Map();
  const problems = stray.map((text) => `“${text}” belongs to no option. Write option:value.`);
  for (const { name, text, quoted, closed } of parts) {
    const option = found.leaf.options.find((known) => isCalled(known, name));
    if (!option) problems.push(`${found.leaf.full} has no option “${name}”. Text with a colon needs quotes.`);
    else if (entries.has(option.name)) problems.push(`“${name}” is there twice.`);
    else entries.set(option.name, { text });
    if (quoted && !closed) problems.push(`The quote after “${name}:” is not closed.`);
  }
  return { leaf: found.leaf, entries, parts, problems };
}

function quote(text) {
  return /[\s":“”„']|^$/.test(text) ? `"${text.replace(/["\\]/g, "\\$&")}"` : text;
}

/** A draft as a line that parseLine reads back. Files cannot be written down. */
export function writeLine(leaf, entries) {
  const shown = new Map(leaf.options.map((option) => [option.name, shownName(option)]));
  const words = [...entries].filter(([, entry]) => !entry.file && entry.text).map(([name, { text }]) => `${shown.get(name)}:${quote(text)}`);
  return [leaf.full, ...words].join(" ");
}

/** What could be completed at the end of the line: {stage: "command" | "option" | "value", …}; null for plain text. */
export function completionPoint(line, leaves) {
  if (!line.startsWith("/") || line.includes("\n")) return null;
  const found = findLeaf(line, leaves);
  if (!found || line.length === found.end) return { stage: "command", text: line };
  const { leaf } = found;
  const { parts, entries } = parseLine(line, leaves);
  const last = parts.at(-1);
  const option = last && leaf.options.find((known) => isCalled(known, last.name));
  const inside = last && last.end === line.length && !(last.quoted && last.closed);
  if (option && inside) return { stage: "value", leaf, option, text: last.text, start: last.start, entries };
  const word = /\S*$/.exec(line)[0];
  const rest = leaf.options.filter((known) => !entries.has(known.name) && [shownName(known), known.name].some((name) => name.startsWith(word.toLowerCase())));
  return { stage: "option", leaf, options: rest, start: line.length - word.length };
}
