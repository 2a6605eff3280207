// One row of the list: a message, one that is still to be sent, or what stands between them.

import { h } from "../dom.js";
import { _, n_ } from "../translation.js";
import { showRolls } from "./chips.js";
import { avatar, chatIcon, clockTime, dayName, nameOf, size, timeOf, when, wholeTime } from "./draw.js";

const ONLY_EMOJI = /^(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|\u200d|\ufe0f|\s){1,40}$/u;
const HIDDEN_FROM = { 2: _("Private"), 3: _("Storytellers only") };

/** @typedef {{ room: () => OpenRoom, me: string, roomName: () => string, isFolded: (message: ChatMessage) => boolean }} Around */

export class Drawer {
  /** @param {Around} around */
  constructor(around) {
    this.around = around;
  }

  /**
   * @param {Row} row
   * @returns {HTMLElement}
   */
  draw(row) {
    if (row.kind === "loads") return h("div", { class: "talk-loads", "aria-hidden": "true" }, h("p"), h("p"), h("p"));
    if (row.kind === "begin") return this.#begin();
    if (row.pending) return this.#pending(row.pending);
    const { message } = row;
    if (!message) throw new Error("A row without a message");
    const node = h("div", { class: "talk-row", id: `m-${message.id}` });
    if (row.startsDay) node.append(h("p", { class: "talk-day", role: "separator" }, h("time", { datetime: message.at }, dayName(message.at))));
    if (row.isFresh) node.append(h("p", { class: "talk-new", role: "separator" }, _("New")));
    if (row.head && !row.startsDay && !row.isFresh) node.classList.add("spaced");
    if (message.mentions.includes(this.around.me)) node.classList.add("mentions-me");
    if (message.deleted) node.append(this.#gone(message));
    else if (this.around.isFolded(message)) node.append(folded(() => this.said(message, true)));
    else node.append(message.kind === "notice" ? card(message) : this.said(message, row.head ?? true));
    return node;
  }

  /**
   * @param {ChatMessage} message
   * @param {boolean} head
   */
  said(message, head) {
    const body = h("div", { class: "body" });
    const node = h("article", { class: head ? "said head" : "said", tabindex: "-1", "aria-label": spoken(message) });
    if (message.ooc) node.classList.add("ooc");
    if (message.reply) node.append(quoted(message.reply));
    node.append(gutter(message, head), body);
    if (head) body.append(this.#by(message));
    const standing = [...(message.voice?.status ?? []), message.voice?.place ?? ""].filter(Boolean);
    if (head && standing.length) body.append(h("p", { class: "standing" }, ...standing.map((part) => h("span", { dir: "auto" }, part))));
    // The card of a request says what it is for.
    if ((message.text && message.kind !== "request") || !message.card) body.append(words(message));
    if (message.card) body.append(card(message));
    if (message.level === 3 && this.around.room().may.tell) body.append(revealing(message));
    body.append(...attached(message.attachments));
    if (message.reactions.length) body.append(reactions(message.reactions, (user) => this.#name(user)));
    if (message.thread) body.append(threadChip(message.thread));
    return node;
  }

  /** @param {ChatMessage} message */
  #gone(message) {
    const node = h("div", { class: "talk-gone said", tabindex: "-1" }, _("This message was deleted."));
    if (!this.around.room().may.moderate) return node;
    node.append(" ", h("button", { type: "button", class: "button small quiet", "data-removed": message.id }, _("What was there?")));
    return node;
  }

  /** @param {ChatMessage} message */
  #by(message) {
    const { voice, author } = message;
    const person = author?.id ? this.#person(author.id) : undefined;
    const name = voice?.name ?? author?.name ?? _("Somebody");
    const who = nameOf(name, voice ? { "data-voice": "", "data-person": author?.id ?? "" } : { "data-person": author?.id ?? "" });
    if (!voice && person?.colour) who.style.color = legible(person.colour);
    const line = h("p", { class: "by" }, who);
    if (voice && author?.name && author.name !== voice.name) line.append(h("bdi", { class: "player", translate: "no" }, author.name));
    line.append(timeOf(message.at, when(message.at)));
    if (message.origin === "discord") line.append(h("span", { class: "badge" }, _("Discord")));
    if (message.ooc) line.append(h("span", { class: "badge" }, _("out of character")));
    if (message.level > 1) line.append(h("span", { class: "badge hidden-from" }, HIDDEN_FROM[/** @type {2 | 3} */ (message.level)]));
    if (message.pinned) line.append(h("span", { class: "badge" }, _("pinned")));
    return line;
  }

  /** @param {string} user */
  #person(user) {
    return this.around.room().people.find(({ id }) => id === user);
  }

  /** @param {string} user */
  #name(user) {
    return this.#person(user)?.name ?? _("Somebody");
  }

