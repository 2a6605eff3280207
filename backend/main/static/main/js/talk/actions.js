// What can be done with a message: by the bar above it, its menu, and the keyboard.

import { $, h } from "../dom.js";
import { ask } from "../dialogs.js";
import { call } from "../api.js";
import { toast } from "../toasts.js";
import { _ } from "../translation.js";
import { chatIcon, roomUrl, tool } from "./draw.js";
import { recent, used } from "./emoji.js";
import { uncover } from "./message.js";
import { showRemoved } from "./moderation.js";
import { pickEmoji } from "./picker.js";
import { arrows, closePop, pop } from "./pop.js";

const QUICK = 4;

export class Actions {
  /**
   * @param {{ view: import("./room.js").RoomView, composer: import("./composer.js").Composer | null, me: string,
   *   explain: (error: unknown) => void, look: (url: string, name: string) => void }} around
   */
  constructor({ view, composer, me, explain, look }) {
    this.view = view;
    this.composer = composer;
    this.me = me;
    this.explain = explain;
    this.look = look;
    this.bar = this.#makeBar();
    this.stops = new AbortController();
    const { signal } = this.stops;
    const { scroller } = view;
    scroller.addEventListener("pointerover", ({ target, pointerType }) => pointerType === "mouse" && this.#mount(target), { signal });
    scroller.addEventListener("pointerleave", () => !this.bar.contains(document.activeElement) && this.#unmount(), { signal });
    scroller.addEventListener("focusin", ({ target }) => this.#mount(target), { signal });
    scroller.addEventListener("click", (event) => this.#click(event), { signal });
    scroller.addEventListener("keydown", (event) => this.#key(event), { signal });
  }

  close() {
    this.stops.abort();
    this.bar.remove();
    closePop();
  }

  /** Its buttons are no stops of Tab: on each message there is a key for each of them, and Enter opens the menu. */
  #makeBar() {
    const no = { tabindex: "-1" };
    return h(
      "div",
      { class: "talk-actions", role: "group", "aria-label": _("Message") },
      tool("react", _("React"), ({ currentTarget }) => this.#pick(currentTarget), no),
      tool("reply", _("Answer"), () => this.answer(), no),
      tool("edit", _("Edit"), () => this.edit(), { ...no, "data-own": "" }),
      tool("more", _("More"), ({ currentTarget }) => this.menu(currentTarget), { ...no, "aria-haspopup": "dialog" }),
    );
  }

  /** @param {Element} inside */
  #message(inside) {
    const key = /** @type {HTMLElement | null} */ (inside.closest(".talk-row"))?.dataset.key;
    return key ? this.view.log.find(key) : undefined;
  }

  get #chosen() {
    return this.bar.isConnected ? this.#message(this.bar) : undefined;
  }

  /** @param {Element} inside */
  #mount(inside) {
    const row = inside.closest(".talk-row");
    const message = this.#message(inside);
    if (!row || !message || message.deleted || row.contains(this.bar)) return;
    $("[data-own]", this.bar).hidden = !this.#mayEdit(message);
    row.querySelector(".said")?.append(this.bar);
  }

  #unmount() {
    if (!document.querySelector(".talk-pop")) this.bar.remove();
  }

  /** @param {Happening} event */
  #click(event) {
    const { target } = event;
    const message = this.#message(target);
    const react = target.closest("[data-react]");
    const quote = target.closest(".quoted");
    const picture = target.closest("[data-picture]");
    const spoiler = target.closest(".spoiler[role=button]");
    const { removed } = target.closest("[data-removed]")?.dataset ?? {};
    const { again, discard } = target.closest("[data-again], [data-discard]")?.dataset ?? {};
    if (react?.dataset.react && message) void this.react(message, react.dataset.react);
    else if (quote) void this.view.jump(Number(quote.dataset.to), quote.dataset.toId);
    else if (picture?.dataset.picture) this.look(picture.dataset.picture, picture.querySelector("img")?.alt ?? "");
    else if (spoiler) uncover(spoiler);
    else if (removed) showRemoved(this.view.id, removed).catch(this.explain);
    else if (again) this.view.outbox.again(again);
    else if (discard) this.view.outbox.take(discard);
    else if (message && matchMedia("(hover: none)").matches && !target.closest("a, button")) this.#mount(target);
  }

