// Panels that float above the page: opened at a button or at the pointer, closed by Escape or a press elsewhere.

import { el } from "./dom.js";

const margin = 8;

function place(panel, box) {
  const { width, height } = panel.getBoundingClientRect();
  const below = innerHeight - box.bottom;
  const top = below > height + margin || below > box.top ? box.bottom + 4 : box.top - height - 4;
  panel.style.left = `${Math.max(margin, Math.min(box.left, innerWidth - width - margin))}px`;
  panel.style.top = `${Math.max(margin, Math.min(top, innerHeight - height - margin))}px`;
}

/** Shows `content` near `box` ({left, top, bottom}); the panel lives in `home` so that dialogs can hold it. Returns close(). */
export function openPanel(content, box, { home = document.body, className = "panel", onClose = () => {} } = {}) {
  const panel = el("div", { class: className, popover: "auto" }, content);
  const before = document.activeElement;
  home.append(panel);
  panel.showPopover();
  place(panel, box);
  panel.addEventListener("toggle", ({ newState }) => {
    if (newState !== "closed") return;
    panel.remove();
    if (before?.isConnected && (document.activeElement === document.body || !document.activeElement)) before.focus();
    onClose();
  });
  return () => panel.isConnected && panel.hidePopover();
}

function menuKeys(event, menu) {
  const items = [...menu.querySelectorAll("[role=menuitem]")];
  const at = items.indexOf(document.activeElement);
  const target = { ArrowDown: at + 1, ArrowUp: at - 1 + items.length, Home: 0, End: items.length - 1 }[event.key];
  if (target === undefined) return;
  event.preventDefault();
  items[target % items.length].focus();
}

/** items: [{label, run}] or {heading}. */
export function openMenu(box, items, label) {
  let close = () => {};
  const choose = (item) => () => {
    close();
    item.run();
  };
  const nodes = items.map((item) =>
    item.heading
      ? el("div", { class: "menu-heading" }, item.heading)
      : el("button", { type: "button", role: "menuitem", class: "menu-item", onclick: choose(item) }, item.label),
  );
  const menu = el("div", { role: "menu", "aria-label": label, onkeydown: (event) => menuKeys(event, menu) }, nodes);
  close = openPanel(menu, box, { className: "panel menu" });
  menu.querySelector("[role=menuitem]")?.focus();
}

export const boxAt = (event) => ({ left: event.clientX, top: event.clientY, bottom: event.clientY });
