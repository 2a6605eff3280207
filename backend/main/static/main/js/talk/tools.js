// The buttons above the messages: members, search, pins, a date to go to, what one wants to hear of the room.

import { call } from "../api.js";
import { ask } from "../dialogs.js";
import { h } from "../dom.js";
import { _ } from "../translation.js";
import { chatIcon, roomUrl, tool } from "./draw.js";
import { askThread } from "./actions.js";
import { addPeople, leaveConversation, renameConversation } from "./conversations.js";
import { moderationLog } from "./moderation.js";
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
   *   heard: (notify: "all" | "mentions" | "nothing") => void, listed: Rooms, me: string, game: import("./game.js").Game }} around
   */
  constructor({ view, panel, people, go, explain, heard, listed, me, game }) {
    this.game = game;
    this.listed = listed;
    this.me = me;
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
      ...this.#special,
    ];
  }

  /** What there is in some rooms alone. @returns {[string, string, (beside: HTMLElement) => unknown][]} */
  get #special() {
    const { room, may } = this.view.opened;
    /** @type {[string, string, (beside: HTMLElement) => unknown][]} */
    const found = [];
    if (room.kind === "channel") found.push(["thread", _("Threads"), (beside) => this.#toggle(beside, () => this.threads(beside))]);
    if (may.moderate && room.server) found.push(["shield", _("Moderation log"), (beside) => this.#toggle(beside, () => this.#moderation(beside))]);
    if (room.kind === "thread" && may.moderate) {
      const label = room.archived ? _("Open the thread again") : _("Archive the thread");
      found.push(["edit", _("Rename the thread"), () => this.#do(() => this.#renameThread())]);
      found.push([room.archived ? "again" : "lock", label, () => this.#do(() => call("PATCH", roomUrl(room.id, "thread/"), { archived: !room.archived }))]);
    }
    if (room.kind === "conversation" && room.group) {
      found.push(["edit", _("Rename the group"), () => this.#do(() => renameConversation(this.view.id, room.name))]);
      found.push(["people", _("Add people"), () => this.#do(() => addPeople(this.view.id, this.listed, this.view.opened))]);
      found.push(["close", _("Leave"), () => this.#leave()]);
    }
    return found;
  }

  async #renameThread() {
    const { id, name: before } = this.view.opened.room;
    const name = await askThread(_("Rename the thread"), before);
    return name && call("PATCH", roomUrl(id, "thread/"), { name });
  }

  /** @param {() => Promise<unknown>} act */
  async #do(act) {
    try {
      if (await act()) location.reload();
    } catch (error) {
      this.explain(error);
    }
  }

  async #leave() {
    try {
      if (await leaveConversation(this.view.id, this.me)) location.assign("/talk/");
    } catch (error) {
      this.explain(error);
    }
  }

  /** @param {HTMLElement} opener */
  async #moderation(opener) {
    try {
      this.panel.open(_("Moderation log"), await moderationLog(this.view.opened), opener);
    } catch (error) {
      this.explain(error);
    }
  }

  /** @param {HTMLElement} opener */
  threads(opener) {
    const rows = this.listed.results.filter(({ parent }) => parent === this.view.id);
    const links = rows.map(({ id, name, archived }) => {
      const tag = archived ? h("span", { class: "many" }, _("archived")) : null;
      return h("a", { class: "thread-chip", href: `/talk/${id}/`, "data-room": id }, chatIcon("thread"), h("bdi", { class: "name", translate: "no" }, name), tag);
    });
    const none = rows.length ? null : h("p", { class: "muted" }, _("There are no threads here yet."));
    const fresh = h("button", { type: "button", class: "button small", onclick: () => this.#startThread() }, _("New thread"));
    const parts = [...(this.view.opened.may.send ? [fresh] : []), ...links, none].filter((part) => part !== null);
    this.panel.open(_("Threads"), parts, opener);
  }

  async #startThread() {
    const name = await askThread();
    if (!name) return;
    try {
      const { id } = await call("POST", roomUrl(this.view.id, "threads/"), { name });
      location.assign(`/talk/${id}/`);
    } catch (error) {
      this.explain(error);
    }
  }

  /** @param {HTMLElement} beside */
  #menu(beside) {
    let close = () => {};
    const menu = h("div", { class: "talk-menu" });
    for (const [picture, label, act] of [...this.game.rare, ...this.#rare]) {
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
    await this.view.jumpTo(new Date(year, month - 1, date));
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