  /** @param {Pending} waits */
  #pending(waits) {
    const text = h("div", { class: "words", dir: "auto", translate: "no" }, waits.text);
    text.style.whiteSpace = "pre-wrap";
    const body = h("div", { class: "body" }, text);
    if (waits.state === "failed") {
      body.append(
        h(
          "p",
          { class: "failure", role: "alert" },
          waits.detail,
          h("button", { type: "button", class: "button small", "data-again": waits.nonce }, _("Try again")),
          h("button", { type: "button", class: "button small quiet", "data-discard": waits.nonce }, _("Discard")),
        ),
      );
    } else body.append(h("p", { class: "sending" }, waits.detail || _("Sending…")));
    const node = h("article", { class: "said", tabindex: "-1", "aria-label": _("Not sent yet: {text}", { text: waits.text }) });
    node.append(h("div", { class: "gutter" }), body);
    return h("div", { class: `talk-row ${waits.state === "failed" ? "failed" : "pending"}` }, node);
  }

  #begin() {
    const name = this.around.roomName();
    const { room } = this.around.room();
    const says =
      room.kind === "conversation"
        ? _("Only those who are in this conversation can read it.")
        : _("This is where it begins.");
    const picture = room.kind === "conversation" ? "person" : room.kind === "thread" ? "thread" : "hash";
    return h("div", { class: "talk-begin" }, chatIcon(picture), h("h2", { dir: "auto", translate: "no" }, name), h("p", {}, says));
  }
}

/**
 * Of somebody whom the reader has blocked: there, and not in the way.
 * @param {() => HTMLElement} open
 */
function folded(open) {
  const node = h("div", { class: "talk-gone said", tabindex: "-1" }, `${_("A message of somebody you have blocked.")} `);
  node.append(h("button", { type: "button", class: "button small quiet", onclick: () => node.replaceWith(open()) }, _("Show it")));
  return node;
}

/**
 * What a screen reader says of a row that has the focus.
 * @param {ChatMessage} message
 */
export function spoken({ author, voice, at, html, attachments }) {
  const text = plain(html);
  const name = voice?.name ?? author?.name ?? _("Somebody");
  const files = attachments.length ? n_("{count} file", "{count} files", attachments.length) : "";
  return _("{name}, {time}: {text}", { name, time: clockTime(at), text: [text.slice(0, 1000), files].filter(Boolean).join(", ") });
}

/**
 * What stands in a message, without what is covered.
 * @param {string} html
 */
function plain(html) {
  const { content } = Object.assign(document.createElement("template"), { innerHTML: html });
  for (const spoiler of content.querySelectorAll(".spoiler")) spoiler.textContent = _("spoiler");
  return content.textContent ?? "";
}

/**
 * @param {ChatMessage} message
 * @param {boolean} head
 */
function gutter({ voice, author, at }, head) {
  const node = h("div", { class: "gutter" });
  if (head) node.append(voice ? avatar(voice.name, voice.portrait_url) : avatar(author?.name ?? "?", author?.avatar_url));
  else node.append(timeOf(at, clockTime(at)));
  return node;
}

/** @param {ChatMessage} message */
export function words(message) {
  const node = h("div", { class: "words", dir: "auto", translate: "no" });
  node.innerHTML = message.html; // the server's own: rendered and cleaned by chat's renderer
  if (ONLY_EMOJI.test(message.text)) node.classList.add("only-emoji");
  showRolls(node, message.card);
  for (const spoiler of node.querySelectorAll(".spoiler")) cover(/** @type {HTMLElement} */ (spoiler));
  for (const link of node.querySelectorAll("a")) link.relList.add("noopener", "noreferrer");
  if (message.edited_at) {
    const says = _("edited {time}", { time: wholeTime(message.edited_at) });
    (node.lastElementChild?.matches("p") ? node.lastElementChild : node).append(h("span", { class: "edited", title: says }, _("(edited)")));
  }
  return node;
}

