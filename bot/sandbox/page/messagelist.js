// The scrolling list: keeps the reader's place, follows new messages only when the reader is at the end.

import { showNote } from "./components.js";
import { byId, el, icon, iconButton } from "./dom.js";
import { messageNode } from "./message.js";
import { dayLine, newDay } from "./times.js";

const nearEnd = 60;
const nearStart = 160;

export class MessageList {
  /** context: what messageNode needs, without directory and me. */
  constructor(store, interactions, context) {
    Object.assign(this, { store, interactions, context });
    this.scroller = byId("messages");
    this.list = byId("message-list");
    this.notes = byId("notes");
    this.jump = byId("jump");
    this.missed = 0;
    this.atEnd = true;
    this.loadingOlder = false;
    this.wire();
  }

  wire() {
    this.scroller.addEventListener("scroll", () => this.scrolled(), { passive: true });
    this.jump.addEventListener("click", () => this.toBottom());
    new ResizeObserver(() => this.atEnd && this.stick()).observe(byId("message-body"));
    new ResizeObserver(() => this.atEnd && this.stick()).observe(this.scroller);
    this.store.on("place", () => this.clear());
    this.store.on("messages", (change) => this.changed(change));
    this.store.on("world", () => this.keepPlace(() => this.drawAll()));
    this.store.on("interaction-note", ({ message }) => this.noteChanged(message));
  }

  clear() {
    this.atEnd = true;
    this.list.replaceChildren(...(this.store.channel ? [] : [this.beginning()]));
    this.list.setAttribute("aria-busy", "true");
    this.setMissed(0);
    this.drawNotes();
  }

  visible() {
    return this.store.messages.filter((message) => !this.store.dismissed.has(message.id));
  }

  changed({ kind, id }) {
    if (kind === "edited") this.redraw(id);
    else if (kind === "new") this.append(id);
    else this.keepPlace(() => this.drawAll());
    this.list.removeAttribute("aria-busy");
  }

  get drawing() {
    const { store, interactions } = this;
    const look = { find: (id) => store.message(id), noteOf: (id) => interactions.ofMessage(id) };
    return { ...this.context, ...look, directory: store.directory, me: store.me };
  }

  /** The message's node, after a line with the date where a day begins. */
  nodesFor(message, previous) {
    const node = messageNode(message, previous, this.drawing);
    return newDay(message.timestamp, previous?.timestamp) ? [dayLine(message.timestamp), node] : [node];
  }

  drawAll() {
    const messages = this.visible();
    const nodes = messages.flatMap((message, at) => this.nodesFor(message, messages[at - 1]));
    this.list.replaceChildren(...(this.store.more ? [] : [this.beginning()]), ...nodes);
    this.drawNotes();
  }

  beginning() {
    const { channel } = this.store;
    if (!channel) return el("p", { class: "beginning" }, "This person is in no server yet.");
    const text = channel.type === 1 ? `This is where you and ${channel.name} talk.` : `This is the start of #${channel.name}.`;
    const hint = el("span", { class: "faint" }, "Type ", el("code", {}, "/"), " to see what the bot can do.");
    return el("p", { class: "beginning" }, text, el("br"), hint);
  }

  append(id) {
    const messages = this.visible();
    const at = messages.findIndex((message) => message.id === id);
    const mine = messages[at]?.author.id === this.store.me.id;
    this.keepPlace(() => this.list.append(...this.nodesFor(messages[at], messages[at - 1])));
    if (mine) this.toBottom();
    else if (!this.atEnd) this.setMissed(this.missed + 1);
  }

  nodeOf(id) {
    return this.list.querySelector(`[data-id="${CSS.escape(id)}"]`);
  }

  redraw(id) {
    const old = this.nodeOf(id);
    const messages = this.visible();
    const at = messages.findIndex((message) => message.id === id);
    if (!old || at < 0) return;
    this.keepPlace(() => {
      const fresh = messageNode(messages[at], messages[at - 1], this.drawing);
      const key = old.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
      old.replaceWith(fresh);
      if (key) fresh.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
    });
  }

  noteChanged(messageId) {
    this.keepPlace(() => {
      const node = messageId && this.nodeOf(messageId);
      if (node) showNote(node, this.interactions.ofMessage(messageId));
      this.drawNotes();
    });
  }

  drawNotes() {
    this.notes.replaceChildren(...this.interactions.notes().map((note) => this.noteNode(note)));
  }

  noteNode(note) {
    const failed = note.state === "failed";
    const text = failed ? note.reason || "The application did not respond." : "Sending…";
    const name = el("span", { class: "command-name" }, note.name);
    const type = () => this.again(note);
    const again = note.record && el("button", { type: "button", class: "text-button", onclick: type }, icon("retry"), "Type it again");
    return el(
      "div",
      { class: failed ? "note failed" : "note", role: "status" },
      el("p", {}, this.store.directory.name(this.store.me.id), " used ", name),
      el("p", { class: "note-state" }, failed && icon("warn"), text, failed && again),
      failed && iconButton("close", "Put this away", () => this.interactions.forget(note.id)),
    );
  }

  again(note) {
    this.interactions.forget(note.id);
    this.context.retype(note.record);
  }

  // --- the reader's place

  isAtEnd() {
    return this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight < nearEnd;
  }

  scrolled() {
    this.atEnd = this.isAtEnd();
    if (this.atEnd) this.setMissed(0);
    if (this.scroller.scrollTop < nearStart) this.loadOlder();
  }

  async loadOlder() {
    if (!this.store.more || this.loadingOlder || !this.store.messages.length) return;
    this.loadingOlder = true;
    await this.store.guarded(this.store.readOlder());
    this.loadingOlder = false;
  }

  /** Makes a change and leaves what the reader looks at where it was; at the end, stays at the end. */
  keepPlace(change) {
    if (this.atEnd) {
      change();
      this.stick();
      return;
    }
    const top = this.scroller.getBoundingClientRect().top;
    const seen = [...this.list.querySelectorAll(".message")].find((node) => node.getBoundingClientRect().bottom > top);
    const before = seen?.getBoundingClientRect().top;
    change();
    const now = seen && this.nodeOf(seen.dataset.id);
    if (now) this.scroller.scrollTop += now.getBoundingClientRect().top - before;
  }

  stick() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  toBottom() {
    this.atEnd = true;
    this.setMissed(0);
    this.stick();
  }

  setMissed(count) {
    this.missed = count;
    this.jump.hidden = !count;
    this.jump.textContent = count === 1 ? "1 new message ↓" : `${count} new messages ↓`;
  }
}
