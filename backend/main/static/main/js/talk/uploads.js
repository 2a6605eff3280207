// Files for a message: pasted, dropped or chosen. Each goes to the server at once, and with the message when that is sent.

import { Refused, call } from "../api.js";
import { h } from "../dom.js";
import { _ } from "../translation.js";
import { chatIcon, tool } from "./draw.js";

const MOST = 10;
const MOST_BYTES = 8 * 1024 * 1024;
const TYPES = "image/png,image/jpeg,image/webp,image/gif,application/pdf,text/plain,audio/mpeg,audio/ogg";

/** @typedef {{ file: File, id: string, problem: string, node: HTMLElement, picture: Element }} Upload */

export class Uploads {
  /**
   * @param {string} room
   * @param {{ before: HTMLElement, drop: HTMLElement, text: HTMLElement, signal: AbortSignal, changed: () => void, refuse: (sentence: string) => void }} how
   */
  constructor(room, { before, drop, text, signal, changed, refuse }) {
    this.room = room;
    this.changed = changed;
    this.refuse = refuse;
    /** @type {Upload[]} */
    this.list = [];
    this.node = h("div", { class: "talk-uploads", role: "list", "aria-label": _("Files of this message"), hidden: true });
    before.before(this.node);
    this.input = h("input", { type: "file", multiple: true, accept: TYPES, hidden: true });
    this.button = tool("attach", _("Attach files"), () => this.input.click());
    this.input.addEventListener("change", () => {
      this.add([...(this.input.files ?? [])]);
      this.input.value = "";
    });
    text.addEventListener("paste", (event) => this.#pasted(event), { signal });
    this.#listenForDrops(drop, signal);
  }

  /** The ids of what is there; null while something is on its way, or went wrong. */
  get ids() {
    return this.list.every(({ id }) => id) ? this.list.map(({ id }) => id) : null;
  }

  get isBusy() {
    return this.list.some(({ id, problem }) => !id && !problem);
  }

  /** What was sent is the message’s from now on. */
  clear() {
    this.list = [];
    this.#draw();
  }

  /** @param {File[]} files */
  add(files) {
    const room = MOST - this.list.length;
    if (files.length > room) this.refuse(_("A message can have up to {most} files.", { most: MOST }));
    for (const file of files.slice(0, room)) void this.#send(file);
  }

  /** @param {ClipboardEvent} event */
  #pasted(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    this.add(files);
  }

  /**
   * @param {HTMLElement} drop
   * @param {AbortSignal} signal
   */
  #listenForDrops(drop, signal) {
    const says = h("div", { class: "talk-drop", "aria-hidden": "true" }, _("Drop files here"));
    /** @param {DragEvent} event */
    const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
    drop.addEventListener("dragover", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      drop.append(says);
    }, { signal });
    drop.addEventListener("dragleave", ({ relatedTarget }) => {
      if (!drop.contains(/** @type {Node | null} */ (relatedTarget))) says.remove();
    }, { signal });
    drop.addEventListener("drop", (event) => {
      says.remove();
      if (!hasFiles(event)) return;
      event.preventDefault();
      this.add([...(event.dataTransfer?.files ?? [])]);
    }, { signal });
  }

  /** @param {File} file */
  async #send(file) {
    /** @type {Upload} */
    const upload = { file, id: "", problem: "", node: h("figure", { role: "listitem" }), picture: preview(file) };
    this.list.push(upload);
    this.#draw();
    if (file.size > MOST_BYTES) upload.problem = _("This file is larger than 8 MB.");
    else await this.#post(upload);
    this.#draw();
  }

  /** @param {Upload} upload */
  async #post(upload) {
    const form = new FormData();
    form.set("room", this.room);
    form.set("file", upload.file);
    try {
      const answer = await call("POST", "/api/chat/files/", form);
      upload.id = answer.file.id;
    } catch (error) {
      upload.problem = error instanceof Refused ? error.message : _("The server can’t be reached just now.");
    }
  }

  /** @param {Upload} upload */
  #remove(upload) {
    this.list = this.list.filter((one) => one !== upload);
    if (upload.id) void call("DELETE", `/api/chat/files/${upload.id}/`, {}).catch(() => {}); // the server removes it in an hour
    this.#draw();
  }

  #draw() {
    this.node.hidden = !this.list.length;
    for (const upload of this.list) this.#drawOne(upload);
    for (const old of [...this.node.children]) if (!this.list.some(({ node }) => node === old)) old.remove();
    this.changed();
  }

  /** @param {Upload} upload */
  #drawOne(upload) {
    const { node, file, picture, problem, id } = upload;
    const says = problem || (id ? file.name : _("Sending {name}…", { name: file.name }));
    node.replaceChildren(
      picture,
      h("figcaption", { dir: "auto", title: says, ...(problem ? { class: "failed", role: "alert" } : { translate: "no" }) }, says),
      tool("close", _("Remove {name}", { name: file.name }), () => this.#remove(upload)),
    );
    if (!node.isConnected) this.node.append(node);
  }
}

/**
 * A small picture of a picture; drawn here, so that the page need not allow addresses of its own making.
 * @param {File} file
 */
function preview(file) {
  if (!file.type.startsWith("image/")) return chatIcon("file");
  const canvas = h("canvas", { "aria-hidden": "true" });
  createImageBitmap(file).then(
    (bitmap) => {
      const scale = Math.min(1, 224 / Math.max(bitmap.width, bitmap.height));
      canvas.width = Math.max(1, bitmap.width * scale);
      canvas.height = Math.max(1, bitmap.height * scale);
      canvas.getContext("2d")?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
      bitmap.close();
    },
    () => canvas.replaceWith(chatIcon("file")), // no picture after all: the server says so
  );
  return canvas;
}
