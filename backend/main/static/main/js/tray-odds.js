// The odds above the button of a tray: always those of what stands in the form, or none.

import { $, formData } from "./dom.js";
import { insteadOf, mend } from "./failures.js";
import { passes } from "./problems.js";
import { forgetProblems, showRefusal } from "./refusals.js";

/** @param {string} name */
const COUNTS = (name) => name === "pool" || name === "hide_difficulty" || name.startsWith("o-");

let asked = "";

/** What the odds depend on, as one text. */
const formNow = () => JSON.stringify([...formData($("#roll-form"))].filter(([name]) => COUNTS(name)));

/** Once for a page. */
export function keepOddsFresh() {
  document.addEventListener("input", ({ target }) => target.form?.id === "roll-form" && hideWhenOld());
  document.addEventListener("htmx:beforeRequest", ({ detail }) => isOdds(detail) && (asked = formNow()));
  document.addEventListener("htmx:beforeSwap", ({ detail }) => isOdds(detail) && arrived(detail), true);
  document.addEventListener("failed", (event) => event.target.id === "odds" && failed(event));
  addEventListener("online", () => $("#odds [role=alert]") && poolChanged());
}

/** A trait was added by script: the browser tells nobody of that. */
export function poolChanged() {
  hideWhenOld();
  window.htmx.trigger("#odds", "refresh");
}

/** @param {Htmx} detail */
const isOdds = ({ requestConfig }) => requestConfig.elt.id === "odds";

function hideWhenOld() {
  const place = $("#odds");
  const old = Boolean(place.firstChild) && formNow() !== asked;
  place.classList.toggle("old", old);
  place.setAttribute("aria-busy", String(old));
}

/**
 * An answer to what is no longer there is dropped; the question after it is under way.
 * @param {Htmx} detail
 */
function arrived(detail) {
  if (formNow() !== asked) return void (detail.shouldSwap = false);
  showNow();
  if (detail.shouldSwap && detail.xhr.status < 300) forgetProblems($("#roll-form"));
}

function showNow() {
  const place = $("#odds");
  place.classList.remove("old");
  place.setAttribute("aria-busy", "false");
}

/**
 * The sentence stands at its field, and nobody's focus moves: they are typing.
 * @param {Happening} event
 */
function failed(event) {
  event.preventDefault();
  const { detail } = event;
  if (formNow() !== asked) return;
  showNow();
  const place = $("#odds");
  if (passes(detail.status) || mend(detail.code)) return insteadOf(place, detail, poolChanged);
  place.replaceChildren();
  showRefusal($("#roll-form"), detail, { focus: false });
}