  /** @param {Happening} event */
  #key(event) {
    const { key, target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || target.closest(".talk-actions, input, textarea")) return;
    if (target.matches(".spoiler[role=button]") && (key === "Enter" || key === " ")) uncover(target);
    else if (key === "ArrowUp" || key === "ArrowDown") this.#walk(target, key === "ArrowUp" ? -1 : 1);
    else if (key === "Escape" && this.composer) this.composer.focus();
    else if (!this.#letter(key, target)) return;
    event.preventDefault();
  }

  /**
   * @param {string} key
   * @param {Found} target
   */
  #letter(key, target) {
    const message = this.#message(target);
    if (!message || message.deleted) return false;
    if (key === "Enter" && !target.matches(".said")) return false;
    const act = { Enter: () => this.menu(this.bar), r: () => this.answer(), e: () => this.edit(), "+": () => this.#pick(this.bar), p: () => this.pin(), Delete: () => this.remove() }[key];
    if (!act) return false;
    void act();
    return true;
  }

  /**
   * From message to message, also to those that are not drawn yet.
   * @param {Found} from
   * @param {1 | -1} step
   */
  #walk(from, step) {
    const { rows } = this.view.window;
    const key = /** @type {HTMLElement | null} */ (from.closest(".talk-row"))?.dataset.key;
    let at = key ? rows.findIndex((row) => row.key === key) + step : rows.findLastIndex(({ kind }) => kind === "message");
    while (rows[at] && rows[at].kind === "loads") at += step;
    const row = rows[at];
    if (!row) return step > 0 ? this.composer?.focus() : undefined;
    if (!this.view.window.node(row.key)) this.view.window.show(row.key);
    const node = this.view.window.node(row.key);
    const said = /** @type {HTMLElement | null | undefined} */ (node?.querySelector(".said"));
    said?.focus({ preventScroll: true });
    node?.scrollIntoView({ block: "nearest" });
  }

  answer(message = this.#chosen) {
    if (!message) return;
    const name = message.voice?.name ?? message.author?.name ?? "";
    this.composer?.answer({ id: message.id, seq: message.seq, name, excerpt: message.text.slice(0, 100) });
  }

  edit(message = this.#chosen) {
    if (message && this.#mayEdit(message)) this.composer?.change(message);
  }

  /**
   * What was written on Discord is edited there: here it would stay as it is for those who read it there.
   * @param {ChatMessage} message
   */
  #mayEdit({ author, kind, origin }) {
    return author?.id === this.me && kind === "text" && origin !== "discord";
  }

  /** @param {HTMLElement} beside */
  #pick(beside) {
    const message = this.#chosen;
    if (!message) return;
    const back = /** @type {HTMLElement | null} */ (beside.closest(".said"));
    pickEmoji(beside, (emoji) => this.react(message, emoji), back).catch(this.explain);
  }

  /**
   * @param {ChatMessage} message
   * @param {string} emoji
   */
  async react(message, emoji) {
    const { mine = false } = message.reactions.find((one) => one.emoji === emoji) ?? {};
    used(emoji);
    await this.#ask(mine ? "DELETE" : "PUT", `messages/${message.id}/reactions/${encodeURIComponent(emoji)}/`);
  }

  async pin(message = this.#chosen) {
    if (message && this.#may.pin) await this.#ask(message.pinned ? "DELETE" : "PUT", `pins/${message.id}/`);
  }

  async remove(message = this.#chosen) {
    if (!message) return;
    const isOwn = message.author?.id === this.me;
    if (!isOwn && !this.#may.moderate) return;
    const reason = h("input", { name: "reason", maxlength: "300", autocomplete: "off", id: "talk-reason" });
    const why = h("div", { class: "field" }, h("label", { for: "talk-reason" }, _("Reason, for the moderation log")), reason);
    const excerpt = h("blockquote", { class: "words", dir: "auto", translate: "no" }, message.text.slice(0, 300));
    const done = await ask({
      title: _("Delete message?"),
      body: [excerpt, ...(isOwn ? [] : [why])],
      accept: _("Delete"),
      danger: true,
      dismiss: _("Keep it"),
      read: () => ({ reason: reason.value.trim() }),
    });
    if (done) await this.#ask("DELETE", `messages/${message.id}/`, done.reason ? { reason: done.reason } : {});
  }

  /** @param {ChatMessage} message */
  #mayBranch({ thread }) {
    const { room, may } = this.view.opened;
    return room.kind === "channel" && may.send && !thread;
  }

  /** @param {ChatMessage} message */
  async #thread(message) {
    const name = await askThread();
    if (!name) return;
    try {
      const thread = await call("POST", roomUrl(this.view.id, "threads/"), { name, message: message.id });
      location.assign(`/talk/${thread.id}/`);
    } catch (error) {
      this.explain(error);
    }
  }

  /** @param {ChatMessage} message */
  async #unread(message) {
    this.view.read = message.seq - 1;
    this.view.draw();
    this.view.holdsRead = true;
    await this.#ask("POST", "read/", { seq: Math.max(0, message.seq - 1), back: true });
  }

  get #may() {
    const { may, room } = this.view.opened;
    return { ...may, pin: may.moderate || may.tell || room.kind === "conversation" };
  }

  /**
   * @param {"PUT" | "POST" | "DELETE"} method
   * @param {string} rest
   * @param {unknown} [body]
   */
  async #ask(method, rest, body = {}) {
    try {
      const { message } = await call(method, roomUrl(this.view.id, rest), body);
      if (message) this.view.take(message);
    } catch (error) {
      this.explain(error);
    }
  }

  /** @param {HTMLElement} beside */
  menu(beside) {
    const message = this.#chosen;
    if (!message) return;
    const back = /** @type {HTMLElement | null} */ (beside.closest(".said"));
    const isOwn = message.author?.id === this.me;
    const menu = h("div", { class: "talk-menu" });
    let close = () => {};
    /**
     * @param {string} picture
     * @param {string} label
     * @param {() => unknown} act
     * @param {string} kind
     */
    const item = (picture, label, act, kind = "") =>
      h("button", { type: "button", class: `button ${kind}`.trim(), onclick: () => (close(), act()) }, chatIcon(picture), label);
    const quick = recent().slice(0, QUICK).map((emoji) =>
      h("button", { type: "button", class: "button", "aria-label": _("React with {emoji}", { emoji }), onclick: () => (close(), this.react(message, emoji)) }, emoji),
    );
    const link = new URL(`/talk/${this.view.id}/?at=${message.seq}`, location.href).href;
    menu.append(
      h("div", { class: "quick" }, ...quick),
      ...(this.composer ? [item("reply", _("Answer"), () => this.answer(message))] : []),
      ...(this.composer && this.#mayEdit(message) ? [item("edit", _("Edit"), () => this.edit(message))] : []),
      ...(this.#may.pin ? [item("pin", message.pinned ? _("Unpin") : _("Pin"), () => this.pin(message))] : []),
      ...(this.#mayBranch(message) ? [item("thread", _("Start a thread"), () => this.#thread(message))] : []),
      item("bell", _("Mark unread"), () => this.#unread(message)),
      item("copy", _("Copy text"), () => copied(message.text)),
      item("link", _("Copy link"), () => copied(link)),
      ...(isOwn || this.#may.moderate ? [h("hr"), item("trash", _("Delete"), () => this.remove(message), "danger")] : []),
    );
    arrows(menu);
    close = pop(beside.getBoundingClientRect(), menu, { label: _("Message"), back, closed: () => this.#unmount() });
    /** @type {HTMLElement | null} */ (menu.querySelector("button"))?.focus();
  }
}

/**
 * The name of a thread.
 * @returns {Promise<string | null>}
 */
export function askThread(title = _("New thread"), before = "") {
  const name = h("input", { name: "name", maxlength: "100", required: true, autocomplete: "off", id: "talk-thread", value: before });
  const field = h("div", { class: "field" }, h("label", { for: "talk-thread" }, _("Name")), name);
  return ask({ title, body: [field], accept: before ? _("Save") : _("Start"), read: () => name.value.trim() || undefined });
}

/** @param {string} text */
async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast(_("Copied."));
  } catch {
    toast(_("The browser doesn’t allow copying here."), { bad: true });
  }
}
