// The chat's markdown subset, text → nodes. Nothing is ever parsed as HTML.

import { ansiNodes } from "./ansi.js";
import { el, link } from "./dom.js";
import { timeNode } from "./times.js";

const deepest = 12;

function span(tag, attributes = {}) {
  return (match, context) => el(tag, attributes, inline(match[1], context));
}

const mention = (text, extra = {}) => el("span", { class: "mention", ...extra }, text);

function userMention([, id], { directory }) {
  return mention(`@${directory.name(id)}`, { class: id === directory.world.me.id ? "mention mention-me" : "mention" });
}

function roleMention([, id], { directory }) {
  return mention(`@${(directory.role(id)?.name || "unknown role").replace(/^@/, "")}`);
}

const channelMention = ([, id], { directory }) => mention(`#${directory.channel(id)?.name || "unknown channel"}`);

/** The composer hears which command was clicked. */
function commandMention([, name, id]) {
  const node = el("button", { type: "button", class: "mention" }, `/${name}`);
  node.addEventListener("click", () => node.dispatchEvent(new CustomEvent("command", { bubbles: true, detail: { name, id } })));
  return node;
}

function customEmoji([, animated, name, id]) {
  const source = `/cdn/emojis/${id}.${animated ? "gif" : "png"}`;
  return el("img", { class: "emoji", src: source, alt: `:${name}:`, title: `:${name}:` });
}

function spoiler(match, context) {
  const cover = el("button", { type: "button", class: "spoiler", "aria-expanded": "false", "aria-label": "Hidden text, press to show" });
  const inside = el("span", {}, inline(match[1], context));
  cover.append(inside);
  inside.inert = true;
  cover.addEventListener("click", () => {
    cover.replaceWith(el("span", { class: "spoiler-open" }, ...inside.childNodes));
  });
  return cover;
}

function namedLink(match, context) {
  return link(match[2], inline(match[1], { ...context, links: false }));
}

