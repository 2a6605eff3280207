// The stage: areas that hold pieces by key. Draws the frames that `contract.stage` describes.

import { flash, morph, parsed } from "./pieces.js";

/** @typedef {{ key: string, area: string, html: string }} Piece */
/** @typedef {{ type: "scene", attributes: Record<string, string>, css: string, pieces: Piece[] }} Scene */
/** @typedef {{ type: "patch", pieces: Piece[], gone: string[], order: Record<string, string[]> }} Patch */

const LEAVING = 450;

export class Stage {
  /** @param {HTMLElement} root @param {HTMLStyleElement | null} own Its own CSS, where it has any. */
  constructor(root, own) {
    this.root = root;
    this.own = own;
    for (const element of this.#elements()) this.#settle(element);
  }

  /** @param {Scene} scene */
  show(scene) {
    Object.assign(this.root.dataset, scene.attributes);
    if (this.own && this.own.textContent !== scene.css) this.own.textContent = scene.css;
    this.#placeRolls();
    const keys = new Set(scene.pieces.map(({ key }) => key));
    for (const element of this.#elements()) if (!keys.has(key(element))) element.remove();
    for (const piece of scene.pieces) this.#put(piece);
    for (const area of this.#areas()) {
      this.#order(area, scene.pieces.filter((piece) => piece.area === area.dataset.area).map((piece) => piece.key));
    }
  }

  /** @param {Patch} patch */
  change(patch) {
    for (const name of patch.gone) this.#find(name)?.remove();
    for (const piece of patch.pieces) this.#put(piece);
    for (const area of this.#areas()) {
      const keys = patch.order[area.dataset.area ?? ""];
      if (keys) this.#order(area, keys);
    }
  }

  clear() {
    for (const area of this.#areas()) area.replaceChildren();
  }

  /** @param {Piece} piece */
  #put({ key: name, area, html }) {
    const fresh = parsed(html);
    const old = this.#find(name);
    if (old) morph(old, fresh);
    else {
      this.root.querySelector(`[data-area="${area}"]`)?.append(fresh);
      flash(fresh, "entering");
    }
    this.#settle(/** @type {HTMLElement} */ (old ?? fresh));
  }

  /** @param {HTMLElement} area @param {string[]} keys */
  #order(area, keys) {
    keys.forEach((name, at) => {
      const element = this.#find(name);
      if (element && area.children[at] !== element) area.insertBefore(element, area.children[at] ?? null);
    });
  }

  /** Rolls stand together where they were put. */
  #placeRolls() {
    const area = this.#areas().find((each) => each.dataset.area === "rolls");
    const at = (this.root.dataset.rolls ?? "").split(" ");
    area?.classList.toggle("placed", at.length > 1);
    if (area) place(area, at);
  }

  /** Where it stands, and how long. @param {HTMLElement} element */
  #settle(element) {
    place(element, [element.dataset.x, element.dataset.y, element.dataset.size]);
    const left = Number(element.dataset.left);
    if (!left || element.dataset.leaves) return;
    element.dataset.leaves = "yes";
    setTimeout(() => element.classList.add("leaving"), Math.max(0, left - LEAVING));
    setTimeout(() => element.remove(), left);
  }

  #areas() {
    return /** @type {HTMLElement[]} */ ([...this.root.querySelectorAll("[data-area]")]);
  }

  #elements() {
    return /** @type {HTMLElement[]} */ (this.#areas().flatMap((area) => [...area.children]));
  }

  /** @param {string} name */
  #find(name) {
    return this.#elements().find((element) => key(element) === name);
  }
}

/** @param {HTMLElement} element @param {(string | undefined)[]} at x, y and size */
function place(element, at) {
  ["--x", "--y", "--size"].forEach((name, number) => {
    const value = at[number];
    if (value) element.style.setProperty(name, value);
    else element.style.removeProperty(name);
  });
}

/** @param {HTMLElement} element */
const key = (element) => element.dataset.key ?? "";
