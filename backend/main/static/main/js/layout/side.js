// What stands beside the picture: the list of its parts, and all that can be said of the chosen one.

import { button, h, icon, setText } from "../dom.js";
import { _ } from "../translation.js";
import { PICTURE, SAFE, SIZE, anchored, isInside, placeOf, safe } from "./geometry.js";

/** @typedef {import("./components.js").Component} Component */
/** @typedef {import("./geometry.js").Box} Box */
/** @typedef {import("./geometry.js").Place} Place */
/** @typedef {{ row: HTMLElement, state: HTMLElement, eye: HTMLElement, press: HTMLElement }} Row */
/**
 * @typedef {{
 *   choose: (component: Component) => void,
 *   set: (component: Component, place: Place | null) => void,
 *   size: (component: Component, size: number) => void,
 *   toggle: (component: Component) => void,
 *   nudge: (component: Component, key: string) => void,
 * }} Acts
 */

/** @param {number} value */
const figure = (value) => value.toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 });

/** Where it stands, in few words. @param {Component} component @param {Place | null} place */
export function standing(component, place) {
  if (place?.hidden) return _("hidden");
  if (!place) return component.inner ? _("in the card") : _("automatic");
  const at = `${figure(place.x)} % · ${figure(place.y)} %`;
  return place.size ? `${at} · ${_("size {size} %", { size: place.size })}` : at;
}

/** The same, for who hears it. @param {Component} component @param {Place | null} place */
export function spoken(component, place) {
  const name = component.label;
  if (place?.hidden) return _("{name}: hidden", { name });
  if (!place) return component.inner ? _("{name}: in the card", { name }) : _("{name}: stands automatically", { name });
  return _("{name}: {x} % from the left, {y} % from the top", { name, x: figure(place.x), y: figure(place.y) });
}

export class PartList {
  /** @type {Map<string, Row>} */
  #rows = new Map();

  /** @param {HTMLElement} root @param {Component[]} components @param {Acts} acts */
  constructor(root, components, acts) {
    for (const component of components) {
      const label = h("b", component.isName ? { dir: "auto", translate: "no" } : {}, component.short);
      const state = h("small");
      const press = h("button", { type: "button", class: component.inner ? "part inner" : "part", onclick: () => acts.choose(component) }, icon(component.icon), label, state);
      const eye = button("", () => acts.toggle(component), { icon: "eye", class: "button quiet square eye", "aria-label": _("Hide {name}", { name: component.label }) });
      const row = h("li", {}, press, eye);
      this.#rows.set(component.id, { row, state, eye, press });
      root.append(row);
    }
  }

  /** Conditions are listed where they stand by themselves, and below the character that is chosen.
   * @param {Component} component
   * @param {Place | null} place
   * @param {Component | null} choice
   */
  draw(component, place, choice) {
    const chosen = component === choice;
    const { row, state, eye, press } = /** @type {Row} */ (this.#rows.get(component.id));
    row.hidden = component.inner && !place && choice?.name !== component.name;
    row.classList.toggle("chosen", chosen);
    row.classList.toggle("gone", Boolean(place?.hidden));
    eye.setAttribute("aria-pressed", String(Boolean(place?.hidden)));
    if (chosen) press.setAttribute("aria-current", "true");
    else press.removeAttribute("aria-current");
    setText(state, standing(component, place));
  }
}

const CORNERS = ["top", "middle", "bottom"].flatMap((row, y) => ["left", "centre", "right"].map((column, x) => ({ row, column, x, y })));

export class Inspector {
  /** @type {Component | null} */
  #shown = null;
  /** @type {HTMLElement[]} */
  #anchors = [];

