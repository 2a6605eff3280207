// Dice on a page: the pool grows by chosen traits, each form is sent under a key of its own, rolls of others appear.

import { $, $$, localTimes } from "./dom.js";
import { newKey } from "./api.js";
import { completePools } from "./pool-ways.js";
import { forgetFields, tellFields } from "./refusals.js";

/** Once for a page: what comes in by htmx is looked after too. */
export function lookAfterDice() {
  document.addEventListener("change", ({ target }) => target.matches("[data-trait]") && addTrait(target));
  document.addEventListener("htmx:afterRequest", ({ detail }) => detail.successful && answered(detail));
  document.addEventListener("htmx:beforeSwap", ({ detail }) => onlyOnce(detail));
  document.addEventListener("htmx:afterSwap", ({ detail }) => cameIn(detail.target.parentElement ?? document.body));
  document.addEventListener("htmx:beforeRequest", ({ detail }) => clearRefusal(detail));
  localTimes(document);
  completePools();
}

function addTrait(select) {
  const pool = $("#pool");
  const before = pool.value.trim();
  if (select.value) pool.value = before ? `${before} + ${select.value}` : select.value;
  select.value = "";
  pool.setSelectionRange(pool.value.length, pool.value.length);
  window.htmx.trigger("#odds", "refresh");
}

/** What was sent was done, and the next press is another roll; or it was refused, and the next press is the same. */
function answered({ elt, requestConfig, xhr }) {
  const form = elt.closest?.("form");
  if (requestConfig.verb !== "post" || !form) return;
  if (xhr.getResponseHeader("HX-Retarget") === "#refusal") tellFields(form);
  else freshKey(form);
}

function freshKey(form) {
  forgetFields(form);
  for (const input of $$("[data-key]", form)) input.value = newKey();
}

/** A roll comes as its form's answer and over the socket, in either order: the first of them stays. */
function onlyOnce(detail) {
  if (!detail.target.matches("#rolls, .roll")) return;
  const id = /id="(roll-[^"]+)"/.exec(detail.serverResponse)?.[1];
  const there = id && $(`#${id}`);
  if (there && there !== detail.target) detail.shouldSwap = false;
}

function cameIn(place) {
  localTimes(place);
  if ($("#rolls .roll")) $("#rolls [data-empty]")?.remove();
}

function clearRefusal({ requestConfig }) {
  const refusal = $("#refusal");
  if (refusal && requestConfig.verb === "post") refusal.hidden = true;
}

/** Shows what happens at the table on `[data-dice]`, for one character where `data-only` names it. */
export function followRolls(gateway, user) {
  const place = $("[data-dice]");
  if (!place) return;
  gateway.subscribe(place.dataset.dice);
  gateway.addEventListener("notice", ({ detail }) => {
    if (detail.entity === "roll") rolled(detail, place.dataset);
    const asked = detail.event?.actor?.id === user && detail.event.type === "roll_request.requested";
    // Who asked sees the form's own answer.
    if (detail.entity === "roll_request" && !asked) refresh(`#request-${detail.id}`, `/requests/${detail.id}/`, "#requests");
  });
}

/** Wherever a player is: a storyteller asks, and one press leads to the dice. */
export function heedRequests(gateway, user, toast) {
  gateway.addEventListener("notice", ({ detail: { entity, id, stream, event, fields } }) => {
    const asked = entity === "roll_request" && fields.request?.players.includes(user) && !fields.request.closed;
    if (!asked) return;
    const run = () => location.assign(`/chronicles/${stream.split(":")[1]}/rolls/#request-${id}`);
    toast(`${event.actor.name} asks you for a roll${fields.request.text ? `: ${fields.request.text}` : "."}`, { action: { label: "Roll", run } });
  });
}

/** `only` names a character; a list that is narrowed down otherwise (`still`) takes nothing new in. */
function rolled({ id, fields }, { only, still }) {
  const roll = fields?.roll;
  if (roll?.request) refresh(`#request-${roll.request}`, `/requests/${roll.request}/`);
  if (!roll || (only && roll.character?.id !== only)) return;
  if (roll.replaces) refresh(`#roll-${roll.replaces}`, `/rolls/${roll.replaces}/`);
  refresh(`#roll-${id}`, `/rolls/${id}/`, still === undefined ? "#rolls" : null);
}

/** Anew where it stands already, else at the head of the list. */
function refresh(there, address, list) {
  if ($(there)) window.htmx.ajax("GET", address, { target: there, swap: "outerHTML" });
  else if (list && $(list)) window.htmx.ajax("GET", address, { target: list, swap: "afterbegin" });
}
