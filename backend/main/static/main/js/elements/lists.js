// Lists that stand inside another trait: what experience was spent on, the specialties of a skill.

import { $, button, h, setText } from "../dom.js";
import { askEntry, askValue } from "../dialogs.js";
import { experience } from "../words.js";
import { TraitDots } from "./dots.js";
import { TraitEntries, nodesIn, reconcile } from "./entries.js";
import { _ } from "../translation.js";

export class TraitExperience extends TraitEntries {
  get listPath() {
    return `${this.slug}.spends`;
  }

  entries(value = this.value) {
    return value?.spends ?? {};
  }

  words() {
    return experience(this.value);
  }

  /** @param {any} value */
  draw(value) {
    setText($("[data-part=current]", this), value.current);
    setText($("[data-part=total]", this), value.total);
    setText($("[data-figure]", this), experience(value));
    super.draw();
  }

  /** @param {boolean} editable */
  controls(editable) {
    this.earn?.remove();
    super.controls(editable);
    if (!editable) return;
    this.add?.replaceChildren(_("Spend"));
    this.add?.removeAttribute("aria-label"); // it is named by its word
    this.earn = button(_("Earn"), () => this.#askEarned(), { icon: "plus" });
    this.head.append(this.earn);
  }

  async #askEarned() {
    /** @type {AskedField} */
    const field = { label: _("Points earned (less than zero takes back)"), type: "integer", min: -1000, max: 1000, start: 1 };
    const earned = await askValue(_("Earn experience"), field, 1);
    if (earned) this.edit("adjust", earned, `${this.slug}.total`);
  }
}

export class TraitSkill extends TraitDots {
  /** @type {Found} */
  chips;
  /** @type {Found} */
  name;
  /** @type {Shape} */
  shape;
  template = h("template");

  prepare() {
    super.prepare();
    this.chips = $("[data-entries]", this);
    this.name = $(".trait-label", this);
    this.shape = this.spec.entry;
    this.template.content.append(h("li", { class: "chip" }, h("span", { "data-slot": this.shape.title })));
  }

  number() {
    return this.value.dots;
  }

  /** @param {any} value */
  draw(value) {
    super.draw();
    reconcile(this.chips, value.specialties, this.template, { made: (node) => this.#dress(node) });
  }

  /** @param {boolean} editable */
  controls(editable) {
    super.controls(editable);
    this.name.replaceChildren(this.label);
    for (const chip of nodesIn(this.chips)) {
      $("button", chip)?.remove();
      this.#dress(chip);
    }
    if (!editable) return;
    const hint = { class: "skill-name", "aria-label": _("{label}: add a specialty", { label: this.label }), title: _("Add a specialty") };
    const add = button(this.label, () => this.#askNew(), hint);
    add.append(h("span", { "aria-hidden": "true" }, "+"));
    this.name.replaceChildren(add);
  }

  /** @param {Found} chip */
  #dress(chip) {
    if (!this.editable) return;
    const id = chip.dataset.id ?? "";
    const remove = () => {
      const name = this.value.specialties[id]?.[this.shape.title];
      this.character.removed(name, this.edit("remove", undefined, `${this.slug}.specialties.${id}`));
    };
    const name = this.value.specialties[id]?.[this.shape.title] ?? "";
    chip.append(button("×", remove, { class: "chip-remove", "aria-label": _("Remove the specialty {name}", { name }) }));
  }

  async #askNew() {
    const [field] = this.shape.fields;
    const entry = await askEntry(_("Specialty of {label}", { label: this.label }), [field], {}, _("Add"));
    if (entry) this.edit("add", entry, `${this.slug}.specialties`);
  }
}
