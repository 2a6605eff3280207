import { $, h, setText } from "../dom.js";
import * as words from "../words.js";
import { TraitElement } from "./base.js";
import { drawPips, makePlain, makeSlider } from "./pips.js";
import { stepper } from "./steps.js";

/** A rating or a counter. */
export class TraitDots extends TraitElement {
  prepare() {
    this.pips = $("[data-pips]", this);
    this.figure = $("[data-figure]", this);
    [this.range] = this.spec.fields;
  }

  number() {
    return this.value;
  }

  words() {
    return words.dots(this.number(), this.range.max);
  }

  stains() {
    return 0;
  }

  draw() {
    drawPips(this.pips, this.number() ?? 0, this.range.max, this.words(), this.stains());
    setText(this.figure, this.words());
  }

  controls(editable) {
    if (!editable) return makePlain(this.pips, this.words());
    makeSlider(this.pips, {
      ...this.range,
      label: this.label,
      text: () => this.words(),
      get: () => this.number(),
      set: (value) => this.edit("set", value),
    });
  }
}

export class TraitHumanity extends TraitDots {
  number() {
    return this.value.value;
  }

  stains() {
    return this.value.stains;
  }

  words() {
    return words.humanity(this.value);
  }

  controls(editable) {
    super.controls(editable);
    this.steps?.remove();
    if (!editable) return;
    const step = (amount) => this.edit("adjust", amount, `${this.slug}.stains`);
    this.steps = h("span", { class: "steps" }, stepper("Stains", "Stains", step));
    this.append(this.steps);
  }
}
