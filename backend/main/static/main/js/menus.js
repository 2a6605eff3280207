// What folds out closes again: with Escape, and a menu with a press on one of its buttons or beside it.

import { $, $$ } from "./dom.js";

const TYPES = "input, select, textarea";

/** Once for a page. */
export function closeMenus() {
  addEventListener("keydown", closeWithEscape);
  document.addEventListener("click", ({ target }) => {
    for (const menu of $$("[data-menu][open]")) if (!menu.contains(target)) menu.open = false;
  });
  document.addEventListener("click", closeBeforeItsButton, true);
}

/** @param {Happening} event */
function closeWithEscape({ key, target }) {
  const box = key === "Escape" && !target.matches?.(TYPES) && target.closest?.("details[open]");
  if (box && !box.closest("dialog")) fold(box);
}

/**
 * A dialog gives the focus back to what had it, and that must still be there.
 * @param {Happening} event
 */
function closeBeforeItsButton({ target }) {
  const menu = target.closest("[data-menu][open] button")?.closest("[data-menu]");
  if (menu) fold(menu);
}

/** @param {Found} box */
function fold(box) {
  box.open = false;
  $("summary", box).focus();
}