  /** @param {HTMLElement} root @param {Acts} acts */
  constructor(root, acts) {
    this.root = root;
    this.acts = acts;
    this.x = h("input", { type: "number", min: "0", max: "100", step: "1", id: "part-x" });
    this.y = h("input", { type: "number", min: "0", max: "100", step: "1", id: "part-y" });
    this.size = h("input", { type: "number", min: String(SIZE.least), max: String(SIZE.most), step: "5", id: "part-size" });
    this.slider = h("input", { type: "range", min: String(SIZE.least), max: String(SIZE.most), step: "5", "aria-label": _("Size") });
    this.title = h("h2", { dir: "auto" });
    this.outside = h("p", { class: "outside" }, _("Reaches out of the title-safe area."));
    this.back = button(_("Automatic"), () => this.#act((component) => this.acts.set(component, null)), { icon: "undo" });
    this.hide = button(_("Hide"), () => this.#act(this.acts.toggle), { icon: "eye" });
    this.alone = button(_("Put by itself"), () => this.#act((component) => this.acts.set(component, { x: 50, y: 50 })), { class: "button primary small" });
    /** @type {Box | null} */
    this.box = null;
    this.#build();
  }

  #build() {
    this.numbers = h("div", { class: "numbers" }, field(_("From the left"), this.x, "part-x"), field(_("From the top"), this.y, "part-y"));
    this.sizes = h("div", { class: "field" }, h("label", { for: "part-size" }, _("Size")), h("div", { class: "sizes" }, this.slider, h("span", { class: "with-unit" }, this.size)));
    this.pads = h("div", { class: "pads" }, this.#anchorPad(), this.#arrowPad());
    this.root.append(h("header", {}, this.title), this.alone, this.numbers, this.pads, this.sizes, this.outside, h("div", { class: "actions" }, this.hide, this.back));
    for (const input of [this.x, this.y]) input.addEventListener("change", () => this.#act((component) => this.#typed(component)));
    for (const input of [this.size, this.slider]) {
      input.addEventListener(input === this.slider ? "input" : "change", () => this.#act((component) => this.acts.size(component, Number(input.value) || 100)));
    }
  }

  #anchorPad() {
    this.#anchors = CORNERS.map(({ row, column, x, y }) =>
      button("", () => this.#act((component) => this.box && this.acts.set(component, placeOf(anchored(this.box, x, y), this.place ?? undefined))), {
        class: "button",
        "aria-pressed": "false",
        "aria-label": anchorLabel(row, column),
      }),
    );
    return h("fieldset", { class: "pad anchors" }, h("legend", {}, _("Put it")), ...this.#anchors);
  }

  #arrowPad() {
    /** @type {[string, string, string, string][]} */
    const arrows = [["up", "ArrowUp", "↑", _("Up by 1 %")], ["left", "ArrowLeft", "←", _("Left by 1 %")], ["right", "ArrowRight", "→", _("Right by 1 %")], ["down", "ArrowDown", "↓", _("Down by 1 %")]];
    const buttons = arrows.map(([name, key, sign, label]) =>
      button(sign, () => this.#act((component) => this.acts.nudge(component, key)), { class: `button ${name}`, "aria-label": label }),
    );
    return h("fieldset", { class: "pad arrows" }, h("legend", {}, _("Nudge")), ...buttons);
  }

  /** @param {Component} component */
  #typed(component) {
    const [x, y] = [this.x, this.y].map((input) => (input.value === "" || !input.checkValidity() ? null : Number(input.value)));
    if (x === null || y === null) return void [this.x, this.y].forEach((input) => input.reportValidity());
    this.acts.set(component, { ...this.place, x, y });
  }

  /** @param {(component: Component) => unknown} act */
  #act(act) {
    if (this.#shown) act(this.#shown);
  }

  /** @param {Component | null} component @param {Place | null} place @param {Box | null} box */
  draw(component, place, box) {
    this.#shown = component;
    this.place = place;
    this.box = box;
    this.root.hidden = !component;
    if (!component) return;
    setText(this.title, component.label);
    if (component.isName) this.title.setAttribute("translate", "no");
    else this.title.removeAttribute("translate");
    const at = place ?? (box ? placeOf(box) : { x: 0, y: 0 });
    show(this.x, at.x);
    show(this.y, at.y);
    show(this.size, place?.size ?? 100);
    show(this.slider, place?.size ?? 100);
    const isInCard = component.inner && !place;
    this.alone.hidden = !isInCard;
    for (const node of [this.numbers, this.pads, this.sizes]) /** @type {HTMLElement} */ (node).hidden = isInCard;
    this.back.hidden = !place;
    setText(/** @type {any} */ (this.back.lastChild), component.inner ? _("Back into the card") : _("Automatic"));
    setText(/** @type {any} */ (this.hide.lastChild), place?.hidden ? _("Show") : _("Hide"));
    this.outside.hidden = !box || Boolean(place?.hidden) || isWhole(box) || isInside(box, safe(SAFE.title));
    this.#anchors.forEach((node, number) => {
      const { x, y } = CORNERS[number];
      const there = box && place && anchored(box, x, y);
      const isThere = Boolean(there && Math.hypot(there.left - box.left, there.top - box.top) < 2);
      node.setAttribute("aria-pressed", String(isThere));
    });
  }
}

/** A ticker runs from edge to edge, which is no mistake. @param {Box} box */
const isWhole = ({ width }) => width >= PICTURE.width - 2;

/** @param {HTMLInputElement} input @param {number} number */
function show(input, number) {
  const text = String(Math.round(number * 10) / 10);
  if (input !== document.activeElement || input.type === "range") input.value = text;
}

/** @param {string} label @param {HTMLElement} input @param {string} id */
const field = (label, input, id) => h("div", { class: "field" }, h("label", { for: id }, label), h("span", { class: "with-unit" }, input));

/** @param {string} row @param {string} column */
function anchorLabel(row, column) {
  /** @type {Record<string, string>} */
  const words = {
    "top left": _("To the upper left"),
    "top centre": _("To the upper edge"),
    "top right": _("To the upper right"),
    "middle left": _("To the left edge"),
    "middle centre": _("Into the middle"),
    "middle right": _("To the right edge"),
    "bottom left": _("To the lower left"),
    "bottom centre": _("To the lower edge"),
    "bottom right": _("To the lower right"),
  };
  return words[`${row} ${column}`];
}
