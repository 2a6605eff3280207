// What all trait elements share: they know their path, show a value, and take part in edits when the viewer may.

import { h } from "../dom.js";
import { characterOf } from "../character.js";
import { say } from "../speak.js";

const GLOW = 3200;

let loader = null;

/** How a page makes a Character for elements that it has not met yet. */
export function useLoader(load) {
  loader = load;
}

export class TraitElement extends HTMLElement {
  connectedCallback() {
    this.character ??= characterOf(this, loader);
    this.slug = this.getAttribute("path") ?? this.getAttribute("of");
    this.spec = this.character?.spec(this.slug);
    if (!this.spec) return;
    this.path = this.spec.fields[0]?.path ?? this.slug; // the main part: `health` is `health.total`
    this.label = this.spec.label;
    this.shown = JSON.stringify(this.character.value(this.slug));
    this.character.attach(this);
    this.prepare();
    this.allow(this.character.editable(this.spec));
  }

  disconnectedCallback() {
    this.character?.detach(this);
  }

  /** Called once; the server's HTML is there. */
  prepare() {}

  /** Shows a value. Never called with the value that is shown already. */
  draw() {}

  /** Rights may change while the page is open. */
  allow(editable) {
    this.editable = editable;
    this.classList.toggle("editable", editable);
    this.controls?.(editable);
  }

  /** The value now; `news`: it was changed elsewhere. */
  receive(value, news) {
    const text = JSON.stringify(value);
    if (text === this.shown) return;
    this.shown = text;
    this.draw(value, news);
    if (news) this.mark();
  }

  get value() {
    return this.character.value(this.slug);
  }

  mark() {
    this.classList.remove("changed");
    void this.offsetWidth; // restarts the animation
    this.classList.add("changed");
    clearTimeout(this.glow);
    this.glow = setTimeout(() => this.classList.remove("changed"), GLOW);
  }

  edit(op, value, path = this.path) {
    this.complain(null);
    const done = this.character.edit({ path, op, value });
    if (typeof value === "number") this.#tell();
    return done;
  }

  /** The new number with the trait's name; a slider that has the focus says so itself. */
  #tell() {
    if (this.words && !document.activeElement?.matches("[role=slider]")) say(`${this.label}: ${this.words()}`);
  }

  complain(sentences) {
    this.querySelector(":scope > .field-error")?.remove();
    const control = this.querySelector(":scope > :is(input, textarea, select)");
    control?.removeAttribute("aria-invalid");
    if (!sentences) return;
    const id = `${this.slug}-error`;
    this.append(h("p", { class: "field-error", id, role: "alert" }, sentences.join(" ")));
    control?.setAttribute("aria-invalid", "true");
    control?.setAttribute("aria-describedby", id);
  }
}
