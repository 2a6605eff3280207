// The box that one writes in: it grows, keeps what was typed for each room, and says what is wrong where it stands.

import { $, h } from "../dom.js";
import { call } from "../api.js";
import { _, n_ } from "../translation.js";
import { Completion, insert } from "./complete.js";
import { chatIcon, nameOf, roomUrl, tool } from "./draw.js";
import { decode, encode, mentionable } from "./mentions.js";
import { pickEmoji } from "./picker.js";
import { Uploads } from "./uploads.js";

const NEARLY = 200;
const LONGEST_DRAFT = 20_000;

export class Composer {
  /**
   * @param {{ room: import("./room.js").RoomView, outbox: import("./outbox.js").Outbox, typing: (on: boolean) => void,
   *   explain: (error: unknown) => void }} around
   */
  constructor({ room, outbox, typing, explain }) {
    this.tellTyping = typing;
    this.explain = explain;
    /** @type {import("./mentions.js").Mentionable[]} */
    this.chosen = [];
    /** @type {ChatMessage | null} */
    this.changes = null;
    this.room = room;
    this.outbox = outbox;
    this.most = Number($("#main").dataset.most);
    /** @type {Quote | null} */
    this.reply = null;
    this.stops = new AbortController();
    this.form = $("[data-composer]");
    this.foot = $("[data-foot]");
    this.text = $("textarea", this.form);
    this.send = $("button[type=submit]", this.form);
    this.typing = h("span", { class: "typing", role: "status" });
    this.left = h("span", { class: "left", id: "talk-left", role: "status" });
    this.#prepare();
    this.completion = new Completion(this.text, {
      mentionable: () => mentionable(room.opened),
      chose: (one) => this.chosen.push(one),
    });
    this.uploads = new Uploads(room.id, {
      before: this.form,
      drop: $("#talk-room"),
      text: this.text,
      signal: this.stops.signal,
      changed: () => this.#tellSend(),
      refuse: (sentence) => this.refuse(sentence),
    });
    this.form.prepend(this.uploads.button, this.uploads.input);
    this.#listen();
    this.#fill(draft(room.id) ?? "");
  }

  close() {
    this.stops.abort();
  }

  focus() {
    // On a touch screen the keyboard would cover what was just opened.
    if (matchMedia("(pointer: fine)").matches) this.text.focus();
  }

