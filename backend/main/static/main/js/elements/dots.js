import { $, h, setText } from "../dom.js";
import { highest } from "../paths.js";
import * as words from "../words.js";
import { TraitElement } from "./base.js";
import { drawPips, makePlain, makeSlider } from "./pips.js";
import { stepper } from "./steps.js";
import { _ } from "../translation.js";

/** A rating or a counter. */
export class TraitDots extends TraitElement {
  /** @type {Found} */
  pips;
  /** @type {Found} */
  figure;
  /** @type {Field} */
  range;
  /** @type {number} how many dots there are */
  drawn;

  prepare() {
    this.pips = $("[data-pips]", this);
    this.figure = $("[data-figure]", this);
    [this.range] = this.spec.fields;
    this.drawn = this.most();
  }

  /** @returns {number} */
  number() {
    return this.value;
  }

  words() {
    return words.dots(this.number(), this.most());
  }

  most() {
    return highest(this.range, this.character.view);
  }

  /**
   * Another trait may decide how many dots there are.
   * @param {any} value
   * @param {boolean} news
   */
  receive(value, news) {
    const most = this.most();
    if (this.drawn !== most) {
      this.draw(value);
      if (this.editable) this.pips.setAttribute("aria-valuemax", String(most));
    }
    this.drawn = most;
    super.receive(value, news);
  }

  /** @returns {number} */
  stains() {
    return 0;
  }

  /** @param {any} [_value] */
  draw(_value) {
    drawPips(this.pips, this.number() ?? 0, this.most(), this.words(), this.stains());
    setText(this.figure, this.words());
  }

  /** @param {boolean} editable */
  controls(editable) {
    if (!editable) return makePlain(this.pips, this.words());
    makeSlider(this.pips, {
      ...this.range,
      max: () => this.most(),
      label: this.label,
      text: () => this.words(),
      get: () => this.number(),
      set: (value) => this.edit("set", value),
    });
  }
}

export class TraitHumanity extends TraitDots {
  /** @returns {number} */
  number() {
    return this.value.value;
  }

  stains() {
    return this.value.stains;
  }

  words() {
    return words.humanity(this.value);
  }

  /** @param {boolean} editable */
  controls(editable) {
    super.controls(editable);
    this.steps?.remove();
    if (!editable) return;
    /** @param {number} amount */
    const step = (amount) => this.edit("adjust", amount, `${this.slug}.stains`);
    this.steps = h("span", { class: "steps" }, stepper(_("Stains"), _("Stains"), step));
    this.append(this.steps);
  }
}
