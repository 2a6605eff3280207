// The elements of an adventurer's sheet: ability scores, hit points, conditions. Only pages that may show one load them.

import { $, button, h, setText } from "./dom.js";
import { ability, hitPoints, modifier } from "./adventurer-words.js";
import { askValue } from "./dialogs.js";
import { TraitElement } from "./elements/base.js";
import { TraitEntries, nodesIn } from "./elements/entries.js";
import { TraitNumber } from "./elements/scalar.js";
import { _ } from "./translation.js";

/** A score that is typed, with the modifier beside it. */
class TraitAbility extends TraitNumber {
  prepare() {
    super.prepare();
    this.sign = $("[data-modifier]", this);
  }

  /** @param {any} value */
  draw(value) {
    super.draw(value);
    setText(this.sign, modifier(value));
  }

  /** @param {any} value */
  words(value = this.value) {
    return ability(value);
  }
}

/** A bar, and one number for what is taken, healed or given for a while. */
class TraitHp extends TraitElement {
  /** @type {Found} */
  figure;
  /** @type {Found} */
  bar;

  prepare() {
    this.figure = $("[data-figure]", this);
    this.bar = $("svg", this);
  }

  words() {
    return hitPoints(this.value);
  }

  /** @param {any} value */
  draw({ total, current, temporary }) {
    const [points, extra] = this.bar.children;
    this.bar.setAttribute("viewBox", `0 0 ${Math.max(total, current + temporary)} 1`);
    this.bar.setAttribute("aria-label", this.words());
    points.setAttribute("width", current);
    extra.setAttribute("x", current);
    extra.setAttribute("width", temporary);
    setText($("button", this.figure) ?? this.figure, this.words());
  }

  /** @param {boolean} editable */
  controls(editable) {
    this.steps?.remove();
    this.figure.replaceChildren(this.words());
    if (!editable) return;
    const size = { class: "figure-button", title: _("Change the maximum") };
    this.figure.replaceChildren(button(this.words(), () => this.#askTotal(), size));
    const amount = h("input", { type: "number", inputmode: "numeric", min: 1, max: 999, value: 1, required: true, "aria-label": _("{label}: how many", { label: this.label }) });
    this.steps = h(
      "span",
      { class: "steps" },
      amount,
      this.#act(amount, _("Damage"), (count) => this.edit("adjust", -count, `${this.slug}.current`)),
      this.#act(amount, _("Heal"), (count) => this.edit("adjust", count, `${this.slug}.current`)),
      this.#act(amount, _("Temporary"), (count) => this.edit("set", count, `${this.slug}.temporary`)),
    );
    this.append(this.steps);
  }

  /**
   * @param {HTMLInputElement} amount
   * @param {string} word
   * @param {(count: number) => unknown} act
   */
  #act(amount, word, act) {
    const go = () => amount.reportValidity() && act(Number(amount.value));
    return button(word, go, { class: "button small", "aria-label": `${this.label}: ${word}` });
  }

  async #askTotal() {
    const [field] = this.spec.fields;
    const before = this.value.total;
    const total = await askValue(_("{label}: maximum", { label: this.label }), { ...field, label: _("Maximum") }, before);
    if (total !== null && total !== before) this.edit("set", total, field.path);
  }
}

/** Names that come and go by one key. */
class TraitConditions extends TraitEntries {
  /** @param {boolean} editable */
  controls(editable) {
    this.adder?.remove();
    for (const node of nodesIn(this.list)) {
      $("button", node)?.remove();
      this.dress(node);
    }
    if (!editable) return;
    const [field] = this.shape.fields;
    const id = `conditions-${this.slug}`;
    const options = (field.choice_labels ?? []).map((/** @type {string} */ value) => h("option", { value }));
    const input = h("input", { type: "text", list: id, maxlength: field.max_length, autocomplete: "off", placeholder: _("Add…") });
    input.setAttribute("aria-label", _("Add to {label}", { label: this.label }));
    input.addEventListener("change", () => this.#add(input, field));
    this.adder = h("span", { class: "adder" }, input, h("datalist", { id }, ...options));
    this.append(this.adder);
  }

  /**
   * @param {HTMLInputElement} input
   * @param {Field} field
   */
  #add(input, field) {
    const typed = input.value.trim();
    input.value = "";
    if (!typed) return;
    const at = (field.choice_labels ?? []).indexOf(typed);
    this.edit("add", { [this.shape.title]: at < 0 ? typed : field.choices[at] }, this.slug);
  }

  /** @param {Found} node */
  dress(node) {
    if (!this.editable) return;
    const id = node.dataset.id ?? "";
    const name = this.entries()[id]?.[this.shape.title] ?? "";
    const remove = () => this.character.removed(name, this.edit("remove", undefined, `${this.slug}.${id}`));
    node.append(button("×", remove, { class: "chip-remove", "aria-label": _("Remove {name}", { name }) }));
  }
}

customElements.define("trait-ability", TraitAbility);
customElements.define("trait-hp", TraitHp);
customElements.define("trait-conditions", TraitConditions);
