// The room that is open: its messages as they come and change, more of them as one scrolls, and how far one has read.

import { $, h } from "../dom.js";
import { call } from "../api.js";
import { _, n_ } from "../translation.js";
import { roomUrl } from "./draw.js";
import { Drawer, spoken } from "./message.js";
import { Log, rowsOf } from "./order.js";
import { ListWindow } from "./window.js";

const PAGE = 100;
const NEAR = 1200;

export class RoomView extends EventTarget {
  /**
   * @param {OpenRoom} opened
   * @param {MessagePage} page
   * @param {{ me: string, outbox: import("./outbox.js").Outbox, blocks: import("./person.js").Blocks }} around
   */
  constructor(opened, page, { me, outbox, blocks }) {
    super();
    this.id = opened.room.id;
    this.opened = opened;
    this.me = me;
    this.outbox = outbox;
    this.log = new Log(me);
    this.log.replace(page);
    this.seq = page.seq;
    this.read = opened.room.read || (opened.room.unread ? 0 : -1);
    this.below = 0;
    // After “mark unread”, what is on the screen stays unread until the room is opened again.
    this.holdsRead = false;
    this.hasLeft = false;
    this.drawer = new Drawer({
      room: () => this.opened,
      me,
      roomName: () => opened.room.name,
      isFolded: ({ author }) => blocks.has(author?.id),
    });
    this.place = $("[data-log]");
    this.scroller = $("[data-scroll]");
    prepare(this.scroller, opened.room.name);
    this.window = new ListWindow(this.scroller, {
      draw: (row) => this.drawer.draw(row),
      estimate,
      moved: () => this.#moved(),
    });
    this.present = h("button", { type: "button", class: "button small to-present", hidden: true, onclick: () => this.toPresent() });
    this.place.append(this.present);
    this.stops = new AbortController();
    const { signal } = this.stops;
    outbox.addEventListener("change", () => this.draw(), { signal });
    blocks.addEventListener("change", () => this.window.forget(), { signal });
    this.draw();
    if (page.after) this.window.sticks = false;
    else this.window.toFoot();
  }

  close() {
    this.stops.abort();
    this.window.watch.disconnect();
    this.window.size.disconnect();
    this.present.remove();
    this.closed = true;
  }

  draw() {
    if (!this.closed) this.window.set(rowsOf(this.log, this.outbox.of(this.id), this.read));
    this.#tellPresent();
  }

  /**
   * A message as it is now: from the gateway or as an answer.
   * @param {ChatMessage} message
   * @param {boolean} [toAll]
   */
  take(message, toAll = false) {
    this.seq = Math.max(this.seq, message.changed);
    const before = this.log.last;
    const done = this.log.upsert(message, toAll);
    const isMine = message.author?.id === this.me;
    if (done === "added" && !isMine) this.#markWhereLeft(before);
    if (done === "outside" && !isMine && !message.deleted) this.below += 1;
    if (done === "known") return;
    if (done === "added" && !isMine && !this.window.isAtFoot) this.below += 1;
    this.draw();
    if (done === "added" && !isMine && !message.deleted) announce(spoken(message));
    this.#readOn();
  }

  /**
   * Its reader may not see it any more.
   * @param {string} id
   * @param {number} seq
   */
  gone(id, seq) {
    this.seq = Math.max(this.seq, seq);
    this.log.messages = this.log.messages.filter((message) => message.id !== id);
    this.draw();
  }

  /**
   * The newest messages instead of those that were here: too much was missed.
   * @param {MessagePage} page
   */
  replace(page) {
    this.log.replace(page);
    this.seq = page.seq;
    this.draw();
  }

  /**
   * To a message that was posted at this place, wherever it is.
   * @param {number} seq
   * @param {string} [id]
   */
  async jump(seq, id) {
    const known = this.log.messages.find((message) => (id ? message.id === id : message.seq >= seq));
    if (!known || seq < this.log.first) {
      const page = await this.#page({ around: seq, limit: PAGE });
      if (!page) return;
      this.log.replace(page);
      this.window.sticks = false;
      this.draw();
    }
    const found = this.log.messages.find((message) => (id ? message.id === id : message.seq >= seq));
    if (found) this.point(found.id);
  }

