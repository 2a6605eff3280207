// Everything that makes the bot act: commands, presses, choices, modals; and what became of it.

import * as api from "./api.js";
import { encodedFiles } from "./files.js";

const slowAfter = 350;

export class Interactions {
  constructor(store) {
    this.store = store;
    this.known = new Map();
    this.calls = 0;
    this.count = 0;
    this.early = [];
    this.onModal = () => {};
    store.on("interaction modal", (event) => this.receive(event));
    store.on("connection", () => store.live && this.forgetSent());
  }

  /** Those of the chosen channel that are under way or failed, as notes below the messages. */
  notes() {
    const shown = (note) => note.state === "failed" || (note.state === "sent" && note.slow);
    const here = (note) => note.kind === "command" && note.channel === this.store.channelId;
    return [...this.known.values()].filter((note) => here(note) && shown(note));
  }

  /** What a message's component shows: {state, custom_id, reason} of the last press. */
  ofMessage(messageId) {
    return [...this.known.values()].filter((note) => note.message === messageId && note.state !== "done").at(-1);
  }

  place() {
    return { as: this.store.as, guild: this.store.guild?.id || null, channel: this.store.channelId };
  }

  /** checked: what checkEntries returned. record: {line, picks} to type it again. Throws ApiError when it cannot be sent. */
  async command(leaf, checked, record) {
    const attachments = await encodedFiles(checked.files);
    const body = { ...this.place(), command: leaf.command.id, path: leaf.path, options: checked.options, attachments };
    return this.track(() => api.useCommand(body), { kind: "command", name: leaf.full, record });
  }

  async contextCommand(command, target) {
    const body = { ...this.place(), command: command.id, path: [], options: [], target };
    return this.track(() => api.useCommand(body), { kind: "command", name: command.name });
  }

  async component(message, customId, values) {
    const body = { as: this.store.as, message: message.id, custom_id: customId, ...(values ? { values } : {}) };
    const note = { kind: "component", message: message.id, custom_id: customId };
    try {
      await this.track(() => api.useComponent(body), note);
    } catch (error) {
      if (!(error instanceof api.ApiError)) throw error;
      const id = `refused-${message.id}`;
      this.known.set(id, { ...note, id, state: "failed", reason: error.message });
      this.store.tell("interaction-note", { message: message.id });
    }
  }

  async modal(interaction, values, name) {
    const body = { as: this.store.as, interaction, values };
    return this.track(() => api.submitModal(body), { kind: "modal", name });
  }

  suggest(leaf, options, focused, signal) {
    const body = { ...this.place(), command: leaf.command.id, path: leaf.path, options, attachments: {}, focused };
    return api.autocomplete(body, signal);
  }

  /** Shown as under way at once; the bot may be quicker than the answer that brings the id. */
  async track(call, about) {
    this.dropDone();
    const provisional = `call-${(this.count += 1)}`;
    const note = { ...about, id: provisional, channel: this.store.channelId, state: "sent", reason: "" };
    this.known.set(provisional, note);
    this.calls += 1;
    setTimeout(() => this.slow(note), slowAfter);
    this.changed(note);
    try {
      const { interaction: id } = await call();
      this.known.delete(provisional);
      this.known.set(id, Object.assign(note, { id }));
      this.early.filter((event) => idOf(event) === id).forEach((event) => this.receive(event));
      return id;
    } catch (error) {
      this.forget(provisional);
      throw error;
    } finally {
      this.calls -= 1;
      if (!this.calls) this.early = [];
    }
  }

  dropDone() {
    for (const [id, note] of this.known) if (note.state === "done") this.known.delete(id);
  }

  /** Only a call that takes noticeably long is shown as under way. */
  slow(note) {
    if (note.state !== "sent" || !this.known.has(note.id)) return;
    note.slow = true;
    this.changed(note);
  }

  receive(event) {
    const note = this.known.get(idOf(event));
    if (!note) {
      if (this.calls) this.early.push(event);
    } else if (event.type === "modal") this.onModal(event.interaction, event.modal);
    else this.advance(note, event);
  }

  advance(note, event) {
    note.state = { acknowledged: "done", failed: "failed" }[event.state] || note.state;
    note.reason = event.reason || "";
    this.changed(note);
    if (note.state === "done") this.clearOlder(note);
  }

  /** A press that worked puts away what failed before on the same message. */
  clearOlder(note) {
    for (const [id, other] of this.known) {
      if (note.message && other.message === note.message && other.state === "failed") this.forget(id);
    }
  }

  /** Resolves to "done", "failed" or "gone" once the bot has answered, or nobody will tell any more. */
  settled(id) {
    const state = () => this.known.get(id)?.state || "gone";
    return new Promise((resolve) => {
      const look = () => {
        if (state() === "sent") return;
        this.store.removeEventListener("interaction-note", look);
        resolve(state());
      };
      this.store.addEventListener("interaction-note", look);
      look();
    });
  }

  changed(note) {
    this.store.tell("interaction-note", { message: note.message });
  }

  forget(id) {
    const note = this.known.get(id);
    this.known.delete(id);
    if (note) this.changed(note);
  }

  /** After a lost connection nobody tells how those ended; the reloaded messages show it. */
  forgetSent() {
    [...this.known.values()].filter((note) => note.state === "sent").forEach((note) => this.forget(note.id));
  }
}

const idOf = (event) => (event.type === "modal" ? event.interaction : event.id || event.interaction);
