// Dots that can be clicked and moved by keys. One slider for screen readers, however many dots.

/**
 * One mark a class name: a dot, a box, whatever the style sheet makes of it.
 * @param {Element} node
 * @param {string[]} marks
 */
export function drawMarks(node, marks) {
  while (node.children.length < marks.length) node.append(document.createElement("i"));
  while (node.children.length > marks.length) node.lastElementChild?.remove();
  [...node.children].forEach((mark, n) => {
    if (mark.className !== marks[n]) mark.className = marks[n];
  });
}

/**
 * @param {Element} node
 * @param {number} value
 * @param {number} max
 * @param {string} text
 * @param {number} stains
 */
export function drawPips(node, value, max, text, stains = 0) {
  /** @param {number} n */
  const kind = (n) => (n < value ? "pip on" : n >= max - stains ? "pip stain" : "pip");
  drawMarks(node, Array.from({ length: max }, (_none, n) => kind(n)));
  tellValue(node, value, text);
}

/**
 * @param {Element} node
 * @param {number} value
 * @param {string} text
 */
export function tellValue(node, value, text) {
  if (node.getAttribute("role") === "slider") {
    node.setAttribute("aria-valuenow", String(value));
    node.setAttribute("aria-valuetext", text);
  } else {
    node.setAttribute("aria-label", text);
  }
}

/**
 * `get()` reads the value, `set(n)` changes it; `max` may move and is a function then. Clicking the last filled dot takes it away.
 * @param {HTMLElement} node
 * @param {{ min: number, max: number | (() => number), label: string, text: () => string, get: () => number, set: (value: number) => unknown }} slider
 */
export function makeSlider(node, { min, max, label, text, get, set }) {
  const most = typeof max === "function" ? max : () => max;
  const attributes = {
    role: "slider",
    tabindex: "0",
    "aria-label": label,
    "aria-valuemin": min,
    "aria-valuemax": most(),
    "aria-valuenow": get() ?? 0,
    "aria-valuetext": text(),
  };
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  /** @param {number} wanted */
  const go = (wanted) => {
    const next = Math.min(Math.max(wanted, min), most());
    if (next !== get()) set(next);
  };
  node.onclick = ({ target }) => {
    const n = [...node.children].indexOf(/** @type {Element} */ (target)) + 1;
    if (n > 0) go(n === get() ? n - 1 : n);
  };
  node.onkeydown = (event) => {
    const now = get() ?? 0;
    /** @type {Record<string, number>} */
    const keys = { ArrowRight: now + 1, ArrowUp: now + 1, ArrowLeft: now - 1, ArrowDown: now - 1, Home: min, End: most() };
    const wanted = keys[event.key] ?? (/^[0-9]$/.test(event.key) ? Number(event.key) : null);
    if (wanted === null || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    go(wanted);
  };
}

/**
 * @param {HTMLElement} node
 * @param {string} text
 */
export function makePlain(node, text) {
  for (const name of ["tabindex", "aria-valuemin", "aria-valuemax", "aria-valuenow", "aria-valuetext"]) {
    node.removeAttribute(name);
  }
  node.setAttribute("role", "img");
  node.setAttribute("aria-label", text);
  node.onclick = null;
  node.onkeydown = null;
}
