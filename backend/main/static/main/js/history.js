// A list of events that grows at its head while the page is open, and whose buttons take changes back.

import { $, $$, copy, h, localTimes, setText } from "./dom.js";
import { Refused, call, characterUrl } from "./api.js";
import { sentence } from "./notices.js";
import { _ } from "./translation.js";
import { actorText, changeText, doorText, isEntry, kindText, valueText } from "./words.js";

// Events in which a whole character comes: their kind says it, and every value from nothing would be a page of its own.
const WHOLE = ["character.created", "character.restored", "character.moved"];

export class History {
  /**
   * @param {HTMLElement} list
   * @param {Found} template
   * @param {Character} character
   */
  constructor(list, template, character) {
    this.list = list;
    this.template = template;
    this.character = character;
    localTimes(list);
    list.addEventListener("click", (event) => {
      const undo = event.target.closest("[data-undo]");
      const entry = undo?.closest("[data-event]");
      if (undo && entry) this.#undo(entry, undo);
    });
    list.addEventListener("htmx:afterSettle", () => localTimes(list));
  }

  /**
   * A new event, live. The same event may be told twice: by the answer to a change, and by the gateway.
   * @param {HistoryEvent | null | undefined} event
   */
  add(event) {
    if (!event || $(`[data-event="${CSS.escape(event.id)}"]`, this.list)) return;
    const later = $$("[data-event]", this.list).find((one) => Number($("[data-slot=version]", one).textContent) < event.version);
    const node = this.#draw(event);
    this.list.insertBefore(node, later ?? this.list.firstElementChild);
    $(".empty", this.list)?.remove();
    if (event.undoes) this.#retire(event.undoes);
  }

  /** @param {HistoryEvent} event */
  #draw(event) {
    const node = copy(this.template);
    node.dataset.event = event.id;
    node.classList.add("fresh");
    const name = actorText(event);
    setText($(".avatar", node), name.slice(0, 1).toUpperCase());
    this.#slot(node, "by", name);
    this.#slot(node, "door", doorText(event.door));
    this.#slot(node, "version", event.version);
    const command = this.#slot(node, "command", event.command);
    if (command.parentElement) command.parentElement.hidden = !event.command;
    const kind = kindText(event);
    this.#slot(node, "kind", kind).hidden = !kind;
    $("time", node).dateTime = event.at;
    localTimes(node);
    $(".changes", node).replaceChildren(...this.#changes(event));
    $("[data-notices]", node).replaceChildren(...event.notices.map((notice) => h("p", { class: "notice" }, sentence(notice))));
    $("[data-undo]", node).hidden = event.type !== "character.updated";
    return node;
  }

  /**
   * @param {Element} node
   * @param {string} name
   * @param {unknown} text
   */
  #slot(node, name, text) {
    const slot = $(`[data-slot=${name}]`, node);
    setText(slot, text ?? "");
    return slot;
  }

  /** @param {HistoryEvent} event */
  #changes({ changes, labels, choices = [], type }) {
    if (WHOLE.includes(type)) return [];
    return Object.entries(changes).map(([path, [before, after]]) =>
      h("div", {}, h("dt", {}, `${labels[path] ?? path}:`), " ", h("dd", {}, ...this.#sides(before, after, choices.includes(path)))),
    );
  }

  /**
   * @param {unknown} before
   * @param {unknown} after
   * @param {boolean} isChoice
   */
  #sides(before, after, isChoice) {
    if (isEntry(before) || isEntry(after)) return [h("strong", {}, changeText(before, after))];
    return [h("span", { class: "from" }, valueText(before, isChoice)), " → ", h("strong", {}, valueText(after, isChoice))];
  }

  /** @param {string} id */
  #retire(id) {
    const node = $(`[data-event="${CSS.escape(id)}"]`, this.list);
    node?.classList.add("undone");
    if (node) $("[data-undo]", node).hidden = true;
  }

  /**
   * @param {Found} node
   * @param {Found} control
   */
  async #undo(node, control) {
    control.disabled = true;
    $(".refusal", node)?.remove();
    try {
      const body = { event: node.dataset.event, player: this.character.changes?.actingFor ?? undefined };
      const { event, character } = await call("POST", characterUrl(this.character.id, "undo/"), body);
      this.character.replace(character);
      this.add(event);
    } catch (error) {
      const words = error instanceof Refused ? error.message : _("The server can’t be reached just now. Nothing was changed.");
      const events = error instanceof Refused ? (error.body.events ?? []) : [];
      const later = events.map((one) => _("v{version} by {name}", { version: one.version, name: one.actor.name })).join(", ");
      $(".what", node).append(h("p", { class: "refusal", role: "alert" }, later ? `${words} (${later})` : words));
    } finally {
      control.disabled = false;
    }
  }
}
