// Whatever goes wrong with an htmx request is said in words where somebody waits for it: one handler for every page.

import { button, h } from "./dom.js";
import { passes, problem, remedy } from "./problems.js";
import { forgetProblems, forgetWhenChanged, refusalIn, showRefusal } from "./refusals.js";
import { signIn, toast } from "./toasts.js";
import { _ } from "./translation.js";

const OFFLINE = _("You’re offline. Nothing was sent, and what you typed stays here.");
const PATIENCE = 8_000;
/** @typedef {{ text: string, code: string, status: number, fields?: Record<string, string> }} Said */

const pressed = new WeakMap(); // form → the button that sent it
const asking = new WeakSet(); // plain forms that wait for a sign of the server
const answered = new WeakSet();

/** Once for a page. */
export function tellFailures() {
  forgetWhenChanged();
  document.addEventListener("submit", ({ target, submitter }) => pressed.set(target, submitter), true);
  document.addEventListener("submit", sendWhenReachable);
  document.addEventListener("htmx:beforeRequest", ({ detail }) => detail.requestConfig.verb === "post" && clear(detail));
  document.addEventListener("htmx:beforeSwap", ({ detail }) => refused(detail));
  for (const kind of ["sendError", "timeout"]) document.addEventListener(`htmx:${kind}`, ({ detail }) => tell(detail, 0));
  document.addEventListener("htmx:responseError", ({ detail }) => tell(detail, detail.xhr.status));
  for (const kind of ["swapError", "onLoadError"]) document.addEventListener(`htmx:${kind}`, ({ detail }) => tell(detail, -1));
}

/**
 * A plain form would lead to the browser's own page of errors, away from what was typed: first ask whether anybody is there.
 * @param {Happening} event
 */
async function sendWhenReachable(event) {
  const { target: form, submitter } = event;
  if (event.defaultPrevented || answered.delete(form)) return;
  event.preventDefault();
  if (asking.has(form)) return;
  asking.add(form);
  const status = await statusOfServer();
  asking.delete(form);
  if (status !== 200) return toast(status === 0 && !navigator.onLine ? OFFLINE : problem({ status }).text, { bad: true });
  answered.add(form);
  HTMLFormElement.prototype.requestSubmit.call(form, submitter?.isConnected ? submitter : null);
}

/** 0 where no answer came. */
async function statusOfServer() {
  if (!navigator.onLine) return 0;
  try {
    return (await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) })).status;
  } catch {
    return 0;
  }
}

// A form may have a field called “form”: then it is no property to go by.
/** @param {Found} element */
export const formOf = (element) => /** @type {Found | null} */ (element.closest?.("form") ?? element.form ?? null);

/** @param {Htmx} detail */
function clear({ requestConfig }) {
  const form = formOf(requestConfig.elt);
  if (form) forgetProblems(form);
}

/**
 * The server said no, with a sentence and perhaps its fields: no part of the page changes.
 * @param {Htmx} detail
 */
function refused(detail) {
  if (detail.xhr.getResponseHeader("HX-Retarget") !== "#refusal") return;
  detail.shouldSwap = false;
  tell(detail, detail.xhr.status);
}

/**
 * @param {Htmx} detail
 * @param {number} status that of the answer; 0: none came, -1: it could not be shown
 */
function tell(detail, status) {
  const { xhr, requestConfig } = detail;
  const { elt } = requestConfig; // the event’s own is where it was told
  const sent = status > 0 ? refusalIn(xhr.responseText) : null;
  const said = { ...problem({ status, detail: sent?.text, code: sent?.code, online: navigator.onLine }), fields: sent?.fields };
  if (elt.dispatchEvent(new CustomEvent("failed", { bubbles: true, cancelable: true, detail: { ...said, status } }))) {
    show(elt, requestConfig, { ...said, status });
  }
}

/**
 * What is wrong with a form stands there; what is wrong on the way is told beside the page, and passes.
 * @param {Found} elt
 * @param {Htmx["requestConfig"]} request
 * @param {Said} said
 */
function show(elt, { verb }, said) {
  const form = formOf(elt);
  const action = mend(said.code);
  if (action || passes(said.status) || !form || verb !== "post") return toast(said.text, { bad: true, action });
  showRefusal(form, said, { button: elt === form ? pressed.get(form) : elt });
}

/**
 * Sign in, or load the page again, where that helps.
 * @param {string} code
 */
export function mend(code) {
  const kind = remedy(code);
  if (kind === "sign-in") return { label: _("Sign in"), run: signIn };
  return kind === "reload" ? { label: _("Reload"), run: () => location.reload() } : null;
}

/**
 * A sentence in the place of what was wanted, with the way out beside it.
 * @param {Found} place
 * @param {{ text: string, code: string }} said
 * @param {(() => unknown) | null} [again]
 */
export function insteadOf(place, { text, code }, again = null) {
  if (place.querySelector(":scope > .instead > p")?.textContent === text) return;
  const way = mend(code) ?? (again && { label: _("Try again"), run: again });
  place.replaceChildren(h("div", { class: "instead", role: "alert" }, h("p", {}, text), way && button(way.label, way.run)));
}