  #prepare() {
    const { text } = this;
    const name = this.room.opened.room.name;
    const label = _("Message to {name}", { name });
    text.setAttribute("placeholder", label);
    text.removeAttribute("maxlength");
    text.setAttribute("dir", "auto");
    text.setAttribute("enterkeyhint", "send");
    $("label", this.form).textContent = label;
    const { send } = this;
    send.setAttribute("aria-label", send.textContent?.trim() ?? "");
    send.replaceChildren(chatIcon("send"));
    const emoji = tool("smile", _("Emoji"), ({ currentTarget }) => {
      pickEmoji(currentTarget, (found) => insert(text, found), text).catch(this.explain);
    });
    send.before(emoji);
    this.foot.append(h("p", { class: "talk-below" }, this.typing, this.left));
  }

  #listen() {
    const { signal } = this.stops;
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.submit();
    }, { signal });
    this.text.addEventListener("input", () => this.#typed(), { signal });
    this.text.addEventListener("keydown", (event) => this.#key(event), { signal });
    this.outbox.addEventListener("refused", ({ detail }) => this.#refused(detail), { signal });
  }

  /** @param {Happening} event */
  #key(event) {
    if (event.isComposing || this.completion.key(event)) return;
    const { key, shiftKey, ctrlKey, altKey, metaKey } = event;
    const isPlain = !shiftKey && !ctrlKey && !altKey && !metaKey;
    if (key === "Enter" && isPlain) void this.submit();
    else if (key === "Escape" && (this.reply || this.changes)) this.#stop();
    else if (key === "Escape") void this.room.toPresent();
    else if (key === "ArrowUp" && isPlain && !this.text.value) this.#changeLast();
    else return;
    event.preventDefault();
  }

  async submit() {
    const text = encode(this.text.value.trim(), this.chosen);
    if (this.changes) return this.#save(this.changes, text);
    const attachments = this.uploads.ids;
    if (!attachments) return this.refuse(this.uploads.isBusy ? _("Wait until the files are there.") : _("Remove the files that can’t be sent."));
    if (!text && !attachments.length) return;
    if (text.length > this.most) return this.#tooLong(text);
    this.outbox.add(this.room.id, { text, reply: this.reply, attachments });
    this.uploads.clear();
    this.tellTyping(false);
    this.answer(null);
    this.#fill("");
    await this.room.toPresent();
  }

  /** @param {string} text */
  #tooLong(text) {
    const data = { most: this.most, count: text.length };
    this.refuse(_("A message can have up to {most} characters; this one has {count}.", data));
  }

  #changeLast() {
    const own = this.room.log.messages.findLast(({ author, kind, deleted }) => author?.id === this.room.me && kind === "text" && !deleted);
    if (own) this.change(own);
  }

  /**
   * A message of one’s own goes into the box until it is saved or left as it was.
   * @param {ChatMessage} message
   */
  change(message) {
    this.#stop();
    this.changes = message;
    const { text, chosen } = decode(message.text, mentionable(this.room.opened));
    this.chosen = chosen;
    this.text.value = text;
    this.#about(h("span", {}, _("Editing your message")), _("Leave it as it was"));
    this.#typed();
    this.text.focus();
    this.text.setSelectionRange(text.length, text.length);
  }

  /**
   * @param {ChatMessage} message
   * @param {string} text
   */
  async #save(message, text) {
    if (text.length > this.most) return this.#tooLong(text);
    if (!text || text === message.text) return this.#stop();
    try {
      const answer = await call("PATCH", roomUrl(this.room.id, `messages/${message.id}/`), { text });
      this.room.take(answer.message);
      this.#stop();
    } catch (error) {
      this.refuse(error instanceof Error ? error.message : String(error));
    }
  }

  /** Neither answers nor changes anything any more; what was being typed before stands there again. */
  #stop() {
    const changed = this.changes;
    this.changes = null;
    this.answer(null);
    if (changed) this.#fill(draft(this.room.id) ?? "");
    this.text.focus();
  }

  /** @param {string} text */
  #fill(text) {
    const shown = decode(text, mentionable(this.room.opened));
    this.chosen = shown.chosen;
    this.text.value = shown.text;
    this.#typed(false);
  }

  #typed(byHand = true) {
    const { value } = this.text;
    if (!this.changes) keepDraft(this.room.id, encode(value, this.chosen));
    this.refuse("");
    if (byHand) void this.completion.look();
    if (byHand && !this.changes) this.tellTyping(Boolean(value.trim()));
    const left = this.most - encode(value, this.chosen).length;
    this.left.textContent = left > NEARLY ? "" : left >= 0 ? n_("{count} character left", "{count} characters left", left) : n_("{count} character too many", "{count} characters too many", -left);
    this.left.toggleAttribute("data-over", left < 0);
    this.#tellSend();
    if (!CSS.supports("field-sizing", "content")) {
      this.text.style.height = "auto";
      this.text.style.height = `${this.text.scrollHeight}px`;
    }
  }

  /** @param {RoomPerson} person */
  mention({ id, name }) {
    this.chosen.push({ name, token: `<@${id}>`, kind: "person" });
    insert(this.text, `@${name} `);
  }

  #tellSend() {
    this.send.disabled = !this.text.value.trim() && !this.uploads?.list.length;
  }

  /**
   * What was refused comes back into the box, if nothing else stands there by now.
   * @param {Pending} waits
   */
  #refused(waits) {
    if (waits.room !== this.room.id || this.text.value || this.changes) return;
    this.outbox.take(waits.nonce);
    this.#fill(waits.text);
    this.answer(waits.reply);
    this.refuse(waits.detail);
  }

  /** @param {string} sentence */
  refuse(sentence) {
    $(".talk-refused", this.foot)?.remove();
    this.text.setAttribute("aria-invalid", String(Boolean(sentence)));
    if (!sentence) return;
    this.foot.insertBefore(h("p", { class: "talk-refused", role: "alert" }, sentence), this.form);
  }

  /** @param {Quote | null} reply */
  answer(reply) {
    if (reply && this.changes) this.#stop();
    this.reply = reply;
    $(".talk-about", this.foot)?.remove();
    if (!reply) return;
    const [before, after] = _("Answer to {name}", { name: "\u0000" }).split("\u0000");
    this.#about(h("span", {}, before, nameOf(reply.name), after), _("Don’t answer"));
    this.text.focus();
  }

  /**
   * @param {HTMLElement} says
   * @param {string} stop
   */
  #about(says, stop) {
    $(".talk-about", this.foot)?.remove();
    this.foot.insertBefore(h("div", { class: "talk-about" }, says, tool("close", stop, () => this.#stop())), this.form);
  }
}

/** @param {string} room */
const key = (room) => `draft:${document.body.dataset.account}:${room}`;

/** @param {string} room */
function draft(room) {
  try {
    return localStorage.getItem(key(room));
  } catch {
    return null;
  }
}

/**
 * @param {string} room
 * @param {string} text
 */
function keepDraft(room, text) {
  try {
    if (text) localStorage.setItem(key(room), text.slice(0, LONGEST_DRAFT));
    else localStorage.removeItem(key(room));
  } catch {
    // full or forbidden: the draft lives as long as this page then
  }
}
