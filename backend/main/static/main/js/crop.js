// A portrait is cropped by hand: dragged, sized, or moved by the arrow keys.

import { h } from "./dom.js";
import { ask } from "./dialogs.js";
import { moved, square } from "./framing.js";
import { _ } from "./translation.js";

const SHOWN = 320;
const STEP = 0.05;
const MOST_ZOOM = 6;
/** @typedef {import("./framing.js").View} View */
/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [STEP, 0], ArrowRight: [-STEP, 0], ArrowUp: [0, STEP], ArrowDown: [0, -STEP] };

/**
 * Resolves with the square that was chosen, at most `side` wide; null when it was called off.
 * @param {Blob} file
 * @param {number} side
 */
export async function askCrop(file, side) {
  const picture = await createImageBitmap(file);
  let view = { zoom: 1, x: 0.5, y: 0.5 };
  const shown = h("canvas", { class: "crop", width: SHOWN, height: SHOWN, tabindex: "0", role: "img", "aria-label": _("The part that is kept. Move it with the arrow keys.") });
  /** @param {View} next */
  const draw = (next) => {
    view = next;
    cut(picture, view, shown);
  };
  shown.addEventListener("keydown", (event) => {
    const by = ARROWS[event.key];
    if (!by) return;
    event.preventDefault();
    draw(moved(picture, view, ...by));
  });
  dragged(shown, (dx, dy) => draw(moved(picture, view, dx, dy)));
  const size = h("input", { type: "range", min: "1", max: String(MOST_ZOOM), step: "0.05", value: "1", "aria-label": _("Size") });
  size.addEventListener("input", () => draw(moved(picture, { ...view, zoom: Number(size.value) }, 0, 0)));
  draw(view);
  const body = [shown, h("label", { class: "field" }, h("span", { class: "label" }, _("Size")), size)];
  if (!(await ask({ title: _("Crop the portrait"), body, accept: _("Use this part") }))) return null;
  const width = Math.round(Math.min(side, square(picture, view).side));
  const kept = h("canvas", { width, height: width });
  cut(picture, view, kept);
  return new Promise((done) => kept.toBlob(done, "image/webp", 0.9));
}

/**
 * @param {ImageBitmap} picture
 * @param {View} view
 * @param {HTMLCanvasElement} canvas
 */
function cut(picture, view, canvas) {
  const { side, left, top } = square(picture, view);
  canvas.getContext("2d")?.drawImage(picture, left, top, side, side, 0, 0, canvas.width, canvas.height);
}

/**
 * `move(dx, dy)` in shares of the canvas.
 * @param {HTMLCanvasElement} canvas
 * @param {(dx: number, dy: number) => void} move
 */
function dragged(canvas, move) {
  canvas.addEventListener("pointerdown", (event) => canvas.setPointerCapture(event.pointerId));
  canvas.addEventListener("pointermove", (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    move(event.movementX / canvas.clientWidth, event.movementY / canvas.clientHeight);
  });
}
