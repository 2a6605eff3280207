// What is to be sent, in order, each exactly once: it is kept on this device until the server has it, also over a reload.

import { Refused, call, newKey } from "../api.js";
import { Drawer } from "../storage.js";
import { _ } from "../translation.js";
import { roomUrl } from "./draw.js";

const WAITS = [1_000, 2_000, 4_000, 8_000, 15_000];
// Refusals after which the same message may succeed by itself.
const PASSES = new Set([502, 503, 504]);

export class Outbox extends EventTarget {
  /** @param {string} account */
  constructor(account) {
    super();
    this.drawer = new Drawer(`chat:${account}`);
    /** @type {Pending[]} */
    this.queue = [];
    this.tries = 0;
    /** @type {(room: string) => Record<string, unknown>} what a message to a room carries beside its text */
    this.carries = () => ({});
    addEventListener("online", () => this.go());
    this.#takeOver();
  }

  async #takeOver() {
    for (const kept of await this.drawer.takeOver()) this.queue.unshift(...kept);
    if (!this.queue.length) return;
    this.#changed();
    this.go();
  }

  /** @param {string} room */
  of(room) {
    return this.queue.filter((waits) => waits.room === room);
  }

  /**
   * @param {string} room
   * @param {{ text: string, reply?: Quote | null, attachments?: string[] }} what
   */
  add(room, { text, reply = null, attachments = [] }) {
    const at = new Date().toISOString();
    this.queue.push({ nonce: newKey(), room, text, reply, attachments, at, state: "waiting", detail: "", more: this.carries(room) });
    this.#changed();
    this.go();
  }

  /** @param {string} nonce */
  again(nonce) {
    const waits = this.queue.find((one) => one.nonce === nonce);
    if (!waits) return;
    Object.assign(waits, { state: "waiting", detail: "" });
    this.#changed();
    this.go();
  }

  /** @param {string} nonce */
  take(nonce) {
    const waits = this.queue.find((one) => one.nonce === nonce);
    this.queue = this.queue.filter((one) => one.nonce !== nonce);
    this.#changed();
    return waits;
  }

  /** One after the other: what was written first is there first. */
  async go() {
    clearTimeout(this.retry);
    if (this.busy) return;
    this.busy = true;
    try {
      let next;
      while ((next = this.queue.find(({ state }) => state === "waiting")) && (await this.#send(next)));
    } finally {
      this.busy = false;
    }
  }

  /**
   * Whether the next one may go.
   * @param {Pending} waits
   */
  async #send(waits) {
    const { room, nonce, text, reply, attachments, more = {} } = waits;
    const body = { text, nonce, ...(reply && { reply_to: reply.id }), ...(attachments.length && { attachments }), ...more };
    try {
      const { message } = await call("POST", roomUrl(room, "messages/"), body, nonce);
      this.tries = 0;
      this.queue = this.queue.filter((one) => one !== waits);
      this.dispatchEvent(new CustomEvent("sent", { detail: message }));
      this.#changed();
      return true;
    } catch (error) {
      return this.#failed(waits, error);
    }
  }

  /**
   * @param {Pending} waits
   * @param {unknown} error
   */
  #failed(waits, error) {
    if (error instanceof Refused && !PASSES.has(error.status)) {
      Object.assign(waits, { state: "failed", detail: error.message });
      this.#changed();
      this.dispatchEvent(new CustomEvent("refused", { detail: waits }));
      return true;
    }
    waits.detail = navigator.onLine ? _("The server can’t be reached. This is sent as soon as it can.") : _("You’re offline. This is sent when the connection is back.");
    this.#changed();
    this.retry = setTimeout(() => this.go(), WAITS[Math.min(this.tries++, WAITS.length - 1)]);
    return false;
  }

  #changed() {
    this.drawer.save(this.queue.length ? this.queue : null);
    this.dispatchEvent(new Event("change"));
  }
}