/** @param {HTMLElement} spoiler */
function cover(spoiler) {
  spoiler.setAttribute("role", "button");
  spoiler.setAttribute("tabindex", "0");
  spoiler.setAttribute("aria-expanded", "false");
  spoiler.setAttribute("aria-label", _("Spoiler. Press to read it."));
}

/** @param {HTMLElement} spoiler */
export function uncover(spoiler) {
  spoiler.setAttribute("aria-expanded", "true");
  for (const name of ["role", "tabindex", "aria-label"]) spoiler.removeAttribute(name);
}

/**
 * What is drawn beside the text; who knows the kind draws it.
 * @param {ChatMessage} message
 */
function card(message) {
  const node = document.createElement("chat-card");
  node.setAttribute("kind", message.kind);
  node.dataset.message = message.id;
  /** @type {any} */ (node).message = message;
  return node;
}

/** @param {ChatMessage} message */
function revealing({ id }) {
  return h("p", { class: "actions" }, h("button", { type: "button", class: "button small", "data-reveal": id }, chatIcon("eye"), _("Reveal")));
}

/** @param {Quote} reply */
function quoted({ id, seq, name, excerpt }) {
  const missing = !name && !excerpt;
  const text = missing ? _("The message can’t be shown.") : excerpt || _("a file");
  const button = h(
    "button",
    { type: "button", class: "quoted", "data-to": String(seq), "data-to-id": id, disabled: missing },
    missing ? null : nameOf(name),
    h("span", { class: "excerpt", dir: "auto", translate: missing ? null : "no" }, text),
  );
  button.setAttribute("aria-label", missing ? text : _("Answer to {name}: {text}", { name, text }));
  return button;
}

/**
 * @param {ReactionCount[]} found
 * @param {(user: string) => string} named
 */
function reactions(found, named) {
  const bar = h("div", { class: "reactions", role: "group", "aria-label": _("Reactions") });
  for (const { emoji, count, users, mine } of found) {
    const names = users.map(named).join(", ");
    const says = n_("{emoji}: {count} person ({names})", "{emoji}: {count} people ({names})", count, { emoji, names });
    const label = { type: "button", "data-react": emoji, "aria-pressed": String(mine), "aria-label": says, title: says };
    bar.append(h("button", label, h("span", { class: "emoji", translate: "no" }, emoji), String(count)));
  }
  return bar;
}

/** @param {{ id: string, name: string, messages: number }} thread */
function threadChip({ id, name, messages }) {
  const many = n_("{count} message", "{count} messages", messages);
  const bdi = h("bdi", { class: "name", translate: "no" }, name);
  return h("a", { class: "thread-chip", href: `/talk/${id}/`, "data-room": id }, chatIcon("thread"), bdi, h("span", { class: "many" }, many));
}

/** @param {ChatFile[]} files */
function attached(files) {
  const pictures = files.filter(({ type }) => type.startsWith("image/"));
  const others = files.filter(({ type }) => !type.startsWith("image/"));
  const shown = pictures.map((file) => {
    const img = h("img", { src: file.thumbnail_url || file.url, alt: file.name, loading: "lazy" });
    // Its place is kept before it has come.
    if (file.width && file.height) Object.assign(img, fitted(file.width, file.height));
    return h("button", { type: "button", "data-picture": file.url, "aria-label": _("Look at {name}", { name: file.name }) }, img);
  });
  return [
    ...(shown.length ? [h("div", { class: "pictures" }, ...shown)] : []),
    ...others.map((file) =>
      h(
        "a",
        { class: "file-card", href: file.url, download: file.name },
        chatIcon("file"),
        h("span", {}, h("bdi", { class: "name", translate: "no" }, file.name), h("span", { class: "size" }, size(file.size))),
      ),
    ),
  ];
}

/**
 * @param {number} width
 * @param {number} height
 */
function fitted(width, height) {
  const scale = Math.min(1, 400 / width, 288 / height);
  return { width: Math.round(width * scale), height: Math.round(height * scale) };
}

/**
 * A role’s colour, kept readable on either theme.
 * @param {string} colour
 */
const legible = (colour) =>
  `light-dark(oklch(from ${colour} clamp(0.3, l, 0.5) c h), oklch(from ${colour} clamp(0.7, l, 0.88) c h))`;
