// What every page has: failures in words, times in the reader’s zone, the live connection, a storyteller’s requests.

import { $, $$, localTimes, setText } from "./dom.js";
import { tellFailures } from "./failures.js";
import { foldFilters } from "./filters.js";
import { keepBarsSmall } from "./bars.js";
import { gateway, live } from "./live.js";
import { closeMenus } from "./menus.js";
import { followPage } from "./refresh.js";
import { heedRequests } from "./requests.js";
import { signIn, toast } from "./toasts.js";

const WORDS = { live: "Live", waiting: "Connecting", off: "Not live" };

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
  if (!$("#requests")) heedRequests(gateway, live.user, toast);
  followPage(gateway);
  // Not before the page’s own script listens: it must not miss the first news.
  addEventListener("DOMContentLoaded", () => gateway.start());
}

function showLive(state) {
  for (const pill of $$("[data-live]")) {
    pill.dataset.state = state;
    setText($(".word", pill) ?? pill, WORDS[state]);
  }
}

function signedOut(why) {
  const kept = $("[data-sync]") ? " What you changed is kept on this device." : "";
  if (why !== "other_account") return toast(`You’re signed out.${kept}`, { bad: true, action: { label: "Sign in", run: signIn } });
  const run = () => location.reload();
  toast(`Another account is signed in here now.${kept && " What you changed waits on this device until you sign in again."}`, { bad: true, action: { label: "Reload", run } });
}
