// What went wrong with a request, in words. Pure: nothing here touches the page.

import { N_, _ } from "./translation.js";

/** @type {Record<number, string>} */
const BY_STATUS = {
  0: N_("The server can’t be reached just now. Try again in a moment; nothing is done twice."),
  401: N_("You’re signed out. Sign in to go on."),
  403: N_("You can’t do that here, or this page is out of date."),
  404: N_("That isn’t there any more."),
  409: N_("That has changed in the meantime."),
  413: N_("That’s too much at once."),
  429: N_("That was a bit fast. Try again in a moment."),
  503: N_("The server needs a moment. Try again shortly; nothing is done twice."),
};
const OFFLINE = N_("You’re offline. Try again when the connection is back; nothing is done twice.");
const OTHERWISE = N_("That didn’t work. Try again in a moment.");

/**
 * `status` is that of the answer, 0 where none came; `detail` and `code` are the server’s own, where it sent them.
 * @param {{ status: number, detail?: string, code?: string, online?: boolean }} answer
 */
export function problem({ status, detail = "", code = "", online = true }) {
  if (status === 0 && !online) return { text: _(OFFLINE), code: "offline" };
  return { text: detail || _(BY_STATUS[status] ?? OTHERWISE), code: code || (status === 401 ? "not_signed_in" : "") };
}

/**
 * What a person can press to mend it.
 * @param {string} code
 */
export function remedy(code) {
  if (code === "not_signed_in") return "sign-in";
  return code === "csrf_failed" || code === "other_account" ? "reload" : "";
}

/**
 * Whether the same request may succeed later without anybody doing anything.
 * @param {number} status
 */
export const passes = (status) => status === 0 || status === 429 || status >= 500;
