// What opens beside the messages: search, pins, mentions. One at a time; Escape closes it and gives the focus back.

import { h } from "../dom.js";
import { _ } from "../translation.js";
import { nameOf, timeOf, tool, when } from "./draw.js";
import { words } from "./message.js";

export class SidePanel {
  /** @param {HTMLElement} node */
  constructor(node) {
    this.node = node;
    node.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.defaultPrevented) return;
      event.preventDefault();
      this.close();
    });
  }

  /**
   * @param {string} title
   * @param {Node[]} content
   * @param {HTMLElement} opener
   */
  open(title, content, opener) {
    this.close(false);
    this.opener = opener;
    opener.setAttribute("aria-expanded", "true");
    const close = tool("close", _("Close"), () => this.close());
    this.node.setAttribute("role", "region");
    this.node.setAttribute("aria-label", title);
    this.node.replaceChildren(h("header", {}, h("h2", {}, title), close), h("div", { class: "scrolls" }, ...content));
    this.node.hidden = false;
    const first = /** @type {HTMLElement | null} */ (this.node.querySelector(".scrolls :is(input, button)"));
    (first ?? close).focus();
  }

  /** @param {HTMLElement} opener */
  isOf(opener) {
    return !this.node.hidden && this.opener === opener;
  }

  close(returns = true) {
    if (this.node.hidden) return;
    this.node.hidden = true;
    this.node.replaceChildren();
    this.opener?.setAttribute("aria-expanded", "false");
    if (returns) this.opener?.focus();
  }
}

/**
 * A message in a panel: pressed, the list goes to it.
 * @param {ChatMessage} message
 * @param {{ place?: string, marked?: string[], go: (message: ChatMessage) => void }} how
 */
export function hit(message, { place = "", marked = [], go }) {
  const by = h("span", { class: "by" }, nameOf(message.voice?.name ?? message.author?.name ?? _("Somebody")), timeOf(message.at, when(message.at)));
  if (place) by.append(h("bdi", { class: "muted", translate: "no" }, place));
  const said = words(message);
  for (const inside of said.querySelectorAll("a, [tabindex]")) inside.removeAttribute("href");
  if (marked.length) mark(said, marked);
  if (!message.text) said.textContent = message.attachments.map(({ name }) => name).join(", ") || _("a card");
  return h("button", { type: "button", class: "hit", onclick: () => go(message) }, by, said);
}

/**
 * Marks the beginnings of words that were looked for.
 * @param {HTMLElement} root
 * @param {string[]} wanted
 */
function mark(root, wanted) {
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(${wanted.map(escaped).join("|")})[\\p{L}\\p{N}]*`, "giu");
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  /** @type {Text[]} */
  const texts = [];
  while (walker.nextNode()) texts.push(/** @type {Text} */ (walker.currentNode));
  for (const text of texts) {
    const parts = [];
    let at = 0;
    for (const found of text.data.matchAll(pattern)) {
      parts.push(text.data.slice(at, found.index), h("mark", {}, found[0]));
      at = found.index + found[0].length;
    }
    if (at) text.replaceWith(...parts, text.data.slice(at));
  }
}

/** @param {string} text */
const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