  /**
   * To the first message from a moment on, or the last one before it.
   * @param {Date} moment
   */
  async jumpTo(moment) {
    const page = await this.#page({ at: moment.toISOString(), limit: PAGE });
    if (!page) return;
    this.log.replace(page);
    this.window.sticks = false;
    this.draw();
    const found = page.results.find(({ at }) => new Date(at) >= moment) ?? page.results.at(-1);
    if (found) this.point(found.id);
  }

  /** @param {string} id */
  point(id) {
    this.window.show(id);
    const node = this.window.node(id);
    node?.classList.add("found");
    /** @type {HTMLElement | null | undefined} */ (node?.querySelector(".said"))?.focus({ preventScroll: true });
    setTimeout(() => node?.classList.remove("found"), 2500);
  }

  async toPresent() {
    if (this.log.after) {
      const page = await this.#page({ limit: PAGE });
      if (!page) return;
      this.log.replace(page);
      this.draw();
    }
    this.below = 0;
    this.window.toFoot();
    this.#tellPresent();
    this.#readOn();
  }

  #moved() {
    if (this.window.isAtFoot && !this.log.after) this.below = 0;
    this.#tellPresent();
    this.#more();
    this.#readOn();
  }

  async #more() {
    if (this.loads || this.closed) return;
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    const older = this.log.before && scrollTop < NEAR;
    const newer = this.log.after && scrollHeight - scrollTop - clientHeight < NEAR;
    if (!older && !newer) return;
    this.loads = true;
    const page = await this.#page(older ? { before: this.log.first, limit: PAGE } : { after: this.log.last, limit: PAGE });
    if (page && older) this.log.older(page);
    else if (page) this.log.newer(page);
    this.loads = false;
    if (page) this.draw();
    else setTimeout(() => this.#more(), 5_000);
  }

  /**
   * @param {Record<string, number | string>} query
   * @returns {Promise<MessagePage | null>}
   */
  async #page(query) {
    try {
      const asked = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
      return await call("GET", `${roomUrl(this.id, "messages/")}?${asked}`);
    } catch (error) {
      this.dispatchEvent(new CustomEvent("problem", { detail: error }));
      return null;
    }
  }

  /**
   * The line stands before what came while nobody was looking.
   * @param {number} last
   */
  #markWhereLeft(last) {
    if (this.hasLeft || (!document.hidden && document.hasFocus())) return;
    this.hasLeft = true;
    this.read = last;
  }

  /** Whoever has the foot in view, in a window that they look at, has read it. */
  #readOn() {
    if (this.holdsRead || document.hidden || !document.hasFocus() || this.log.after || !this.window.isAtFoot) return;
    this.dispatchEvent(new CustomEvent("read", { detail: this.log.last }));
  }

  look() {
    this.hasLeft = false;
    this.#readOn();
  }

  #tellPresent() {
    const away = this.log.after || !this.window.isAtFoot;
    this.present.hidden = !away || (!this.log.after && this.scroller.scrollHeight - this.scroller.scrollTop < 2 * this.scroller.clientHeight && !this.below);
    const says = this.below ? n_("{count} new message ↓", "{count} new messages ↓", this.below) : _("Newest messages ↓");
    if (this.present.textContent !== says) this.present.textContent = says;
  }
}

/**
 * @param {HTMLElement} scroller
 * @param {string} name
 */
function prepare(scroller, name) {
  scroller.setAttribute("role", "log");
  // What is scrolled into view is no news: those are said by a region of their own.
  scroller.setAttribute("aria-live", "off");
  scroller.setAttribute("aria-label", _("Messages in {name}", { name }));
  scroller.tabIndex = 0;
}

/** @param {Row} row */
function estimate({ kind, length = 0, head, startsDay }) {
  if (kind === "loads") return 260;
  if (kind === "begin") return 190;
  return 28 + Math.floor(length / 80) * 22 + (head ? 40 : 0) + (startsDay ? 34 : 0);
}

/** @type {HTMLElement | undefined} */
let region;
/** @type {string[]} */
let waiting = [];

/**
 * New messages, politely and each once; many at once are counted.
 * @param {string} text
 */
function announce(text) {
  region ??= document.body.appendChild(h("div", { class: "visually-hidden", "aria-live": "polite", id: "talk-says" }));
  waiting.push(text);
  if (waiting.length > 1) return;
  setTimeout(() => {
    const said = waiting.length > 3 ? n_("{count} new message", "{count} new messages", waiting.length) : waiting.join(". ");
    waiting = [];
    region?.replaceChildren(h("p", {}, said));
  }, 700);
}
