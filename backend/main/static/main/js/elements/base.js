// What all trait elements share: they know their path, show a value, and take part in edits when the viewer may.

import { h } from "../dom.js";
import { characterOf } from "../character.js";
import { say } from "../speak.js";

const GLOW = 3200;

/** @type {((root: Found) => import("../character.js").Character) | undefined} */
let loader;

/**
 * How a page makes a Character for elements that it has not met yet.
 * @param {typeof loader} load
 */
export function useLoader(load) {
  loader = load;
}

export class TraitElement extends HTMLElement {
  /** @type {import("../character.js").Character} */
  character;
  /** @type {Trait} */
  spec;
  slug = "";
  path = "";
  label = "";
  /** @type {string | undefined} the value that is drawn, as JSON */
  shown;

  connectedCallback() {
    this.character ??= /** @type {import("../character.js").Character} */ (characterOf(this, loader));
    this.slug = this.getAttribute("path") ?? this.getAttribute("of") ?? "";
    const spec = this.character?.spec(this.slug);
    if (!spec) return;
    this.spec = spec;
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

  /**
   * Shows a value. Never called with the value that is shown already.
   * @param {any} _value
   * @param {boolean} [_news]
   */
  draw(_value, _news) {}

  /**
   * Gives the viewer what changes the value, or takes it away.
   * @param {boolean} _editable
   */
  controls(_editable) {}

  /**
   * The value in words, which are read out when it changed; empty where nothing is.
   * @returns {string}
   */
  words() {
    return "";
  }

  /**
   * Rights may change while the page is open.
   * @param {boolean} editable
   */
  allow(editable) {
    this.editable = editable;
    this.classList.toggle("editable", editable);
    this.controls(editable);
  }

  /**
   * The value now; `news`: it was changed elsewhere.
   * @param {any} value
   * @param {boolean} news
   */
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

  /**
   * @param {"set" | "adjust" | "add" | "remove"} op
   * @param {any} value
   * @param {string} path
   */
  edit(op, value, path = this.path) {
    this.complain(null);
    const done = this.character.edit({ path, op, value });
    if (typeof value === "number") this.#tell();
    return done;
  }

  /** The new number with the trait's name; a slider that has the focus says so itself. */
  #tell() {
    const words = this.words();
    if (words && !document.activeElement?.matches("[role=slider]")) say(`${this.label}: ${words}`);
  }

  /** @param {string[] | null} sentences */
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
