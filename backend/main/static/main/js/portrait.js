// The portrait in the head of a sheet: shown as it is now, replaced from this device, taken off.

import { $, h } from "./dom.js";
import { Refused, call, characterUrl } from "./api.js";
import { _ } from "./translation.js";

const SIDE = 1024;

export class Portrait {
  /**
   * @param {Found} head
   * @param {import("./character.js").Character} character
   * @param {typeof import("./toasts.js").toast} toast
   */
  constructor(head, character, toast) {
    this.head = head;
    this.character = character;
    this.toast = toast;
    this.shown = character.fields.avatar ?? "";
    this.remover = $("[data-portrait-remove]", head);
    const chooser = $("[data-portrait]", head);
    chooser?.addEventListener("change", () => {
      if (chooser.files?.length) this.#choose(chooser.files[0]);
      chooser.value = "";
    });
    this.remover?.addEventListener("click", () => this.#send("DELETE"));
    this.cropper = $("[data-portrait-crop]", head);
    this.cropper?.addEventListener("click", () => this.#crop());
  }

  show() {
    const path = this.character.fields.avatar ?? "";
    for (const control of [this.remover, this.cropper]) if (control) control.hidden = !path;
    if (path === this.shown) return;
    this.shown = path;
    $(".portrait", this.head).replaceWith(this.#picture(path, this.character.view.name));
  }

  /**
   * @param {string} path
   * @param {string} name
   */
  #picture(path, name) {
    if (!path) return h("span", { class: "portrait", "aria-hidden": "true" }, [...name][0]?.toUpperCase() ?? "?");
    const src = new URL(path, new URL(this.head.dataset.media ?? "", location.href)).href;
    return h("img", { class: "portrait", src, alt: _("Portrait of {name}", { name }), width: 112, height: 112 });
  }

  /**
   * It is there at once; who wants another part of it crops it after that.
   * @param {File} file
   */
  async #choose(file) {
    if (!(await this.#send("PUT", file))) return;
    this.toast(_("The portrait is there."), { action: { label: _("Crop it"), run: () => this.#crop(file) } });
  }

  /** @param {File | null} [file] */
  async #crop(file = null) {
    try {
      // Fetched when somebody crops: few visits to a sheet do.
      const { askCrop } = await import("./crop.js");
      const part = await askCrop(file ?? (await (await fetch($("img.portrait", this.head).getAttribute("src") ?? "")).blob()), SIDE);
      if (part) await this.#send("PUT", part);
    } catch {
      this.#complain(_("This picture can’t be cropped here. Choose it again from this device."));
    }
  }

  /**
   * What was wrong with a portrait stands beside it, until the next one.
   * @param {string | null} text
   */
  #complain(text) {
    $("[data-portrait-problem]", this.head)?.remove();
    if (text) $(".names", this.head).append(h("p", { class: "field-error", role: "alert", "data-portrait-problem": "" }, text));
  }

  /**
   * Resolves with whether it was done.
   * @param {"PUT" | "DELETE"} method
   * @param {Blob} [file]
   */
  async #send(method, file) {
    $("[data-menu]", this.head).open = false;
    this.#complain(null);
    try {
      const body = file && (await smaller(file));
      const { character } = await call(method, characterUrl(this.character.id, "portrait/"), body);
      this.character.replace(character);
      return true;
    } catch (error) {
      this.#complain(error instanceof Refused ? error.message : _("The server can’t be reached just now. The portrait stays as it was."));
      return false;
    }
  }
}

/**
 * A phone's photograph is many times larger than a portrait needs. What this browser cannot read goes as it is.
 * @param {Blob} file
 */
async function smaller(file) {
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
    if (scale === 1) return file;
    const canvas = h("canvas", { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) });
    canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    return (await new Promise((done) => canvas.toBlob(done, "image/webp", 0.9))) ?? file;
  } catch {
    return file;
  }
}
