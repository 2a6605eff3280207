// What opens above the page beside what was pressed: it closes with Escape, with a press beside it, and gives the focus back.

import { h } from "../dom.js";

/** @type {(() => void) | null} */
let shut = null;

/**
 * @param {{ left: number, top: number, right: number, bottom: number }} beside
 * @param {HTMLElement} content
 * @param {{ label: string, closed?: () => void, back?: HTMLElement | null }} how
 */
export function pop(beside, content, { label, closed, back }) {
  shut?.();
  /** @type {HTMLElement} */
  const node = h("div", { class: "talk-pop", role: "dialog", "aria-label": label }, content);
  document.body.append(node);
  place(node, beside);
  /** @param {Happening} event */
  const outside = (event) => !node.contains(event.target) && close(false);
  /** @param {Happening} event */
  const key = (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    close();
  };
  function close(returns = true) {
    if (shut !== close) return;
    shut = null;
    node.remove();
    document.removeEventListener("pointerdown", outside, true);
    removeEventListener("resize", plain);
    closed?.();
    if (returns && back?.isConnected) back.focus();
  }
  const plain = () => close(false);
  shut = close;
  node.addEventListener("keydown", key);
  document.addEventListener("pointerdown", outside, true);
  addEventListener("resize", plain);
  return close;
}

export const closePop = () => shut?.();

/**
 * Above where there is room, else below; never outside of the window.
 * @param {HTMLElement} node
 * @param {{ left: number, top: number, right: number, bottom: number }} beside
 */
function place(node, { left, top, right, bottom }) {
  const { width, height } = node.getBoundingClientRect();
  // Along the edge that is nearer to the edge of the window.
  const wanted = left + right < innerWidth ? left : right - width;
  const x = Math.max(8, Math.min(wanted, innerWidth - width - 8));
  const above = top - height - 6;
  const y = above >= 8 ? above : Math.min(bottom + 6, innerHeight - height - 8);
  node.style.left = `${x}px`;
  node.style.top = `${Math.max(8, y)}px`;
}

/**
 * Arrow keys go from button to button.
 * @param {HTMLElement} menu
 */
export function arrows(menu) {
  menu.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const buttons = /** @type {HTMLElement[]} */ ([...menu.querySelectorAll("button:not([disabled])")]);
    const at = buttons.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    buttons[(at + step + buttons.length) % buttons.length]?.focus();
  });
}
