// The buttons above the messages: members, search, pins, a date to go to, what one wants to hear of the room.

import { call } from "../api.js";
import { ask } from "../dialogs.js";
import { h } from "../dom.js";
import { _ } from "../translation.js";
import { chatIcon, roomUrl, tool } from "./draw.js";
import { hit } from "./panel.js";
import { arrows, pop } from "./pop.js";
import { Search } from "./search.js";

/** @type {[string, string][]} */
const HEARS = [
  ["", _("As the server is set")],
  ["all", _("Every message")],
  ["mentions", _("Only mentions")],
  ["nothing", _("Nothing")],
];

export class RoomTools {
  /**
   * @param {{ view: import("./room.js").RoomView, panel: import("./panel.js").SidePanel, people: import("./people.js").People,
   *   go: (room: string, message: ChatMessage) => void, explain: (error: unknown) => void,
   *   heard: (notify: "all" | "mentions" | "nothing") => void }} around
   */
  constructor({ view, panel, people, go, explain, heard }) {
    this.view = view;
    this.panel = panel;
    this.people = people;
    this.go = go;
    this.explain = explain;
    this.heard = heard;
  }

  get buttons() {
    const opens = { "aria-expanded": "false", "aria-controls": "talk-panel" };
    const members = { "data-people-toggle": "", "aria-controls": "talk-people", "aria-expanded": String(this.people.isOpen) };
    return [
      ...this.#rare.map(([picture, label, act]) => tool(picture, label, ({ currentTarget }) => act(currentTarget), { "data-rare": "" })),
      tool("search", _("Search"), ({ currentTarget }) => this.#toggle(currentTarget, () => this.search(currentTarget)), opens),
      tool("people", _("Members"), () => this.people.toggle(), members),
      tool("more", _("More"), ({ currentTarget }) => this.#menu(currentTarget), { "data-more": "", "aria-haspopup": "dialog" }),
    ];
  }

  /** On a phone they stand in a menu. @returns {[string, string, (beside: HTMLElement) => unknown][]} */
  get #rare() {
    return [
      ["pin", _("Pinned messages"), (beside) => this.#toggle(beside, () => this.pins(beside))],
      ["bell", _("Notifications"), (beside) => this.notifications(beside)],
      ["calendar", _("Go to a date"), () => this.date()],
    ];
  }

  /** @param {HTMLElement} beside */
  #menu(beside) {
    let close = () => {};
    const menu = h("div", { class: "talk-menu" });
    for (const [picture, label, act] of this.#rare) {
      menu.append(h("button", { type: "button", class: "button", onclick: () => (close(), act(beside)) }, chatIcon(picture), label));
    }
    arrows(menu);
    close = pop(beside.getBoundingClientRect(), menu, { label: _("More"), back: beside });
    menu.querySelector("button")?.focus();
  }

  /**
   * @param {HTMLElement} opener
   * @param {() => unknown} open
   */
  #toggle(opener, open) {
    if (this.panel.isOf(opener)) this.panel.close();
    else open();
  }

  /** @param {HTMLElement} opener */
  search(opener) {
    this.panel.open(_("Search"), new Search({ opened: this.view.opened, go: this.go }).content, opener);
  }

  /** @param {HTMLElement} opener */
  async pins(opener) {
    try {
      /** @type {{ results: ChatMessage[] }} */
      const { results } = await call("GET", roomUrl(this.view.id, "pins/"));
      const go = (/** @type {ChatMessage} */ message) => this.go(this.view.id, message);
      const none = h("p", { class: "muted" }, _("Nothing is pinned here yet."));
      this.panel.open(_("Pinned messages"), results.length ? results.map((message) => hit(message, { go })) : [none], opener);
    } catch (error) {
      this.explain(error);
    }
  }

  async date() {
    const day = h("input", { type: "date", name: "day", required: true, id: "talk-day" });
    const field = h("div", { class: "field" }, h("label", { for: "talk-day" }, _("Date")), day);
    const chosen = await ask({ title: _("Go to a date"), body: [field], accept: _("Go there"), read: () => day.value || undefined });
    if (!chosen) return;
    const [year, month, date] = chosen.split("-").map(Number);
    await this.#goTo(new Date(year, month - 1, date));
  }

  /**
   * To the first message from that moment on: what stands after the last one before it.
   * @param {Date} moment
   */
  async #goTo(moment) {
    const asked = new URLSearchParams({ room: this.view.id, until: moment.toISOString(), limit: "1" });
    try {
      const { results } = await call("GET", `/api/chat/search/?${asked}`);
      await this.view.jump(results.length ? results[0].message.seq + 1 : 0);
    } catch (error) {
      this.explain(error);
    }
  }

  /** @param {HTMLElement} beside */
  async notifications(beside) {
    try {
      const { notify } = await call("GET", roomUrl(this.view.id, "notify/"));
      const menu = h("div", { class: "talk-menu", role: "radiogroup", "aria-label": _("Notifications") });
      let close = () => {};
      const choices = this.view.opened.room.server ? HEARS : HEARS.slice(1);
      menu.append(
        ...choices.map(([value, label]) => {
          const chosen = value === notify;
          const act = () => (close(), this.#hear(value));
          return h("button", { type: "button", class: "button", role: "radio", "aria-checked": String(chosen), onclick: act }, chosen ? chatIcon("check") : h("span", { class: "icon" }), label);
        }),
      );
      arrows(menu);
      close = pop(beside.getBoundingClientRect(), menu, { label: _("Notifications"), back: beside });
      /** @type {HTMLElement | null} */ (menu.querySelector("[aria-checked=true]") ?? menu.querySelector("button"))?.focus();
    } catch (error) {
      this.explain(error);
    }
  }

  /** @param {string} notify */
  async #hear(notify) {
    try {
      const { notified } = await call("PUT", roomUrl(this.view.id, "notify/"), { notify });
      this.heard(notified);
    } catch (error) {
      this.explain(error);
    }
  }
}
