import { $, button, h, setText } from "../dom.js";
import { askValue } from "../dialogs.js";
import * as words from "../words.js";
import { TraitElement } from "./base.js";
import { drawMarks } from "./pips.js";
import { stepper } from "./steps.js";
import { N_, _ } from "../translation.js";

/** @type {Record<string, string>} */
const SEVERITY = {
  superficial: N_("superficial"),
  bashing: N_("bashing"),
  lethal: N_("lethal"),
  aggravated: N_("aggravated"),
};
/** @type {Record<string, string>} */
const DAMAGE = {
  superficial: N_("{label}, superficial damage"),
  bashing: N_("{label}, bashing damage"),
  lethal: N_("{label}, lethal damage"),
  aggravated: N_("{label}, aggravated damage"),
};

// One for each severity, from the lightest: a stroke, a cross, a star.
const SIGNS = ["╱", "✕", "✱"];

/** Boxes with damage, the gravest first. Clicking a box makes its damage one step graver, and after the gravest heals it. */
class TraitDamage extends TraitElement {
  /** @type {Found} */
  boxes;
  /** @type {Found} */
  figure;

  /** From the lightest to the gravest: the parts of the trait beside the number of its boxes. */
  severities() {
    return this.spec.fields.slice(1).map(({ path }) => path.slice(path.lastIndexOf(".") + 1));
  }

  prepare() {
    this.boxes = $("[data-boxes]", this);
    this.figure = $("[data-figure]", this);
    this.boxes.addEventListener("click", ({ target }) => this.#click([...this.boxes.children].indexOf(target)));
  }

  /**
   * What each box holds, a name of `severities` or nothing.
   * @param {Fields} value
   */
  held(value) {
    const hurt = this.severities().toReversed().flatMap((kind) => Array(value[kind]).fill(kind));
    return Array.from({ length: value.total }, (_none, n) => hurt[n]);
  }

  /** @param {Fields} value */
  draw(value) {
    drawMarks(this.boxes, this.held(value).map((kind) => (kind ? `box ${kind}` : "box")));
    this.boxes.setAttribute("aria-label", `${this.label}: ${this.words()}`);
    setText($("button", this.figure) ?? this.figure, this.brief());
  }

  /** What stands beside the label; all of it is in the words of the boxes. */
  brief() {
    return this.words();
  }

  /** @param {boolean} editable */
  controls(editable) {
    this.steps?.remove();
    this.figure.replaceChildren(this.brief());
    if (!editable) return;
    /** @param {string} kind */
    const step = (kind) => (/** @type {number} */ amount) => this.edit("adjust", amount, `${this.slug}.${kind}`);
    const steppers = this.severities().map((kind, n) =>
      stepper(SIGNS[n], _(DAMAGE[kind], { label: this.label }), step(kind), _(SEVERITY[kind])),
    );
    this.steps = h("span", { class: "steps" }, ...steppers);
    this.append(this.steps);
    const size = { class: "figure-button", title: _("Change the number of boxes") };
    this.figure.replaceChildren(button(this.brief(), () => this.#askTotal(), size));
  }

  /** @param {number} index */
  #click(index) {
    if (!this.editable || index < 0) return;
    const severities = this.severities();
    const now = severities.indexOf(this.held(this.value)[index]);
    if (now >= 0) this.edit("adjust", -1, `${this.slug}.${severities[now]}`);
    if (now + 1 < severities.length) this.edit("adjust", 1, `${this.slug}.${severities[now + 1]}`);
  }

  async #askTotal() {
    const field = this.spec.fields.find((one) => one.path === `${this.slug}.total`);
    const before = this.value.total;
    const total = await askValue(_("{label}: number of boxes", { label: this.label }), { ...field, label: _("Boxes") }, before);
    if (total !== null && total !== before) this.edit("set", total, `${this.slug}.total`);
  }
}

/** Superficial and aggravated. */
export class TraitDamage5th extends TraitDamage {
  words() {
    return words.damage(this.value);
  }
}

/** Bashing, lethal, aggravated, and the wound that they make. */
export class TraitDamage20th extends TraitDamage {
  prepare() {
    this.levels = JSON.parse(this.dataset.levels ?? "[]");
    super.prepare();
  }

  words() {
    return words.damage20(this.value, this.levels, this.severities());
  }

  brief() {
    return words.wound(this.value, this.levels);
  }
}
