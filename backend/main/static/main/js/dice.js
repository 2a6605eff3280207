// Dice on a page: the pool grows by chosen traits, each form is sent under a key of its own, rolls of others appear.

import { $, $$, localTimes } from "./dom.js";
import { newKey } from "./api.js";
import { completePools } from "./pool-ways.js";
import { formOf } from "./failures.js";
import { keepOddsFresh, poolChanged } from "./tray-odds.js";
import { forgetProblems } from "./refusals.js";

const JUST_NOW = 3000;
let shownAt = -Infinity;

/** Once for a page: what comes in by htmx is looked after too. */
export function lookAfterDice() {
  document.addEventListener("change", ({ target }) => target.matches("[data-trait]") && addTrait(target));
  document.addEventListener("click", onlyOnePress, true);
  document.addEventListener("htmx:afterRequest", ({ detail }) => detail.successful && answered(detail));
  document.addEventListener("htmx:beforeSwap", ({ detail }) => onlyOnce(detail));
  document.addEventListener("htmx:afterSwap", ({ detail }) => cameIn(detail.target.parentElement ?? document.body));
  document.addEventListener("htmx:afterSwap", ({ detail }) => detail.target.id === "odds" && keepInView());
  document.addEventListener("htmx:oobAfterSwap", ({ detail }) => detail.target.id === "result" && showResult(detail.target));
  localTimes(document);
  completePools();
  keepOddsFresh();
}

/** @param {Found} select */
function addTrait(select) {
  const pool = $("#pool");
  const before = pool.value.trim();
  if (select.value) pool.value = before ? `${before} + ${select.value}` : select.value;
  select.value = "";
  pool.setSelectionRange(pool.value.length, pool.value.length);
  poolChanged();
}

/**
 * The second press of a double click is not meant for what has come under the pointer meanwhile.
 * @param {Happening} event
 */
function onlyOnePress(event) {
  if (event.detail < 2 || !event.target.closest?.(".tray [type=submit]")) return;
  event.preventDefault();
  event.stopPropagation();
}

/**
 * What was sent was done, and the next press is another roll; or it was refused, and the next press is the same.
 * @param {Htmx} request
 */
function answered({ requestConfig, xhr }) {
  const form = formOf(requestConfig.elt);
  if (requestConfig.verb !== "post" || !form || xhr.getResponseHeader("HX-Retarget") === "#refusal") return;
  forgetProblems(form);
  for (const input of $$("[data-key]", form)) input.value = newKey();
}

/**
 * A roll comes as its form's answer and over the socket, in either order: it stands there once.
 * @param {Htmx} detail
 */
function onlyOnce(detail) {
  if (!detail.shouldSwap || !detail.target.matches("#rolls, .roll")) return;
  if (detail.requestConfig.verb === "post") makeRoomForResult(detail.requestConfig.elt);
  const id = /id="(roll-[^"]+)"/.exec(detail.serverResponse)?.[1];
  const there = id && $(`#${id}`);
  if (!there || there === detail.target) return;
  // The form's answer has more to it: what may be done next, and the result where the button was.
  if (detail.requestConfig.verb === "post") there.remove();
  else detail.shouldSwap = false;
}

/**
 * The result stands where somebody pressed.
 * @param {Found} pressed
 */
function makeRoomForResult(pressed) {
  const result = $("#result");
  if (!result || result.contains(pressed)) return;
  const group = pressed.closest(".checks, .more-checks, #macros, #rolls");
  if (!group) $(".roll-button").before(result);
  else if (group.id === "rolls") group.before(result);
  else group.after(result);
}

/** @param {Found} place */
function showResult(place) {
  const result = $(".result", place);
  const says = $("#result-says");
  says.textContent = "";
  requestAnimationFrame(() => (says.textContent = result.dataset.says ?? ""));
  shownAt = performance.now();
  keepInView();
}

/** Odds that come after the result push it down. Its margin keeps it clear of the button at the foot. */
function keepInView() {
  if (performance.now() - shownAt < JUST_NOW) $("#result").scrollIntoView({ block: "nearest" });
}

/** @param {Element} place */
function cameIn(place) {
  localTimes(place);
  if ($("#rolls .roll")) $("#rolls [data-empty]")?.remove();
}

/**
 * Shows what happens at the table on `[data-dice]`, for one character where `data-only` names it.
 * @param {Gateway} gateway
 * @param {string} user
 */
export function followRolls(gateway, user) {
  const place = $("[data-dice]");
  if (!place) return;
  gateway.subscribe(place.dataset.dice ?? "");
  gateway.addEventListener("notice", ({ detail }) => {
    if (detail.entity === "roll") rolled(detail, place.dataset);
    const asked = detail.event?.actor?.id === user && detail.event.type === "roll_request.requested";
    // Who asked sees the form's own answer.
    if (detail.entity === "roll_request" && !asked) refresh(`#request-${detail.id}`, `/requests/${detail.id}/`, "#requests");
  });
}

/**
 * `only` names a character; a list that is narrowed down otherwise (`still`) takes nothing new in.
 * @param {{ id: string, fields: Fields }} notice
 * @param {{ only?: string, still?: string }} place
 */
function rolled({ id, fields }, { only, still }) {
  const roll = fields?.roll;
  if (roll?.request) refresh(`#request-${roll.request}`, `/requests/${roll.request}/`);
  if (!roll || (only && roll.character?.id !== only)) return;
  if (roll.replaces) refresh(`#roll-${roll.replaces}`, `/rolls/${roll.replaces}/`);
  refresh(`#roll-${id}`, `/rolls/${id}/`, still === undefined ? "#rolls" : null);
}

/**
 * Anew where it stands already, else at the head of the list.
 * @param {string} there
 * @param {string} address
 * @param {string | null} [list]
 */
function refresh(there, address, list) {
  if ($(there)) window.htmx.ajax("GET", address, { target: there, swap: "outerHTML" });
  else if (list && $(list)) window.htmx.ajax("GET", address, { target: list, swap: "afterbegin" });
}
