// Single values that are typed or picked: number, choice, flag, text. What a person is typing is never overwritten.

import { $, h } from "../dom.js";
import { TraitElement } from "./base.js";
import { _ } from "../translation.js";
import { choice } from "../words.js";

const AUTOSAVE = 1200;

class TraitTyped extends TraitElement {
  /** @type {Found} */
  reader;
  /** @type {Field} */
  field;
  /** @type {any} what one types or chooses in; null where the viewer may not */
  control = null;
  /** @type {Element | undefined} */
  list;

  /** @returns {HTMLElement} */
  make() {
    return h("input");
  }

  prepare() {
    this.reader = $("[data-read]", this);
    [this.field] = this.spec.fields;
  }

  /** @param {boolean} editable */
  controls(editable) {
    if (editable === Boolean(this.control)) return;
    this.list?.remove();
    this.control?.replaceWith(this.reader);
    this.control = null;
    if (editable) this.#build();
    else this.draw(this.value);
  }

  #build() {
    this.control = this.make();
    this.control.setAttribute("aria-labelledby", $(".trait-label", this).id);
    this.control.addEventListener("input", () => this.typing());
    this.control.addEventListener("change", () => this.commit());
    this.control.addEventListener("blur", () => this.commit());
    this.reader.replaceWith(this.control);
    this.put(this.value);
  }

  get dirty() {
    return Boolean(this.started);
  }

  typing() {
    this.started = true;
    this.refused = undefined;
    this.complain(null);
    this.character.changes?.begin(this.path);
    clearTimeout(this.pause);
    if (this.autosaves) this.pause = setTimeout(() => this.commit(), AUTOSAVE);
  }

  commit() {
    clearTimeout(this.pause);
    if (!this.dirty) return;
    const { value, wrong } = this.read();
    if (wrong) return this.complain([wrong]);
    if (value === this.refused) return;
    this.started = false;
    this.classList.remove("theirs");
    if (value === (this.value ?? this.empty)) return this.character.changes?.cancel(this.path);
    this.edit("set", value);
  }

  get autosaves() {
    return false;
  }

  /** @returns {string | null} */
  get empty() {
    return "";
  }

  /**
   * @param {any} value
   * @param {boolean} [news]
   */
  draw(value, news) {
    if (!this.control) return this.#read(value);
    if (this.dirty) {
      if (news) this.#tellOfTheirs(value);
      return;
    }
    this.put(value);
  }

  /** @param {any} value */
  #read(value) {
    const text = this.text(value);
    this.reader.classList.toggle("none", !text);
    this.reader.textContent = text || "–";
  }

  /** @param {any} value */
  #tellOfTheirs(value) {
    this.dataset.theirs = _("Changed meanwhile to: {value}", { value: this.text(value) || _("nothing") });
    this.classList.add("theirs");
  }

  /** @param {any} value */
  text(value) {
    return value === undefined || value === null ? "" : String(value);
  }

  /** @param {any} value */
  put(value) {
    const text = this.text(value);
    if (this.control.value !== text) this.control.value = text;
  }

  /** @returns {{ value?: any, wrong?: string }} */
  read() {
    return { value: this.control.value };
  }

  /**
   * The server did not want it: what was typed stays, to be mended.
   * @param {string[] | null} sentences
   */
  complain(sentences) {
    super.complain(sentences);
    if (!sentences) return;
    this.started = true;
    this.refused = this.read().value;
  }
}

export class TraitNumber extends TraitTyped {
  make() {
    const { min, max } = this.field;
    return h("input", { type: "number", inputmode: "numeric", step: "1", min, max, autocomplete: "off" });
  }

  get empty() {
    return null;
  }

  read() {
    const { min, max, start } = this.field;
    if (this.control.value === "" && !this.control.validity.badInput && start === null) return { value: null };
    const value = Number(this.control.value);
    const fine = this.control.value !== "" && Number.isInteger(value) && value >= min && value <= max;
    return fine ? { value } : { wrong: _("{label} is a whole number from {min} to {max}.", { label: this.label, min, max }) };
  }
}

export class TraitChoice extends TraitTyped {
  make() {
    const { choices, choice_labels: labels, free_text: free, max_length: length } = this.field;
    if (!free) return h("select", {}, ...choices.map((value, at) => h("option", { value }, labels[at][0].toUpperCase() + labels[at].slice(1))));
    const id = `choices-${this.slug}`;
    this.list = h("datalist", { id }, ...labels.map((value) => h("option", { value })));
    this.append(this.list);
    return h("input", { type: "text", list: id, maxlength: length, autocomplete: "off", onkeydown: leaveOnEnter });
  }

  /** @param {any} value */
  text(value) {
    return choice(this.field, value);
  }

  /** @param {any} value */
  put(value) {
    if (this.field.free_text) super.put(value);
    else this.control.value = value ?? "";
  }

  read() {
    const typed = this.control.value.trim();
    const at = this.field.free_text ? this.field.choice_labels.indexOf(typed) : -1;
    return { value: at < 0 ? typed : this.field.choices[at] };
  }
}

export class TraitText extends TraitTyped {
  make() {
    const { max_length: length, multiline } = this.field;
    if (this.spec.kind === "colour") return h("input", { type: "color" });
    if (multiline) return h("textarea", { maxlength: length, rows: "3" });
    return h("input", { type: "text", maxlength: length, autocomplete: "off", onkeydown: leaveOnEnter });
  }

  get autosaves() {
    return Boolean(this.field.multiline);
  }

  read() {
    const value = this.field.multiline ? this.control.value.trim() : this.control.value.replace(/\s+/g, " ").trim();
    return this.field.required && !value ? { wrong: _("{label} can’t be empty.", { label: this.label }) } : { value };
  }
}

export class TraitFlag extends TraitTyped {
  make() {
    return h("input", { type: "checkbox" });
  }

  /** @param {any} value */
  text(value) {
    return value ? "yes" : "no";
  }

  /** @param {any} value */
  put(value) {
    this.control.checked = Boolean(value);
  }

  read() {
    return { value: this.control.checked };
  }
}

/** @param {Happening} event */
function leaveOnEnter(event) {
  if (event.key === "Enter") event.target.blur();
}
