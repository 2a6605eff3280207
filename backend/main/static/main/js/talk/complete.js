// Completes what is typed in the box: `@` people, characters and roles, `:` emoji.

import { h } from "../dom.js";
import { _ } from "../translation.js";
import { avatar } from "./draw.js";
import { allEmoji, find, folded, used } from "./emoji.js";

const MOST = 8;
const TYPED = /(?:^|[\s(])([@:])([^\s@:][^@:\n]{0,30}|)$/u;
const KINDS = { person: "", role: _("role"), character: _("character") };

/** @typedef {import("./mentions.js").Mentionable} Mentionable */
/** @typedef {{ node: HTMLElement, text: string, chosen?: Mentionable }} Choice */

export class Completion {
  /**
   * @param {Found} text
   * @param {{ mentionable: () => Mentionable[], chose: (one: Mentionable) => void }} how
   */
  constructor(text, { mentionable, chose }) {
    this.text = text;
    this.mentionable = mentionable;
    this.chose = chose;
    /** @type {HTMLElement} */
    this.node = h("div", { class: "talk-completion", role: "listbox", id: "talk-completion", "aria-label": _("Suggestions"), hidden: true });
    text.parentElement?.append(this.node);
    /** @type {Choice[]} */
    this.choices = [];
    this.at = 0;
    text.setAttribute("aria-controls", "talk-completion");
    text.setAttribute("aria-autocomplete", "list");
    this.node.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      const index = [...this.node.children].indexOf(/** @type {any} */ (event.target.closest("[role=option]")));
      if (index >= 0) this.#take(index);
    });
    text.addEventListener("blur", () => this.close());
  }

  get isOpen() {
    return !this.node.hidden;
  }

  /** After each change of the text. */
  async look() {
    const typed = this.#typed();
    if (!typed) return this.close();
    const choices = typed.sign === "@" ? this.#people(typed.word) : await this.#emoji(typed.word);
    if (this.#typed()?.word === typed.word) this.#show(choices);
  }

  /**
   * Whether the key was for the list.
   * @param {Happening} event
   */
  key(event) {
    if (!this.isOpen) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.#point((this.at + step + this.choices.length) % this.choices.length);
    else if (event.key === "Enter" || event.key === "Tab") this.#take(this.at);
    else if (event.key === "Escape") this.close();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  close() {
    this.node.hidden = true;
    this.text.removeAttribute("aria-activedescendant");
  }

  #typed() {
    const area = /** @type {HTMLTextAreaElement} */ (/** @type {unknown} */ (this.text));
    if (area.selectionStart !== area.selectionEnd) return null;
    const before = area.value.slice(0, area.selectionStart);
    const found = before.match(TYPED);
    if (!found || (found[1] === ":" && found[2].length < 2)) return null;
    return { sign: found[1], word: found[2], from: before.length - found[2].length - 1, to: before.length };
  }

  /**
   * @param {string} word
   * @returns {Choice[]}
   */
  #people(word) {
    const wanted = folded(word);
    const found = this.mentionable().filter(({ name }) => folded(name).startsWith(wanted) || folded(name).includes(` ${wanted}`));
    return found.slice(0, MOST).map((one) => ({
      text: `@${one.name} `,
      chosen: one,
      node: option(
        one.kind === "person" ? avatar(one.name, one.avatar) : h("span", { class: "avatar", "aria-hidden": "true" }, one.kind === "role" ? "@" : "◆"),
        one.name,
        KINDS[one.kind],
      ),
    }));
  }

  /**
   * @param {string} word
   * @returns {Promise<Choice[]>}
   */
  async #emoji(word) {
    const groups = await allEmoji().catch(() => []);
    return find(groups.flat(), word, MOST).map(({ emoji, code }) => ({
      text: `${emoji} `,
      node: option(h("span", { class: "emoji", "aria-hidden": "true" }, emoji), `:${code}:`, ""),
    }));
  }

  /** @param {Choice[]} choices */
  #show(choices) {
    this.choices = choices;
    this.node.hidden = !choices.length;
    this.node.replaceChildren(...choices.map(({ node }) => node));
    for (const [index, { node }] of choices.entries()) node.id = `talk-option-${index}`;
    if (choices.length) this.#point(0);
  }

  /** @param {number} at */
  #point(at) {
    this.at = at;
    for (const [index, { node }] of this.choices.entries()) node.setAttribute("aria-selected", String(index === at));
    this.choices[at].node.scrollIntoView({ block: "nearest" });
    this.text.setAttribute("aria-activedescendant", `talk-option-${at}`);
  }

  /** @param {number} at */
  #take(at) {
    const { text, chosen } = this.choices[at];
    const typed = this.#typed();
    this.close();
    if (!typed) return;
    if (chosen) this.chose(chosen);
    else used(text.trim());
    insert(this.text, text, typed.from, typed.to);
  }
}

/**
 * @param {Node} picture
 * @param {string} name
 * @param {string} kind
 */
function option(picture, name, kind) {
  return h("div", { role: "option", "aria-selected": "false" }, picture, h("bdi", { class: "name", translate: "no" }, name), kind ? h("span", { class: "kind" }, kind) : null);
}

/**
 * As if it had been typed: it can be undone, and whoever listens to the box hears of it.
 * @param {Found} area
 * @param {string} text
 * @param {number} [from]
 * @param {number} [to]
 */
export function insert(area, text, from, to) {
  area.focus();
  const box = /** @type {HTMLTextAreaElement} */ (/** @type {unknown} */ (area));
  if (from !== undefined && to !== undefined) box.setSelectionRange(from, to);
  if (document.execCommand("insertText", false, text)) return;
  box.setRangeText(text, box.selectionStart, box.selectionEnd, "end");
  box.dispatchEvent(new Event("input", { bubbles: true }));
}
