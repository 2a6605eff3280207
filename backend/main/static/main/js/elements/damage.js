import { $, button, h, setText } from "../dom.js";
import { askValue } from "../dialogs.js";
import * as words from "../words.js";
import { TraitElement } from "./base.js";
import { stepper } from "./steps.js";

/** Boxes with superficial (a stroke) and aggravated (a cross) damage. Clicking a box takes it one step further round. */
export class TraitDamage5th extends TraitElement {
  prepare() {
    this.boxes = $("[data-boxes]", this);
    this.figure = $("[data-figure]", this);
    this.boxes.addEventListener("click", ({ target }) => this.#click([...this.boxes.children].indexOf(target)));
  }

  draw(value) {
    const { total, superficial, aggravated } = value;
    while (this.boxes.children.length < total) this.boxes.append(h("i"));
    while (this.boxes.children.length > total) this.boxes.lastElementChild.remove();
    [...this.boxes.children].forEach((box, n) => {
      const hurt = n < aggravated ? " aggravated" : n < aggravated + superficial ? " superficial" : "";
      box.className = `box${hurt}`;
    });
    this.boxes.setAttribute("aria-label", words.damage(value));
    setText($("button", this.figure) ?? this.figure, words.damage(value));
  }

  controls(editable) {
    this.steps?.remove();
    this.figure.replaceChildren(words.damage(this.value));
    if (!editable) return;
    const step = (part) => (amount) => this.edit("adjust", amount, `${this.slug}.${part}`);
    this.steps = h(
      "span",
      { class: "steps" },
      stepper("╱", `${this.label}, superficial damage`, step("superficial"), "superficial"),
      stepper("✕", `${this.label}, aggravated damage`, step("aggravated"), "aggravated"),
    );
    this.append(this.steps);
    const size = { class: "figure-button", title: "Change the number of boxes" };
    this.figure.replaceChildren(button(words.damage(this.value), () => this.#askTotal(), size));
  }

  #click(index) {
    if (!this.editable || index < 0) return;
    const { superficial, aggravated } = this.value;
    if (index < aggravated) return void this.edit("adjust", -1, `${this.slug}.aggravated`);
    if (index >= aggravated + superficial) return void this.edit("adjust", 1, `${this.slug}.superficial`);
    this.edit("adjust", -1, `${this.slug}.superficial`);
    this.edit("adjust", 1, `${this.slug}.aggravated`);
  }

  async #askTotal() {
    const field = this.spec.fields.find((one) => one.path === `${this.slug}.total`);
    const before = this.value.total;
    const total = await askValue(`${this.label}: number of boxes`, { ...field, label: "Boxes" }, before);
    if (total !== null && total !== before) this.edit("set", total, field.path);
  }
}
