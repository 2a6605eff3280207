// A button that copies what stands in a field: `data-copies` is the field's id. Without a script there is no button.

import { $, $$ } from "./dom.js";
import { toast } from "./toasts.js";
import { _ } from "./translation.js";

/** @param {Found} field */
async function copy(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    toast(_("Copied."));
  } catch {
    field.select();
    toast(_("The browser doesn’t allow copying here."), { bad: true });
  }
}

for (const button of $$("button[data-copies]")) {
  button.hidden = false;
  button.addEventListener("click", () => copy(/** @type {Found} */ ($(`#${button.dataset.copies}`))));
}
