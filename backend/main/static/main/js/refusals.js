// What a refusal says of single fields stands at these fields too, for eyes and for screen readers.

import { $, $$, h } from "./dom.js";

const NAMED = (name) => [name, `o-${name}`].map((one) => `[name="${CSS.escape(one)}"]`).join(", ");

/** `refusal` has come in by htmx; `form` is what was sent. */
export function tellFields(form) {
  forgetFields(form);
  for (const told of $$("#refusal [data-field]")) {
    const field = $(NAMED(told.dataset.field), form);
    if (!field) continue;
    const id = `${field.id || field.name}-problem`;
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", id);
    field.closest("details")?.setAttribute("open", "");
    field.after(h("span", { class: "field-error", id, "data-problem": "" }, told.textContent));
  }
  $("[aria-invalid]", form)?.focus();
}

export function forgetFields(form) {
  for (const problem of $$("[data-problem]", form)) problem.remove();
  for (const field of $$("[aria-invalid]", form)) {
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-describedby");
  }
}
