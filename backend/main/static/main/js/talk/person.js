// Somebody, when their name is pressed: who they are, and what one can do about them.

import { call } from "../api.js";
import { confirm } from "../dialogs.js";
import { h } from "../dom.js";
import { toast } from "../toasts.js";
import { _ } from "../translation.js";
import { avatar, chatIcon, nameOf } from "./draw.js";
import { arrows, pop } from "./pop.js";

export class PersonCards {
  /**
   * @param {{ me: string, person: (id: string) => RoomPerson | undefined, open: (room: string) => unknown,
   *   mention: (person: RoomPerson) => void, blocked: Blocks, explain: (error: unknown) => void }} around
   */
  constructor({ me, person, open, mention, blocked, explain }) {
    this.me = me;
    this.person = person;
    this.open = open;
    this.mention = mention;
    this.blocked = blocked;
    this.explain = explain;
    document.addEventListener("click", ({ target }) => {
      const name = target.closest("button[data-person], .who[data-person]");
      if (name?.dataset.person) this.show(name.dataset.person, name);
    });
  }

  /**
   * @param {string} id
   * @param {HTMLElement} beside
   */
  show(id, beside) {
    const person = this.person(id);
    if (!person) return;
    let close = () => {};
    /**
     * @param {string} picture
     * @param {string} label
     * @param {() => unknown} act
     */
    const item = (picture, label, act) => h("button", { type: "button", class: "button", onclick: () => (close(), act()) }, chatIcon(picture), label);
    const isBlocked = this.blocked.has(id);
    const others = [
      item("person", _("Private message"), () => this.#talk(id)),
      item("block", isBlocked ? _("Unblock") : _("Block"), () => (isBlocked ? this.#unblock(person) : this.#block(person))),
    ];
    const head = h("div", { class: "talk-person" }, avatar(person.name, person.avatar_url), h("p", {}, nameOf(person.name), h("span", { class: "muted" }, person.role)));
    const menu = h("div", { class: "talk-menu" }, head, item("reply", _("Mention"), () => this.mention(person)), ...(id === this.me ? [] : others));
    arrows(menu);
    const back = beside.matches("button") ? beside : null;
    close = pop(beside.getBoundingClientRect(), menu, { label: person.name, back });
    menu.querySelector("button")?.focus();
  }

  /** @param {string} id */
  async #talk(id) {
    try {
      const conversation = await call("POST", "/api/chat/conversations/", { people: [id] });
      await this.open(conversation.id);
    } catch (error) {
      this.explain(error);
    }
  }

  /** @param {RoomPerson} person */
  async #block({ id, name }) {
    const says = _("You won’t get private messages from {name}, and what they write elsewhere is folded away. They aren’t told.", { name });
    if (!id || !(await confirm(_("Block {name}?", { name }), says, _("Block")))) return;
    try {
      await this.blocked.add(id);
      toast(_("{name} is blocked.", { name }));
    } catch (error) {
      this.explain(error);
    }
  }

  /** @param {RoomPerson} person */
  async #unblock({ id, name }) {
    try {
      if (id) await this.blocked.remove(id);
      toast(_("{name} is no longer blocked.", { name }));
    } catch (error) {
      this.explain(error);
    }
  }
}

/** Whom the reader has blocked; frames, which are written for everybody, do not say it. */
export class Blocks extends EventTarget {
  constructor() {
    super();
    /** @type {Set<string>} */
    this.ids = new Set();
    void this.#load();
  }

  /** @param {string | null | undefined} id */
  has(id) {
    return this.ids.has(id ?? "");
  }

  async #load() {
    try {
      const { results } = await call("GET", "/api/chat/blocks/");
      this.ids = new Set(results.map((/** @type {Person} */ person) => person.id ?? ""));
      if (this.ids.size) this.dispatchEvent(new Event("change"));
    } catch {
      // the server folds what it sends; only live messages of somebody blocked stand open until then
    }
  }

  /** @param {string} id */
  async add(id) {
    await call("PUT", `/api/chat/blocks/${id}/`, {});
    this.ids.add(id);
    this.dispatchEvent(new Event("change"));
  }

  /** @param {string} id */
  async remove(id) {
    await call("DELETE", `/api/chat/blocks/${id}/`, {});
    this.ids.delete(id);
    this.dispatchEvent(new Event("change"));
  }
}
