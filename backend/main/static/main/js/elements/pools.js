// Numbers in pairs: points under a rating, a counter that rolls over, the mage's wheel.

import { $, button, h, setText } from "../dom.js";
import { askValue } from "../dialogs.js";
import * as words from "../words.js";
import { TraitElement } from "./base.js";
import { drawMarks, makePlain, makeSlider, tellValue } from "./pips.js";
import { stepper } from "./steps.js";
import { _ } from "../translation.js";

// Longer rows are told in numbers alone: nobody counts fifty boxes.
const MOST_DOTS = 10;
const MOST_BOXES = 30;

/**
 * @param {number} count
 * @param {number} length
 * @param {string} kind
 */
const filled = (count, length, kind) => Array.from({ length }, (_none, n) => (n < count ? `${kind} on` : kind));

/** A rating in dots, and below it in boxes what moves in play. */
class TraitPaired extends TraitElement {
  /** @type {Found} */
  rating;
  /** @type {Found} */
  points;
  /** @type {Found} */
  figure;
  /** @type {Field} */
  lasting;
  /** @type {Field} */
  moving;

  /** @returns {number} */
  lastingNow() {
    return 0;
  }

  /** @returns {number} */
  movingNow() {
    return 0;
  }

  /** How many points there may be. */
  top() {
    return this.moving.max;
  }

  ratingWords() {
    return "";
  }

  stepName() {
    return this.moving.label;
  }

  marks() {}

  prepare() {
    this.rating = $("[data-rating]", this);
    this.points = $("[data-points]", this);
    this.figure = $("[data-figure]", this);
    [this.lasting, this.moving] = this.spec.fields;
  }

  draw() {
    const text = this.words();
    this.marks();
    tellValue(this.rating, this.lastingNow(), this.ratingWords());
    tellValue(this.points, this.movingNow(), text);
    setText($("button", this.figure) ?? this.figure, text);
    if (this.editable) this.points.setAttribute("aria-valuemax", String(this.top()));
  }

  /** @param {boolean} editable */
  controls(editable) {
    this.steps?.remove();
    this.figure.replaceChildren(this.words());
    if (!editable) {
      makePlain(this.rating, `${this.label}: ${this.ratingWords()}`);
      makePlain(this.points, `${this.label}: ${this.words()}`);
      return;
    }
    /** @param {Field} field */
    const change = (field) => (/** @type {number} */ value) => this.edit("set", value, field.path);
    makeSlider(this.rating, {
      min: this.lasting.min,
      max: this.lasting.max,
      label: _("{label}: rating", { label: this.lasting.label }),
      text: () => this.ratingWords(),
      get: () => this.lastingNow(),
      set: change(this.lasting),
    });
    makeSlider(this.points, {
      min: 0,
      max: () => this.top(),
      label: this.moving.label,
      text: () => this.words(),
      get: () => this.movingNow(),
      set: change(this.moving),
    });
    this.steps = h("span", { class: "steps" }, ...this.steppers());
    this.append(this.steps);
  }

  steppers() {
    return [stepper(this.stepName(), this.moving.label, (amount) => this.edit("adjust", amount, this.moving.path))];
  }
}

/** `{total, current}`. Points above the rating stay in sight. */
export class TraitPool extends TraitPaired {
  lastingNow() {
    return this.value.total;
  }

  movingNow() {
    return this.value.current;
  }

  top() {
    return Math.max(this.value.total, this.value.current);
  }

  words() {
    return words.pool(this.value);
  }

  ratingWords() {
    return _("Rating {dots}", { dots: words.dots(this.value.total, this.lasting.max) });
  }

  stepName() {
    return _("Points");
  }

  marks() {
    const { total, current } = this.value;
    if (this.lasting.max <= MOST_DOTS) drawMarks(this.rating, filled(total, this.lasting.max, "pip"));
    const top = this.top();
    const boxes = filled(current, top, "box").map((mark, n) => (n >= total ? `${mark} over` : mark));
    this.points.hidden = top > MOST_BOXES;
    drawMarks(this.points, top > MOST_BOXES ? [] : boxes);
  }

  /** @param {boolean} editable */
  controls(editable) {
    super.controls(editable);
    if (!editable || this.lasting.max <= MOST_DOTS) return;
    const size = { class: "figure-button", title: _("Change the rating") };
    this.figure.replaceChildren(button(this.words(), () => this.#askTotal(), size));
  }

  async #askTotal() {
    const total = await askValue(_("{label}: rating", { label: this.label }), { ...this.lasting, label: _("Rating") }, this.value.total);
    if (total !== null && total !== this.value.total) this.edit("set", total, this.lasting.path);
  }
}

/** `{permanent, temporary}`: the tenth temporary point becomes a lasting one. */
export class TraitRollover extends TraitPaired {
  lastingNow() {
    return this.value.permanent;
  }

  movingNow() {
    return this.value.temporary;
  }

  words() {
    return words.rollover(this.spec.fields, this.value);
  }

  ratingWords() {
    return `${this.lasting.label} ${words.dots(this.value.permanent, this.lasting.max)}`;
  }

  stepName() {
    return this.moving.update_name ? _("Temporary") : this.moving.label;
  }

  marks() {
    drawMarks(this.rating, filled(this.value.permanent, this.lasting.max, "pip"));
    drawMarks(this.points, filled(this.value.temporary, this.moving.max, "box"));
  }
}

/** Quintessence from the left, Paradox from the right. */
export class TraitWheel extends TraitElement {
  /** @type {Found} */
  slots;
  /** @type {Found} */
  figure;
  count = 0;

  prepare() {
    this.slots = $("[data-slots]", this);
    this.figure = $("[data-figure]", this);
    this.count = this.spec.fields[0].max;
  }

  words() {
    return words.wheel(this.value, this.count);
  }

  /** @param {any} value */
  draw(value) {
    const text = this.words();
    const free = this.count - value.paradox;
    /** @param {number} n */
    const kind = (n) => (n >= free ? "box paradox" : n < value.quintessence ? "box on" : "box");
    drawMarks(this.slots, Array.from({ length: this.count }, (_none, n) => kind(n)));
    this.slots.setAttribute("aria-label", `${this.label}: ${text}`);
    setText(this.figure, text);
  }

  /** @param {boolean} editable */
  controls(editable) {
    this.steps?.remove();
    if (!editable) return;
    /** @param {string} part */
    const step = (part) => (/** @type {number} */ amount) => this.edit("adjust", amount, `${this.slug}.${part}`);
    this.steps = h(
      "span",
      { class: "steps" },
      stepper(_("Quintessence"), _("Quintessence"), step("quintessence")),
      stepper(_("Paradox"), _("Paradox"), step("paradox")),
    );
    this.append(this.steps);
  }
}
