// What stands beside a text: rolls and requests, which the server draws for each reader, scenes, and notices.

import { h } from "../dom.js";
import { N_, _ } from "../translation.js";
import { result } from "./chips.js";
import { nameOf } from "./draw.js";
import { sceneCard } from "./scene-card.js";

// Who only scrolls past asks for nothing.
const LINGER = 200;
const KEPT = 100;
/** @type {Record<string, string>} */
const NOTICES = {
  scene_turn: N_("It’s {name}’s turn."),
  scene_nudge: N_("{name}, the others are waiting for you."),
  scene_closed: N_("The scene “{title}” is closed."),
};
/** @type {Map<string, { changed: number, node: HTMLElement }>} by message, what the server drew */
const drawn = new Map();

class ChatCard extends HTMLElement {
  connectedCallback() {
    /** @type {ChatMessage} */
    const message = /** @type {any} */ (this).message;
    const card = /** @type {any} */ (message?.card);
    if (!card) return;
    if (card.notice) return void this.replaceChildren(noticed(card.notice));
    if (card.scene) return void this.replaceChildren(sceneCard(card.scene));
    const known = drawn.get(message.id);
    if (known) this.replaceChildren(known.node);
    else this.replaceChildren(...(card.rolls ?? []).map(inShort));
    if (known?.changed === message.changed) return;
    this.waits = setTimeout(() => this.#draw(message, card), known ? 0 : LINGER);
  }

  disconnectedCallback() {
    clearTimeout(this.waits);
  }

  /**
   * @param {ChatMessage} message
   * @param {any} card
   */
  async #draw(message, card) {
    const node = h("div", { class: "game-card rolls" });
    const ids = (card.rolls ?? []).map((/** @type {any} */ { roll }) => roll.id);
    const address = card.request ? `/requests/${card.request.id}/` : `/talk/rolls/?rolls=${ids.join(",")}`;
    // It has to be in the page for htmx.
    const place = h("div", { hidden: true }, node);
    document.body.append(place);
    await window.htmx.ajax("GET", address, { target: node, swap: "innerHTML" }).catch(() => null);
    place.remove();
    for (const entry of card.rolls ?? []) if (!node.querySelector(`#roll-${entry.roll.id}`)) node.append(inShort(entry));
    if (!node.childElementCount) return;
    keep(message.id, { changed: message.changed, node });
    if (this.isConnected) this.replaceChildren(node);
  }
}

/**
 * @param {string} id
 * @param {{ changed: number, node: HTMLElement }} made
 */
function keep(id, made) {
  drawn.delete(id);
  drawn.set(id, made);
  for (const [oldest] of drawn) {
    if (drawn.size <= KEPT) break;
    drawn.delete(oldest);
  }
}

/**
 * A roll from its message alone: until the server has drawn it, and for who reads it in a private conversation.
 * @param {any} entry
 */
function inShort({ roll, attached }) {
  const pool = roll.pool.lines.map((/** @type {any} */ line) => `${line.specialty || line.label} ${line.dice}`).join(" + ") || roll.title;
  return h(
    "article",
    { class: `roll tone-${roll.outcome.tone}`, "data-short": roll.id },
    h("p", {}, nameOf(roll.name || roll.roller.name), " ", h("span", { class: "muted" }, pool)),
    h("ol", { class: "dice", "aria-label": _("Dice") }, ...roll.dice.map(die)),
    h("p", { class: "outcome" }, h("strong", {}, roll.outcome.label), ` · ${result(roll)}`),
    ...attached.map((/** @type {any} */ part) => h("p", { class: "attached" }, `${part.label}: ${part.outcome.label}`)),
  );
}

/** @param {{ value: number, kind: string }} die */
const die = ({ value, kind }) => h("li", { class: `die ${kind}` }, h("span", { class: "number" }, String(value)));

/** @param {{ code: string, data: Record<string, any> }} notice */
function noticed({ code, data }) {
  return h("p", { class: "game-notice" }, code in NOTICES ? _(/** @type {string} */ (NOTICES[code]), data) : code);
}

/** From here on the cards of messages show what is on them. */
export function bringCardsToLife() {
  customElements.define("chat-card", ChatCard);
}
