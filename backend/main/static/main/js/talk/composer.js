// The box that one writes in: it grows, keeps what was typed for each room, and says what is wrong where it stands.

import { $, h } from "../dom.js";
import { _, n_ } from "../translation.js";
import { chatIcon, nameOf, tool } from "./draw.js";

const NEARLY = 200;
const LONGEST_DRAFT = 20_000;

export class Composer {
  /** @param {{ room: import("./room.js").RoomView, outbox: import("./outbox.js").Outbox }} around */
  constructor({ room, outbox }) {
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
    this.#listen();
    this.text.value = draft(room.id) ?? "";
    this.#typed();
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
    this.foot.append(h("p", { class: "talk-below" }, this.typing, this.left));
  }

  #listen() {
    const { signal } = this.stops;
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    }, { signal });
    this.text.addEventListener("input", () => this.#typed(), { signal });
    this.text.addEventListener("keydown", (event) => this.#key(event), { signal });
    this.outbox.addEventListener("refused", ({ detail }) => this.#refused(detail), { signal });
  }

  /** @param {Happening} event */
  #key(event) {
    if (event.isComposing || event.defaultPrevented) return;
    if (event.key === "Enter" && !event.shiftKey && !event.ctrlKey && !event.altKey) {
      event.preventDefault();
      this.submit();
    } else if (event.key === "Escape" && this.reply) {
      event.preventDefault();
      this.answer(null);
    }
  }

  submit() {
    const text = this.text.value.trim();
    if (!text) return;
    if (text.length > this.most) {
      const data = { most: this.most, count: text.length };
      return this.refuse(_("A message can have up to {most} characters; this one has {count}.", data));
    }
    this.outbox.add(this.room.id, { text, reply: this.reply });
    this.text.value = "";
    this.answer(null);
    this.#typed();
    void this.room.toPresent();
  }

  #typed() {
    const { value } = this.text;
    keepDraft(this.room.id, value);
    this.refuse("");
    const left = this.most - value.length;
    this.left.textContent = left > NEARLY ? "" : left >= 0 ? n_("{count} character left", "{count} characters left", left) : n_("{count} character too many", "{count} characters too many", -left);
    this.left.toggleAttribute("data-over", left < 0);
    this.send.disabled = !value.trim();
    if (!CSS.supports("field-sizing", "content")) {
      this.text.style.height = "auto";
      this.text.style.height = `${this.text.scrollHeight}px`;
    }
  }

  /**
   * What was refused comes back into the box, if nothing else stands there by now.
   * @param {Pending} waits
   */
  #refused(waits) {
    if (waits.room !== this.room.id || this.text.value) return;
    this.outbox.take(waits.nonce);
    this.text.value = waits.text;
    this.answer(waits.reply);
    this.#typed();
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
    this.reply = reply;
    $(".talk-about", this.foot)?.remove();
    if (!reply) return;
    const [before, after] = _("Answer to {name}", { name: "\u0000" }).split("\u0000");
    const says = h("span", {}, before, nameOf(reply.name), after);
    const stop = tool("close", _("Don’t answer"), () => this.answer(null));
    this.foot.insertBefore(h("div", { class: "talk-about" }, says, stop), this.form);
    this.text.focus();
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
