// Pages that show what others change fetch themselves again and change where they differ: focus, typing, what is open
// and where one has scrolled to stay as they are. `data-follows` names the entities that a page shows; of what no event
// tells, `data-looks-every` says after how many seconds to look again.

import { $, localTimes } from "./dom.js";
import { Pace } from "./pace.js";

const PAUSE = 250;
// So long after a failure it tries again, each time twice as long.
const RETRY = 2000;
const LONGEST_WAIT = 30_000;
const FRAMES = ["notice", "created", "deleted", "restored", "update", "rights"];

const looks = new Pace(refresh, PAUSE);
let failures = 0;

/**
 * Once for a page. Pages that draw their news themselves name nothing.
 * @param {Gateway} gateway
 */
export function followPage(gateway) {
  lookAgain(Number(document.body.dataset.looksEvery ?? 0));
  const follows = new Set((document.body.dataset.follows ?? "").split(" ").filter(Boolean));
  if (!follows.size) return;
  for (const frame of FRAMES) {
    gateway.addEventListener(frame, ({ detail }) => {
      if (frame === "rights" || (follows.has(detail.entity) && (frame !== "update" || follows.has("values")))) looks.ask();
    });
  }
  gateway.addEventListener("snapshot", () => looks.ask()); // too much was missed to be told
}

/**
 * A page that nobody has in front of them asks for nothing, and looks as soon as somebody has.
 * @param {number} seconds
 */
function lookAgain(seconds) {
  if (!seconds) return;
  setInterval(() => document.hidden || looks.ask(), seconds * 1000);
  document.addEventListener("visibilitychange", () => document.hidden || looks.ask());
}

/** Resolves to the milliseconds after which to try again: what a page was told of is told once. */
async function refresh() {
  // A form that was refused shows what was typed: the page as it is now knows nothing of it.
  if ($("#main [aria-invalid], #main > .notice-bar.bad")) return;
  const html = await page();
  if (html === undefined) return Math.min(LONGEST_WAIT, RETRY * 2 ** failures++);
  failures = 0;
  const fresh = html && $("#main", new DOMParser().parseFromString(html, "text/html"));
  if (fresh) await morph($("#main"), fresh);
}

/** The page’s `main` as it is now; null where its reader has none any more, undefined where it cannot be had at the moment. */
async function page() {
  const headers = { Accept: "text/html", "X-Alone": "main" };
  try {
    const signal = AbortSignal.timeout(LONGEST_WAIT);
    const answer = await fetch(document.body.dataset.home ?? "", { signal, headers, credentials: "same-origin", cache: "no-store" });
    if (answer.ok) return answer.redirected ? null : await answer.text();
    return answer.status >= 500 || answer.status === 429 ? undefined : null;
  } catch {
    return;
  }
}

/**
 * `place` becomes `fresh`, but for what its reader is at.
 * @param {Found} place
 * @param {Found} fresh
 */
async function morph(place, fresh) {
  const { Idiomorph } = await import("../vendor/idiomorph.js");
  localTimes(fresh);
  Idiomorph.morph(place, fresh, {
    ignoreActiveValue: true,
    callbacks: {
      beforeNodeMorphed: (old) => !(old instanceof Element && keeps(/** @type {Found} */ (old))),
      beforeNodeRemoved: (old) => !(old instanceof Element && isWrittenIn(old)),
      beforeAttributeUpdated: (name, node) => !(name === "open" && node.matches("details, dialog")) && !node.matches("[data-filter-toggle]"),
    },
  });
  window.htmx.process(place);
  document.dispatchEvent(new Event("refreshed"));
}

/** @param {Found} node */
function keeps(node) {
  // The key of a form that may be under way, what others draw, and what somebody typed or ticked.
  return node.matches("input[name=key], [data-problem], [data-kept]") || node.localName.startsWith("trait-") || changed(node);
}

/** @param {Element} node */
function isWrittenIn(node) {
  const field = /** @type {Found | null} */ (document.activeElement);
  return field !== null && node.contains(field) && changed(field);
}

/**
 * Whether somebody changed a field since the server drew it.
 * @param {Found} field
 */
function changed(field) {
  if (!field.matches("input:not([type=hidden]), textarea, select")) return false;
  if (field.matches("[type=checkbox], [type=radio]")) return field.checked !== field.defaultChecked;
  if (field.matches("select")) return [...field.options].some((one) => one.selected !== one.defaultSelected) && !untouched(field);
  return field.value !== field.defaultValue;
}

/**
 * The browser chooses the first option where the server chose none.
 * @param {Found} select
 */
function untouched(select) {
  return select.selectedIndex === 0 && ![...select.options].some((one) => one.defaultSelected);
}