/** Tried in this order at every place of the text. [pattern, maker, needs links] */
const rules = [
  [/^\\([^\p{L}\p{N}\s])/u, (match) => match[1]],
  [/^(`+)([^]*?[^`])\1(?!`)/, (match) => el("code", {}, match[2])],
  [/^\|\|([^]+?)\|\|/, spoiler],
  [/^\*\*\*([^]+?)\*\*\*(?!\*)/, (match, context) => el("em", {}, el("strong", {}, inline(match[1], context)))],
  [/^\*\*([^]+?)\*\*(?!\*)/, span("strong")],
  [/^__([^]+?)__(?!_)/, span("u")],
  [/^~~([^]+?)~~/, span("s")],
  [/^\*(?=\S)([^]*?\S)\*(?!\*)/, span("em")],
  [/^_([^_]+?)_(?![\p{L}\p{N}_])/u, span("em")],
  [/^<@!?(\d+)>/, userMention],
  [/^<@&(\d+)>/, roleMention],
  [/^<#(\d+)>/, channelMention],
  [/^<\/([^:>]+):(\d+)>/, commandMention],
  [/^<(a?):(\w{2,32}):(\d+)>/, customEmoji],
  [/^<t:(-?\d{1,13})(?::([tTdDfFR]))?>/, (match) => timeNode(Number(match[1]) * 1000, match[2] || "f")],
  [/^\[([^\]]+)\]\(<?(https?:\/\/[^\s)>]+)>?(?:\s+"[^"]*")?\)/, namedLink, true],
  [/^<(https?:\/\/[^\s>]+)>/, (match) => link(match[1], match[1]), true],
  [/^https?:\/\/[^\s<]+[^\s<.,:;"'\])*_|~]/, (match) => link(match[0], match[0]), true],
  [/^@(everyone|here)\b/, (match) => mention(match[0])],
  [/^\n/, () => el("br")],
];

const plain = /^[^\\`|*_~<[@\nh]+/;
const word = /^[\p{L}\p{N}]+/u;

function firstRule(text, context) {
  for (const [pattern, make, isLink] of rules) {
    if (isLink && !context.links) continue;
    const match = pattern.exec(text);
    if (match) return [match[0].length, make(match, context)];
  }
  const run = plain.exec(text) || word.exec(text);
  const length = run ? run[0].length : [...text.slice(0, 2)][0].length;
  return [length, text.slice(0, length)];
}

/** Text without blocks: field names, titles, choice labels. */
function inline(text, context) {
  const nodes = document.createDocumentFragment();
  const inner = { ...context, depth: context.depth + 1 };
  if (context.depth > deepest) return document.createTextNode(text);
  for (let at = 0; at < text.length; ) {
    const [length, node] = firstRule(text.slice(at), inner);
    nodes.append(node);
    at += length;
  }
  nodes.normalize();
  return nodes;
}

function codeBlock([, language, body]) {
  const text = body.replace(/\n$/, "");
  const content = language === "ansi" ? ansiNodes(text) : [text];
  return el("pre", { class: "code-block", tabindex: "0", data: language ? { language } : {} }, el("code", {}, content));
}

const heading = (match, context) => el(`h${match[1].length + 2}`, { class: `md-h${match[1].length}` }, inline(match[2], context));

function quote(match, context) {
  return el("blockquote", {}, blocks(match[0].replace(/^> ?/gm, ""), context));
}

const restQuote = (match, context) => el("blockquote", {}, blocks(match[1], context));

const listItem = /^( *)([-*]|\d{1,9}\.) +(.*)$/;

/** Lines of a list become nested lists by their indentation. */
function list(match, context) {
  const root = { indent: -1, node: document.createDocumentFragment() };
  const open = [root];
  for (const line of match[0].replace(/\n$/, "").split("\n")) {
    const [, spaces, bullet, text] = listItem.exec(line);
    addItem(open, spaces.length, bullet, inline(text, context));
  }
  return root.node;
}

function addItem(open, indent, bullet, content) {
  while (open.length > 1 && open.at(-1).indent > indent) open.pop();
  if (open.at(-1).indent < indent) {
    const ordered = bullet.endsWith(".");
    const node = el(ordered ? "ol" : "ul", ordered ? { start: parseInt(bullet, 10) } : {});
    (open.at(-1).node.lastElementChild || open.at(-1).node).append(node);
    open.push({ indent, node });
  }
  open.at(-1).node.append(el("li", {}, content));
}

const blockRules = [
  [/^```(?:([\w+-]+)\n)?\n?([^]*?)```\n?/, codeBlock],
  [/^>>> ([^]*)$/, restQuote],
  [/^(?:> ?.*(?:\n|$))+/, quote],
  [/^(#{1,3}) +(.+)(?:\n|$)/, heading],
  [/^-# +(.+)(?:\n|$)/, (match, context) => el("small", { class: "subtext" }, inline(match[1], context))],
  [/^(?: *(?:[-*]|\d{1,9}\.) +.*(?:\n|$))+/, list],
];

function firstBlock(text, context) {
  for (const [pattern, make] of blockRules) {
    const match = pattern.exec(text);
    if (match && match[0]) return [match[0].length, make(match, context)];
  }
  return null;
}

/** Everything up to the next line that starts a block, or to a code fence inside the line. */
function paragraphLength(text) {
  let at = 0;
  while (at < text.length) {
    const lineEnd = text.indexOf("\n", at);
    const end = lineEnd < 0 ? text.length : lineEnd + 1;
    const fence = text.slice(at, end).indexOf("```");
    if (fence > 0 && text.indexOf("```", at + fence + 3) > 0) return at + fence;
    at = end;
    if (blockRules.some(([pattern]) => pattern.test(text.slice(at)))) return at;
  }
  return at;
}

function blocks(text, context) {
  const nodes = document.createDocumentFragment();
  if (context.depth > deepest) return document.createTextNode(text);
  const inner = { ...context, depth: context.depth + 1 };
  for (let at = 0; at < text.length; ) {
    const rest = text.slice(at);
    const block = firstBlock(rest, inner);
    const length = block ? block[0] : Math.max(1, paragraphLength(rest));
    nodes.append(block ? block[1] : inline(rest.slice(0, length).replace(/\n$/, ""), inner));
    at += length;
  }
  return nodes;
}

/** A message or embed text with everything. */
export const markdown = (text, directory) => blocks(text, { directory, links: true, depth: 0 });

/** One line of text: no headings, lists or code blocks. */
export const markdownLine = (text, directory, links = true) => inline(text, { directory, links, depth: 0 });
