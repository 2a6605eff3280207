// An overlay's own CSS: seen at once in the picture, with a sentence for each line that an overlay may not have.

import { call } from "../api.js";
import { $, h } from "../dom.js";
import { toast } from "../toasts.js";
import { _ } from "../translation.js";

const PAUSE = 350;

/** @typedef {{ tier: string, theme: string, css: string }} Known */

export class CssBox {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #pending;

  /**
   * @param {Record<string, Known>} overlays
   * @param {(known: Known | null) => void} changed an overlay was chosen, or its CSS typed; it is to be drawn
   */
  constructor(overlays, changed) {
    this.overlays = overlays;
    // None of them is there before there is an overlay.
    this.box = $("#layout-css");
    this.choice = $("#css-overlay");
    this.text = $("#css-text");
    this.button = $("#css-save");
    if (!this.box) return;
    this.text.value = this.#chosen.css;
    this.box.addEventListener("toggle", () => changed(this.box.open ? this.#chosen : null));
    this.choice.addEventListener("change", () => {
      this.text.value = this.#chosen.css;
      this.#mark();
      changed(this.#chosen);
    });
    this.text.addEventListener("input", () => {
      this.#mark();
      clearTimeout(this.#pending);
      this.#pending = setTimeout(() => changed(null), PAUSE);
    });
    this.button.addEventListener("click", () => this.#save());
  }

  get #chosen() {
    return this.overlays[this.choice.value];
  }

  /** What is typed, while it is looked at. */
  get css() {
    return this.box?.open ? this.text.value : "";
  }

  get isUnsaved() {
    return Boolean(this.box) && this.text.value !== this.#chosen.css;
  }

  #mark() {
    this.button.disabled = !this.isUnsaved;
  }

  /** @param {string[]} dropped */
  say(dropped) {
    const place = $("#css-problems");
    if (!place) return;
    if (!this.css.trim()) place.replaceChildren();
    else if (dropped.length) place.replaceChildren(h("ul", {}, ...dropped.map((sentence) => h("li", {}, sentence))));
    else place.replaceChildren(h("p", {}, _("All of it is possible.")));
    this.text.setAttribute("aria-invalid", String(dropped.length > 0));
  }

  async #save() {
    const [id, css] = [this.choice.value, this.text.value];
    this.button.disabled = true;
    try {
      await call("PATCH", `/api/overlays/${id}/`, { css });
      this.overlays[id].css = css;
      toast(_("Saved. Where the overlay is open, it looks different now."));
    } catch (error) {
      const fields = /** @type {any} */ (error).body?.fields;
      toast(fields?.css?.[0] ?? /** @type {any} */ (error).body?.detail ?? _("The server can’t be reached. Try again."), { bad: true });
    }
    this.#mark();
  }
}
