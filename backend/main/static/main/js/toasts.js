// Short words at the edge of the page; the region is live for screen readers. What can be acted on stays until it is dealt with.

import { $, $$, button, h } from "./dom.js";
import { _ } from "./translation.js";

const STAY = 6000;
const MOST = 3;

/**
 * @param {string} text
 * @param {{ bad?: boolean, action?: { label: string, run: () => unknown } | null }} [how]
 */
export function toast(text, { bad = false, action = null } = {}) {
  const region = atTheTop();
  for (const old of $$(".toast", region)) if (old.dataset.text === text) old.remove();
  const node = h("div", { class: bad ? "toast bad" : "toast", "data-text": text }, h("span", {}, text));
  if (action) node.append(...controls(node, action));
  region.append(node);
  makeRoom(region);
  if (!action) setTimeout(() => node.remove(), bad ? STAY * 1.6 : STAY);
}

/**
 * @param {HTMLElement} node
 * @param {{ label: string, run: () => unknown }} action
 */
function controls(node, action) {
  const act = () => {
    node.remove();
    action.run();
  };
  node.dataset.stays = "";
  return [button(action.label, act), button("×", () => node.remove(), { class: "button quiet square small", "aria-label": _("Dismiss") })];
}

/**
 * The oldest go first, but never what somebody has still to deal with.
 * @param {Element} region
 */
function makeRoom(region) {
  const passing = $$(".toast:not([data-stays])", region);
  for (const old of passing.slice(0, Math.max(0, region.children.length - MOST))) old.remove();
}

/** Nothing outside of a modal dialog can be pressed, or is read out: the region goes into it. */
function atTheTop() {
  const region = $("#toasts");
  const place = $$("dialog:modal").at(-1) ?? document.body;
  if (region.parentElement !== place) place.append(region);
  return region;
}

document.addEventListener("close", ({ target }) => target.contains($("#toasts")) && document.body.append($("#toasts")), true);

export function signIn() {
  location.assign(`/auth/login/?next=${encodeURIComponent(location.pathname + location.search)}`);
}
