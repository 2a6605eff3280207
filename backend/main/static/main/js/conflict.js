// A conflict, or the list of them: what others do comes by itself, and nobody is disturbed who is writing.

import { $, $$, localTimes, setText } from "./dom.js";
import { gateway } from "./live.js";
import { forgetProblems } from "./refusals.js";

const PAUSE = 60;
const CALM = 400;
const FIELDS = "input[id], select[id], textarea[id]";

const place = $("#conflict");
const held = new Map(); // regions that wait until nobody writes or presses there

/** @type {number | undefined} */
let pending;
function lookAgain() {
  clearTimeout(pending);
  pending = setTimeout(() => window.htmx.ajax("GET", location.pathname, { target: place, swap: "none" }), PAUSE);
}

gateway.addEventListener("notice", ({ detail: { entity, id, stream, version } }) => {
  const { conflicts, stream: ours, version: shown } = place.dataset;
  if (entity !== "conflict" || stream !== ours || (conflicts && conflicts !== id)) return;
  if (!conflicts || version > Number(shown)) lookAgain();
});
// Who may do more or less now counts other steps than before; or somebody missed too much.
for (const kind of ["rights", "snapshot"]) {
  gateway.addEventListener(kind, () => {
    place.dataset.version = "0";
    lookAgain();
  });
}

document.addEventListener("htmx:afterRequest", ({ detail: { elt, xhr, successful, requestConfig } }) => {
  if (!successful) return;
  const form = requestConfig.verb === "post" ? /** @type {Found | null} */ (elt.closest("form")) : null;
  if (xhr.getResponseHeader("HX-Retarget") === "#refusal") return;
  redraw(xhr.responseText, form);
});
// Not at once: where a press takes the focus away, it must still find its button.
document.addEventListener("focusout", () => setTimeout(catchUp, CALM));

// A button that somebody holds down does not go away under their thumb.
let pressing = false;
document.addEventListener("pointerdown", () => (pressing = true));
for (const kind of ["pointerup", "pointercancel"]) {
  document.addEventListener(kind, () => {
    pressing = false;
    setTimeout(catchUp, CALM);
  });
}

function catchUp() {
  for (const [id, fresh] of held) if (!busy($(`#${id}`))) replace(fresh, null);
}

/**
 * `sent` is the form whose answer this is; without one it is news of others.
 * @param {string} html
 * @param {Found | null} sent
 */
function redraw(html, sent) {
  const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("conflict");
  if (!fresh) return;
  if (sent) tell(fresh.dataset.problem, sent);
  const done = sent && !fresh.dataset.problem ? sent : null;
  // Answers may overtake each other: nothing older comes back.
  if (Number(fresh.dataset.version) < Number(place.dataset.version)) return void done?.reset();
  for (const region of $$("[data-region]", fresh)) {
    if (busy($(`#${region.id}`)) && !sent) held.set(region.id, region);
    else replace(region, done);
  }
  Object.assign(place.dataset, fresh.dataset);
  setText($("#says"), fresh.dataset.says ?? "");
  showCurrent();
}

/** Where the order scrolls by itself; a page never moves under its reader. */
function showCurrent() {
  const order = $("#c-order");
  const current = order && $("[aria-current]", order);
  if (!current || order.scrollHeight <= order.clientHeight) return;
  const [frame, row] = [order.getBoundingClientRect(), current.getBoundingClientRect()];
  if (row.top < frame.top || row.bottom > frame.bottom) order.scrollTop += row.top - frame.top - frame.height / 3;
}

/**
 * @param {string | undefined} problem
 * @param {Found} form
 */
function tell(problem, form) {
  const refusal = $("#refusal");
  if (!refusal) return;
  forgetProblems(form);
  setText(refusal, problem ?? "");
  refusal.hidden = !problem;
}

/** @param {Element} region */
function busy(region) {
  const field = document.activeElement;
  return pressing || (region.contains(field) && field?.matches("input:not([type=checkbox]), textarea, select"));
}

/**
 * In the place of what was there; what somebody typed and opened stays so, but for the form that is `done`.
 * @param {Found} region
 * @param {Found | null} done
 */
function replace(region, done) {
  const old = $(`#${region.id}`);
  const focused = old.contains(document.activeElement) ? document.activeElement?.id : null;
  held.delete(region.id);
  carry(old, region, done);
  const scrolled = old.scrollTop;
  old.replaceWith(region);
  region.scrollTop = scrolled;
  window.htmx.process(region);
  localTimes(region);
  if (focused !== null) focusAgain(region, focused);
}

/**
 * @param {Found} old
 * @param {Found} region
 * @param {Found | null} done
 */
function carry(old, region, done) {
  for (const field of $$(FIELDS, old)) {
    const same = changed(field) && !done?.contains(field) && $(`#${CSS.escape(field.id)}`, region);
    if (same) Object.assign(same, field.type === "checkbox" ? { checked: field.checked } : { value: field.value });
  }
  for (const box of $$("details[id]", old)) {
    const same = $(`#${CSS.escape(box.id)}`, region);
    const turned = box.open !== box.hasAttribute("data-open");
    if (same && turned && !(done && box.contains(done))) same.open = box.open;
  }
}

/** @param {Found} field */
function changed(field) {
  if (field.type === "checkbox") return field.checked !== field.defaultChecked;
  if (field.matches("select")) return [...field.options].some((one) => one.selected !== one.defaultSelected);
  return field.value !== field.defaultValue;
}

/**
 * Where the hands were, else at the head of the same region: a keyboard never falls back to the top of the page.
 * @param {Found} region
 * @param {string | undefined} id
 */
function focusAgain(region, id) {
  const same = id ? $(`#${CSS.escape(id)}`, region) : null;
  const target = same?.checkVisibility() ? same : ($("h2[tabindex], summary, button", region) ?? $("#c-now-title"));
  target?.focus({ preventScroll: true });
}

showCurrent();
