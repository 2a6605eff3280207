// What every page has: failures in words, times in the reader’s zone, the live connection, a storyteller’s requests.

import { $, $$, localTimes, setText } from "./dom.js";
import { tellFailures } from "./failures.js";
import { foldFilters } from "./filters.js";
import { keepBarsSmall } from "./bars.js";
import { gateway, live } from "./live.js";
import { closeMenus } from "./menus.js";
import { followPage } from "./refresh.js";
import { followRequests } from "./requests.js";
import { signIn, toast } from "./toasts.js";
import { _ } from "./translation.js";

const OTHER_ACCOUNT_KEEPS = _(
  "Another account is signed in here now. What you changed waits on this device until you sign in again.",
);
const WORDS = { live: _("Live"), waiting: _("Connecting"), off: _("Not live") };

tellFailures();
keepBarsSmall();
closeMenus();
foldFilters();
localTimes(document);
document.addEventListener("htmx:afterSettle", ({ target }) => localTimes(target));
if (gateway) begin();

function begin() {
  for (const [stream, seq] of Object.entries(live.streams ?? {})) gateway.subscribe(stream, seq);
  gateway.addEventListener("state", ({ detail }) => showLive(detail));
  gateway.addEventListener("signed-out", ({ detail }) => signedOut(detail));
  // The log of rolls shows a request itself.
  if (!$("#requests")) followRequests(gateway, live.user, toast);
  followPage(gateway);
  // Not before the page’s own script listens: it must not miss the first news.
  addEventListener("DOMContentLoaded", () => gateway.start());
}

/** @param {keyof typeof WORDS} state */
function showLive(state) {
  for (const pill of $$("[data-live]")) {
    pill.dataset.state = state;
    setText($(".word", pill) ?? pill, WORDS[state]);
  }
}

/** @param {string} why */
function signedOut(why) {
  const keeps = Boolean($("[data-sync]"));
  const signedOutText = keeps ? _("You’re signed out. What you changed is kept on this device.") : _("You’re signed out.");
  if (why !== "other_account") return toast(signedOutText, { bad: true, action: { label: _("Sign in"), run: signIn } });
  const run = () => location.reload();
  toast(keeps ? OTHER_ACCOUNT_KEEPS : _("Another account is signed in here now."), { bad: true, action: { label: _("Reload"), run } });
}
