// Filters of lists fold into one button on phones, which says beside it what they narrow down.

import { $, $$, setText } from "./dom.js";

/** Once for a page. */
export function foldFilters() {
  for (const form of $$(".filters")) sayActive(form);
  document.addEventListener("change", ({ target }) => target.form?.matches(".filters") && sayActive(target.form));
  document.addEventListener("click", ({ target }) => {
    const toggle = target.closest("[data-filter-toggle]");
    toggle?.setAttribute("aria-expanded", String(toggle.getAttribute("aria-expanded") !== "true"));
  });
}

/** @param {Found} form */
function sayActive(form) {
  const active = $$("select, [type=checkbox]", form).map(narrowsDownTo).filter(Boolean);
  setText($("[data-filter-active]", form), active.join(", "));
}

/**
 * A menu whose first choice is not everything only sorts. What is searched for is there to be seen.
 * @param {Found} field
 */
function narrowsDownTo(field) {
  if (field.matches("select")) return field.value && !field.options[0].value && field.selectedOptions[0].textContent;
  return field.checked && field.closest("label")?.textContent.trim();
}
