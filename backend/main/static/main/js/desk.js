// The storyteller's desk: trackers follow the table, what waits comes by itself, all characters are ticked at once.

import { $$ } from "./dom.js";
import { bringCardsToLife, followCards } from "./cards.js";
import { gateway } from "./live.js";

bringCardsToLife(gateway);
followCards(gateway);
document.addEventListener("refreshed", () => followCards(gateway));

document.addEventListener("change", ({ target }) => {
  if (!target.matches("[data-all]")) return;
  for (const box of $$("input[name=character]")) box.checked = target.checked;
});
