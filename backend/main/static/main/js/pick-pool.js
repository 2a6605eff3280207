// A pool is put together on the sheet itself: while one picks, the names of traits are buttons that add to it.

import { $, $$, button, h, setText } from "./dom.js";
import { measureBars } from "./bars.js";
import { poolChanged } from "./tray-odds.js";
import { _ } from "./translation.js";

/**
 * `show` brings the tray back; `[data-pick]` in it begins. Only traits that the tray knows can be picked.
 * @param {Found} drawer
 * @param {() => void} show
 */
export function pickOnSheet(drawer, show) {
  document.addEventListener("click", ({ target }) => {
    if (target.closest?.("[data-pick]")) begin(drawer, show);
  });
}

/**
 * @param {Found} drawer
 * @param {() => void} show
 */
function begin(drawer, show) {
  const pool = $("#pool");
  const known = new Set($$("[data-trait] option").map((option) => option.value));
  const labels = $$("[path]")
    .filter((trait) => known.has(trait.getAttribute("path") ?? ""))
    .map((trait) => ({ label: $(".skill-name", trait) ?? $(".trait-label", trait), slug: trait.getAttribute("path") ?? "" }));
  const chosenPool = h("output", { class: "pick-pool-text" });
  const tell = () => setText(chosenPool, pool.value.trim() || _("Choose traits on the sheet"));

  /** @param {string} slug */
  const add = (slug) => {
    const before = pool.value.trim();
    pool.value = before ? `${before} + ${slug}` : slug;
    tell();
  };
  /** @param {Happening} event */
  const press = (event) => {
    const chosen = labels.find(({ label }) => label?.contains(event.target));
    const escaped = event.key === "Escape";
    if (!escaped && (!chosen || (event.type === "keydown" && event.key !== "Enter" && event.key !== " "))) return;
    event.preventDefault();
    event.stopPropagation(); // a skill's name adds a specialty at other times, and Escape closes the tray
    if (escaped) end();
    else if (chosen) add(chosen.slug);
  };
  const end = () => {
    for (const kind of ["click", "keydown"]) document.removeEventListener(kind, press, true);
    for (const { label } of labels) dress(label, false);
    bar.remove();
    measureBars();
    show();
    poolChanged();
    pool.focus();
  };

  const clear = () => {
    pool.value = "";
    tell();
  };
  const bar = h("div", { class: "pick-bar", "data-bar": "bottom", role: "group", "aria-label": _("Pool") }, chosenPool, button(_("Clear"), clear), button(_("Roll it"), end, { class: "button small primary" }));
  for (const { label } of labels) dress(label, true);
  for (const kind of ["click", "keydown"]) document.addEventListener(kind, press, true);
  drawer.close();
  document.body.append(bar);
  measureBars();
  tell();
  labels[0]?.label?.focus();
}

/**
 * @param {Found} label
 * @param {boolean} picking
 */
function dress(label, picking) {
  if (!label) return;
  label.classList.toggle("pickable", picking);
  const worn = { role: "button", tabindex: "0", "aria-label": label.closest("[path]")?.label ?? "" };
  if (label.matches("button")) {
    if (picking) label.dataset.otherwise = label.getAttribute("aria-label") ?? "";
    label.setAttribute("aria-label", picking ? worn["aria-label"] : (label.dataset.otherwise ?? ""));
    return;
  }
  for (const [name, value] of Object.entries(worn)) {
    if (picking) label.setAttribute(name, value);
    else label.removeAttribute(name);
  }
}
