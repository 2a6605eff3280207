// What was wrong with a form stands at its fields, and goes when its cause goes.

import { $, $$, h } from "./dom.js";

/** @param {string} name */
const NAMED = (name) => [name, `o-${name}`].map((one) => `[name="${CSS.escape(one)}"]`).join(", ");

/**
 * @param {Found} form
 * @param {string} name
 */
const fieldOf = (form, name) => [...(form.elements ?? [])].find((field) => field.matches(NAMED(name)) && field.type !== "hidden");

/**
 * `fields`: name → sentence. What has no field of its own stands before `button`. `focus`: a person waits for this.
 * @param {Found} form
 * @param {{ text: string, fields?: Record<string, string> }} said
 * @param {{ button?: Element | null, focus?: boolean }} how
 */
export function showRefusal(form, { text, fields = {} }, { button = null, focus = true } = {}) {
  forgetProblems(form);
  const homeless = Object.entries(fields).filter(([name, sentence]) => !atField(fieldOf(form, name), sentence, focus));
  const placed = Object.keys(fields).length - homeless.length;
  const rest = homeless.length ? homeless.map(([, sentence]) => sentence).join(" ") : placed ? "" : text;
  if (rest) standBefore(form, button, h("p", { class: "field-error refusal", role: "alert", "data-problem": "" }, rest));
  const first = $$("[aria-invalid=true]", document).find((field) => field.form === form);
  if (focus) first?.focus();
}

/**
 * Where the focus does not go there, it is read out by itself.
 * @param {Found | undefined} field
 * @param {string} sentence
 * @param {boolean} focus
 */
function atField(field, sentence, focus) {
  if (!field) return false;
  const id = `${field.id || field.name}-problem`;
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", id);
  field.closest("details")?.setAttribute("open", "");
  field.after(h("span", { class: "field-error", id, "data-problem": "", role: focus ? null : "status" }, sentence));
  return true;
}

/**
 * @param {Found} form
 * @param {Element | null} button
 * @param {HTMLElement} said
 */
function standBefore(form, button, said) {
  said.dataset.of = form.id;
  if (button?.isConnected) button.before(said);
  else form.append(said);
}

/**
 * Of all fields of a form, also of those outside that belong to it.
 * @param {Found} form
 */
export function forgetProblems(form) {
  for (const field of form.elements ?? []) forgetField(field);
  for (const said of $$("[data-problem]", form)) said.remove();
  if (form.id) for (const said of $$(`[data-problem][data-of="${CSS.escape(form.id)}"]`)) said.remove();
}

/** @param {Element} field */
function forgetField(field) {
  if (!field.hasAttribute("aria-invalid")) return;
  document.getElementById(field.getAttribute("aria-describedby") ?? "")?.remove();
  field.removeAttribute("aria-invalid");
  field.removeAttribute("aria-describedby");
}

/** Once for a page: a person who changes a field has dealt with what was said of it. */
export function forgetWhenChanged() {
  document.addEventListener("input", ({ target }) => {
    if (!target.form || target.closest(".trait")) return;
    forgetField(target);
    for (const said of $$(".refusal[data-problem]", target.form)) said.remove();
    if (target.form.id) for (const said of $$(`.refusal[data-of="${CSS.escape(target.form.id)}"]`)) said.remove();
  });
}

/**
 * The refusal in an answer of the server: its sentence, its code, its fields; null where there is none.
 * @param {string} html
 */
export function refusalIn(html) {
  const refusal = $("#refusal", new DOMParser().parseFromString(html, "text/html"));
  if (!refusal) return null;
  const fields = Object.fromEntries($$("[data-field]", refusal).map((one) => [one.dataset.field, one.textContent]));
  for (const one of $$("[data-field]", refusal)) one.remove();
  return { text: refusal.textContent.trim(), code: refusal.dataset.code ?? "", fields };
}
