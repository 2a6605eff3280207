// Disciplines and their like: entries with a rating and powers. Lowering the rating touches no power.

import { $, button, h } from "../dom.js";
import { askEntry, confirm } from "../dialogs.js";
import { dots } from "../words.js";
import { TraitEntries, changeEntry, nodesIn, reconcile } from "./entries.js";
import { drawPips, makePlain, makeSlider } from "./pips.js";
import { _, n_ } from "../translation.js";

export class TraitPowers extends TraitEntries {
  /** @type {Found} */
  powerTemplate;
  /** @type {string} */
  nested;
  /** @type {Field} */
  rating;

  prepare() {
    super.prepare();
    this.powerTemplate = $("template[data-power]", this);
    [this.nested] = Object.keys(this.shape.entries);
    this.rating = /** @type {Field} */ (this.shape.fields.find((one) => one.name === this.shape.rating));
  }

  powerShape() {
    return this.shape.entries[this.nested];
  }

  /**
   * @param {Found} node
   * @param {Fields} entry
   * @param {string} id
   */
  drawn(node, entry, id) {
    const pips = $("[data-rating]", node);
    const value = entry[this.shape.rating] ?? 0;
    if (pips.getAttribute("role") === "slider") pips.setAttribute("aria-label", entry[this.shape.title]);
    drawPips(pips, value, this.rating.max, dots(value, this.rating.max));
    reconcile($("[data-nested]", node), entry[this.nested] ?? {}, this.powerTemplate, {
      made: (power) => this.#dressPower(power, id),
    });
  }

  /** @param {Found} node */
  dress(node) {
    const pips = $("[data-rating]", node);
    const id = node.dataset.id ?? "";
    const entry = () => this.entries()[id] ?? {};
    const value = () => entry()[this.shape.rating] ?? 0;
    if (!this.editable) return makePlain(pips, dots(value(), this.rating.max));
    super.dress(node);
    makeSlider(pips, {
      min: this.rating.min,
      max: this.rating.max,
      label: entry()[this.shape.title] ?? this.label,
      text: () => dots(value(), this.rating.max),
      get: value,
      set: (next) => this.edit("set", next, `${this.slug}.${id}.${this.shape.rating}`),
    });
    for (const power of nodesIn($("[data-nested]", node))) this.#dressPower(power, id);
    const add = button(_("Power"), () => this.#askPower(id), { icon: "plus", class: "button quiet small" });
    node.append(h("span", { class: "tools foot-tools" }, add));
  }

  /**
   * @param {Found} node
   * @param {string} owner
   */
  #dressPower(node, owner) {
    if (!this.editable) return;
    const id = node.dataset.id ?? "";
    const power = () => this.entries()[owner]?.[this.nested]?.[id] ?? {};
    const path = () => `${this.slug}.${owner}.${this.nested}.${id}`;
    const shape = this.powerShape();
    const change = () => changeEntry(this, power()[shape.title], shape.fields, power(), path());
    const remove = async () => {
      const name = power()[shape.title];
      if (!(await confirm(_("Remove {name}?", { name }), this.warning(), _("Remove")))) return;
      this.character.removed(name, this.edit("remove", undefined, path()));
    };
    $(".body", node).append(this.tools(change, remove, () => power()[shape.title] ?? ""));
  }

  /** @param {string} owner */
  async #askPower(owner) {
    const shape = this.powerShape();
    const entry = await askEntry(_("Add a power to {name}", { name: this.entries()[owner][this.shape.title] }), shape.fields, {}, _("Add"));
    if (entry) this.edit("add", entry, `${this.slug}.${owner}.${this.nested}`);
  }

  /** @param {string} [id] of the entry; none of a power */
  warning(id) {
    const count = Object.keys(this.entries()[id ?? ""]?.[this.nested] ?? {}).length;
    return count
      ? n_("Its {count} power goes with it. You can bring everything back from the history.", "Its {count} powers go with it. You can bring everything back from the history.", count)
      : super.warning();
  }
}
