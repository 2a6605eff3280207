// The portrait in the head of a sheet: shown as it is now, replaced from this device, taken off.

import { $, h } from "./dom.js";
import { Refused, call, characterUrl } from "./api.js";

const SIDE = 1024;

export class Portrait {
  constructor(head, character, toast) {
    Object.assign(this, { head, character, toast });
    this.shown = character.fields.avatar ?? "";
    this.remover = $("[data-portrait-remove]", head);
    const chooser = $("[data-portrait]", head);
    chooser?.addEventListener("change", () => {
      if (chooser.files.length) this.#send("PUT", chooser.files[0]);
      chooser.value = "";
    });
    this.remover?.addEventListener("click", () => this.#send("DELETE"));
  }

  show() {
    const path = this.character.fields.avatar ?? "";
    if (this.remover) this.remover.hidden = !path;
    if (path === this.shown) return;
    this.shown = path;
    $(".portrait", this.head).replaceWith(this.#picture(path, this.character.view.name));
  }

  #picture(path, name) {
    if (!path) return h("span", { class: "portrait", "aria-hidden": "true" }, [...name][0]?.toUpperCase() ?? "?");
    const src = new URL(path, new URL(this.head.dataset.media, location.href)).href;
    return h("img", { class: "portrait", src, alt: `Portrait of ${name}`, width: 56, height: 56 });
  }

  async #send(method, file) {
    $("[data-menu]", this.head).open = false;
    try {
      const body = file && (await smaller(file));
      const { character } = await call(method, characterUrl(this.character.id, "portrait/"), body);
      this.character.replace(character);
    } catch (error) {
      const text = error instanceof Refused ? error.message : "The server cannot be reached just now. The portrait stays as it was.";
      this.toast(text, { bad: true });
    }
  }
}

/** A phone's photograph is many times larger than a portrait needs. What this browser cannot read goes as it is. */
async function smaller(file) {
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
    if (scale === 1) return file;
    const canvas = h("canvas", { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) });
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    return (await new Promise((done) => canvas.toBlob(done, "image/webp", 0.9))) ?? file;
  } catch {
    return file;
  }
}
