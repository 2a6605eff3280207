// Sitting an exam: the clock runs as the server says, and asks it again after the device slept. Answers save themselves.

import { Countdown, clock } from "./countdown.js";
import { $, $$, setText } from "./dom.js";
import { _, n_ } from "./translation.js";

const SHORT = 60;
const WARNINGS = [300, SHORT];
const LOOK = 1500; // so long after the end the server is asked for the result

const countdown = new Countdown();
let before = Infinity;
let isOver = false;

followServer();
setInterval(tick, 250);
addEventListener("DOMContentLoaded", saveEarly);
document.addEventListener("htmx:afterSettle", followServer);
document.addEventListener("refreshed", followServer);
// A device that slept has not counted.
document.addEventListener("visibilitychange", () => document.hidden || ask());
addEventListener("pageshow", ({ persisted }) => persisted && ask());

/** What somebody ticked before the scripts were here is not saved yet. */
function saveEarly() {
  const form = $("#exam");
  if (form && $$("#exam input[type=radio]").some((field) => field.checked && !field.defaultChecked)) window.htmx?.trigger(form, "change");
}

function ask() {
  const state = $("#exam-state");
  if (state && !isOver) window.htmx?.trigger(state, "ask");
}

function followServer() {
  const state = $("#exam-state");
  if (!state) return;
  if (state.dataset.over !== undefined) return end();
  if (state.dataset.heard) return;
  state.dataset.heard = "yes";
  countdown.set(Number(state.dataset.left));
  tick();
}

function tick() {
  const state = $("#exam-state");
  if (!state || isOver) return;
  const { left } = countdown;
  setText($(".left", state), clock(left));
  state.toggleAttribute("data-short", left <= SHORT);
  warn(left);
  before = left;
  if (left === 0) end();
}

/** @param {number} left */
function warn(left) {
  if (!WARNINGS.some((seconds) => left <= seconds && before > seconds) || !left) return;
  const minutes = Math.ceil(left / 60);
  setText($("#time-warning"), n_("{count} minute left.", "{count} minutes left.", minutes));
}

/** What is saved counts; the server scores it. */
function end() {
  if (isOver) return;
  isOver = true;
  for (const field of $$("#exam fieldset, #exam button")) /** @type {any} */ (field).disabled = true;
  setText($("#time-warning"), _("Time’s up. Here comes your result."));
  setTimeout(showResult, LOOK);
}

/** Not while nobody answers: the browser’s own page of errors has no way back. */
function showResult() {
  if (navigator.onLine) location.reload();
  else addEventListener("online", showResult, { once: true });
}
