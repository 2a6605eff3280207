// The dashboard: cards that follow the table live, a dialog for new characters, the way back for deleted ones.

import { $, formData, setText } from "./dom.js";
import { Refused, call, characterUrl } from "./api.js";
import { bringCardsToLife, followCards } from "./cards.js";
import { gateway } from "./live.js";
import { toast } from "./toasts.js";
import { _ } from "./translation.js";

const UNREACHABLE = _("The server can’t be reached just now.");

bringCardsToLife(gateway);

/** @type {number | undefined} */
let pending;
function reload() {
  clearTimeout(pending);
  pending = setTimeout(() => window.htmx.trigger("#filters", "change"), 150);
}

for (const kind of ["created", "deleted", "restored"]) gateway.addEventListener(kind, reload);
document.body.addEventListener("htmx:afterSwap", () => followCards(gateway));

const dialog = $("#new-character");
const form = $("form", dialog);
const error = $("[data-error]", dialog);

document.addEventListener("click", async ({ target }) => {
  if (target.closest("[data-new-character]")) {
    error.hidden = true;
    offerEdition();
    dialog.showModal();
    form.elements.name.focus();
  } else if (target.closest("[data-close]")) {
    dialog.close();
  } else {
    const control = target.closest("[data-restore]");
    if (control) await restore(control);
  }
});

/** A chronicle's first type is offered, until one of its edition is chosen. */
function offerEdition() {
  const { edition } = form.elements.chronicle.selectedOptions[0].dataset;
  if (!edition || $("[name=splat]:checked", form).dataset.edition === edition) return;
  $(`[name=splat][data-edition="${edition}"]`, form).checked = true;
}
form.elements.chronicle.addEventListener("change", offerEdition);

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (!form.checkValidity()) return void form.reportValidity();
  const { splat, name, chronicle } = Object.fromEntries(formData(form));
  const submit = $("[type=submit]", form);
  submit.disabled = true;
  try {
    const { character } = await call("POST", "/api/characters/", { splat, name, chronicle: chronicle || null, changes: [] });
    location.assign(`/characters/${character.id}/`);
  } catch (problem) {
    setText(error, problem instanceof Refused ? problem.message : UNREACHABLE);
    error.hidden = false;
  } finally {
    submit.disabled = false;
  }
});

/** @param {Found} control */
async function restore(control) {
  control.disabled = true;
  try {
    const { character } = await call("POST", characterUrl(control.dataset.restore ?? "", "restore/"), {});
    control.closest("li")?.remove();
    toast(_("{name} is back.", { name: character.name }));
    reload();
  } catch (problem) {
    control.disabled = false;
    toast(problem instanceof Refused ? problem.message : UNREACHABLE, { bad: true });
  }
}

followCards(gateway);
