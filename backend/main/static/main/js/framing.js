// Which square of a picture is kept. Pure: numbers alone.

/** @typedef {{ width: number, height: number }} Size */
/** @typedef {{ zoom: number, x: number, y: number }} View */

/**
 * `zoom` 1 is the largest square that fits; `x`, `y` are its middle, as shares of the picture. It never leaves the picture.
 * @param {Size} size
 * @param {View} view
 */
export function square({ width, height }, { zoom, x, y }) {
  const side = Math.min(width, height) / Math.max(1, zoom);
  /** @type {(middle: number, length: number) => number} */
  const inside = (middle, length) => Math.min(Math.max(middle * length - side / 2, 0), length - side);
  return { side, left: inside(x, width), top: inside(y, height) };
}

/**
 * The same square after its picture was moved by `dx`, `dy`, as shares of the square.
 * @param {Size} picture
 * @param {View} view
 * @param {number} dx
 * @param {number} dy
 * @returns {View}
 */
export function moved(picture, view, dx, dy) {
  const { side, left, top } = square(picture, view);
  const at = square(picture, {
    zoom: view.zoom,
    x: (left - dx * side + side / 2) / picture.width,
    y: (top - dy * side + side / 2) / picture.height,
  });
  return { zoom: view.zoom, x: (at.left + at.side / 2) / picture.width, y: (at.top + at.side / 2) / picture.height };
}
