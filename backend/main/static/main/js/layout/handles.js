// A frame around each part of the picture: dragged by a pointer, or moved by keys.

import { $, h } from "../dom.js";
import { PICTURE, moved, placeOf, snapped } from "./geometry.js";

/** @typedef {import("./components.js").Component} Component */
/** @typedef {import("./geometry.js").Box} Box */
/** @typedef {import("./geometry.js").Lines} Lines */
/** @typedef {import("./geometry.js").Place} Place */
/**
 * What the editor does for a handle. `lines` are what to snap to, `null` where nothing snaps.
 * @typedef {{
 *   choose: (component: Component) => void,
 *   box: (component: Component) => Box | null,
 *   place: (component: Component) => Place | null,
 *   scale: () => number,
 *   lines: (component: Component) => Lines | null,
 *   onGrid: () => boolean,
 *   show: (component: Component, place: Place) => void,
 *   giveUp: () => void,
 *   drop: (component: Component, place: Place) => void,
 *   press: (component: Component, event: KeyboardEvent) => boolean,
 * }} Editor
 */

// So many pixels of the screen a pointer moves before a press is a drag, and a part before it snaps.
const STILL = 4;
const REACH = 7;
const LABEL = 26;

export class Handles {
  /** @type {Map<string, HTMLElement>} */
  #nodes = new Map();
  /** @type {(() => void) | null} */
  #giveUp = null;

  /** @param {HTMLElement} root @param {Component[]} components @param {Editor} editor */
  constructor(root, components, editor) {
    this.editor = editor;
    for (const component of components) {
      const name = h("span", component.isName ? { dir: "auto", translate: "no" } : {}, component.label);
      const node = h("button", { type: "button", class: "handle", "data-part": component.id, "aria-pressed": "false" }, name);
      node.addEventListener("pointerdown", (event) => this.#grab(component, node, /** @type {any} */ (event)));
      node.addEventListener("focus", () => editor.choose(component));
      node.addEventListener("keydown", (event) => this.#key(component, /** @type {any} */ (event)));
      this.#nodes.set(component.id, node);
      root.append(node);
    }
  }

  get isDragging() {
    return this.#giveUp !== null;
  }

  /** @param {Component} component */
  focus(component) {
    this.#nodes.get(component.id)?.focus({ preventScroll: true });
  }

  /** @param {Component} component @param {Box | null} box @param {{ chosen: boolean, gone: boolean, said: string }} how */
  draw(component, box, { chosen, gone, said }) {
    const node = /** @type {HTMLElement} */ (this.#nodes.get(component.id));
    node.hidden = !box;
    if (!box) return;
    const { left, top, width, height } = box;
    Object.assign(node.style, {
      left: percent(left / PICTURE.width),
      top: percent(top / PICTURE.height),
      width: percent(width / PICTURE.width),
      height: percent(height / PICTURE.height),
      // What is small can be pressed though something large lies over it.
      zIndex: String(chosen ? 100_000 : Math.max(1, Math.round(90_000 - (width * height) / 50))),
    });
    node.classList.toggle("chosen", chosen);
    node.classList.toggle("gone", gone);
    node.classList.toggle("low", top * this.editor.scale() < LABEL);
    node.classList.toggle("high", (PICTURE.height - top - height) * this.editor.scale() < LABEL);
    node.setAttribute("aria-pressed", String(chosen));
    node.setAttribute("aria-label", said);
  }

  /** @param {Component} component @param {KeyboardEvent} event */
  #key(component, event) {
    if (event.key === "Escape" && this.#giveUp) this.#giveUp();
    else if (!this.editor.press(component, event)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {Component} component @param {HTMLElement} node @param {Happening} event */
  #grab(component, node, event) {
    const box = this.editor.box(component);
    // A finger chooses first, so that the page can still be moved by it.
    const isFree = event.pointerType !== "touch" || node.classList.contains("chosen");
    node.focus({ preventScroll: true });
    if (event.button !== 0 || !box || !isFree || this.#giveUp) return;
    const [startX, startY] = [event.clientX, event.clientY];
    const before = this.editor.place(component);
    const lines = this.editor.lines(component);
    /** @type {Place | null} */
    let place = null;

    const move = (/** @type {Happening} */ { clientX, clientY, altKey }) => {
      const scale = this.editor.scale();
      const [right, down] = [clientX - startX, clientY - startY];
      if (!place && Math.hypot(right, down) < STILL) return;
      node.classList.add("dragged");
      const free = inside(moved(box, right / scale, down / scale));
      const snap = lines && !altKey ? snapped(free, lines, REACH / scale, this.editor.onGrid()) : { box: free, x: null, y: null };
      place = placeOf(inside(snap.box), before ?? undefined);
      this.editor.show(component, place);
      guides(snap.x, snap.y);
      readout(place, snap.box);
    };
    const end = (/** @type {boolean} */ keeps) => {
      for (const [kind, act] of Object.entries(heard)) node.removeEventListener(kind, act);
      node.classList.remove("dragged");
      this.#giveUp = null;
      guides(null, null);
      $("#layout-readout").hidden = true;
      if (!place) return;
      if (keeps) this.editor.drop(component, place);
      else this.editor.giveUp();
    };
    /** @type {Record<string, (event: any) => void>} */
    const heard = { pointermove: move, pointerup: () => end(true), pointercancel: () => end(false), lostpointercapture: () => end(true) };
    for (const [kind, act] of Object.entries(heard)) node.addEventListener(kind, act);
    node.setPointerCapture(event.pointerId);
    this.#giveUp = () => end(false);
  }
}

/** @param {number} share */
const percent = (share) => `${(share * 100).toFixed(3)}%`;

/** @param {Box} box @returns {Box} */
const inside = (box) => ({
  ...box,
  left: Math.min(Math.max(0, box.left), Math.max(0, PICTURE.width - box.width)),
  top: Math.min(Math.max(0, box.top), Math.max(0, PICTURE.height - box.height)),
});

/** @param {number | null} x @param {number | null} y */
function guides(x, y) {
  const [down, across] = [$("#guide-x"), $("#guide-y")];
  [down.hidden, across.hidden] = [x === null, y === null];
  if (x !== null) down.style.left = percent(Math.min(x, PICTURE.width - 2) / PICTURE.width);
  if (y !== null) across.style.top = percent(Math.min(y, PICTURE.height - 2) / PICTURE.height);
}

/** @param {Place} place @param {Box} box */
function readout(place, box) {
  const node = $("#layout-readout");
  node.hidden = false;
  node.textContent = `${place.x.toFixed(1)} % · ${place.y.toFixed(1)} %`;
  const below = box.top + box.height + 16;
  node.style.left = percent(Math.min(0.9, Math.max(0.1, (box.left + box.width / 2) / PICTURE.width)));
  node.style.top = percent((below > PICTURE.height - 90 ? box.top + 12 : below) / PICTURE.height);
}
