// The storyteller's desk: trackers follow the table, what waits comes by itself, all characters are ticked at once.

import { $, $$, localTimes, readJson } from "./dom.js";
import { bringCardsToLife, followCards } from "./cards.js";
import { heedRequests } from "./dice.js";
import { Gateway } from "./gateway.js";
import { toast } from "./toasts.js";

const gateway = new Gateway();
bringCardsToLife(gateway);
followCards(gateway);
heedRequests(gateway, readJson("live").user, toast);
localTimes(document);
gateway.subscribe($("[data-desk]").dataset.desk);

let pending = null;
gateway.addEventListener("notice", ({ detail: { entity } }) => {
  if (entity !== "submission" && entity !== "note") return;
  clearTimeout(pending);
  pending = setTimeout(() => redraw(entity === "note" ? "#notes" : "#waiting"), 150);
});

/** Anew from the server, unless somebody is writing there. */
function redraw(part) {
  if ($(part).contains(document.activeElement) && document.activeElement.value) return;
  window.htmx.ajax("GET", $("[data-desk]").dataset.home, { target: part, select: part, swap: "outerHTML" });
}

$("[data-all]")?.addEventListener("change", ({ target }) => {
  for (const box of $$("input[name=character]")) box.checked = target.checked;
});

gateway.start();
