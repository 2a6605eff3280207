// Native dialogs: confirm, one value, one entry, a conflict. Each resolves when it closes; null means called off.

import { $, button, h } from "./dom.js";
import { doorText, dotsText, valueText } from "./words.js";
import { _ } from "./translation.js";

/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Control */
/** @typedef {(conflict: Conflicting) => string | null} DoorOf by which door this very account made the other change */

let ids = 0;
// Where one begins: the first field; where there is none, the way out that changes nothing.
const FIRST = ".field :is(input, select, textarea), .levels > summary";

/**
 * `read(form)` makes the result; it may return undefined to keep the dialog open.
 * @param {{ title: string, body: Node[], accept?: string, danger?: boolean, dismiss?: string | null, read?: (form: Found) => any }} what
 * @returns {Promise<any>}
 */
export function ask({ title, body, accept = _("Save"), danger = false, dismiss = _("Cancel"), read = () => true }) {
  return new Promise((resolve) => {
    const id = `dialog-${++ids}`;
    /** @type {HTMLFormElement} */
    const form = h(
      "form",
      { class: "dialog-form", method: "dialog", novalidate: true },
      h(
        "header",
        {},
        h("h2", { id }, title),
        button("×", () => dialog.close(), { class: "button quiet square", "aria-label": _("Close") }),
      ),
      ...body,
      h(
        "footer",
        {},
        dismiss ? button(dismiss, () => dialog.close(), { class: "button quiet" }) : null,
        h("button", { type: "submit", class: danger ? "button danger" : "button primary" }, accept),
      ),
    );
    /** @type {any} */
    let result = null;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!form.checkValidity()) return void form.reportValidity();
      const found = read(/** @type {any} */ (form));
      if (found === undefined) return;
      result = found;
      dialog.close();
    });
    /** @type {HTMLDialogElement} */
    const dialog = h("dialog", { "aria-labelledby": id }, form);
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(result);
    });
    document.body.append(dialog);
    dialog.showModal();
    ($(FIRST, form) ?? $("footer button", form)).focus();
  });
}

/**
 * @param {string} title
 * @param {string} text
 * @param {string} accept
 */
export const confirm = (title, text, accept) =>
  ask({ title, body: [h("p", {}, text)], accept, danger: true, dismiss: _("Keep it") });

/**
 * @param {string} title
 * @param {string} text
 */
export const tell = (title, text) => ask({ title, body: [h("p", {}, text)], accept: _("OK"), dismiss: null });

/**
 * Whatever stands in `body` does its own work; there is nothing left to save at the end.
 * @param {string} title
 * @param {Node[]} body
 */
export const inform = (title, body) => ask({ title, body, accept: _("Done"), dismiss: null });

/**
 * `field` is a field of the schema: label, type, min, max, max_length, choices.
 * @param {string} title
 * @param {AskedField} field
 * @param {unknown} value
 */
export function askValue(title, field, value) {
  const input = control(field, value);
  return ask({ title, body: [labelled(field, input)], read: () => valueOf(field, input) });
}

/**
 * `fields` are the parts of an entry; resolves with an object of the values.
 * @param {string} title
 * @param {AskedField[]} fields
 * @param {Fields} entry
 * @param {string} accept
 */
export function askEntry(title, fields, entry = {}, accept = _("Save")) {
  const controls = fields.map((field) => ({ field, input: control(field, entry[field.name ?? ""]) }));
  return ask({
    title,
    accept,
    body: controls.map(({ field, input }) => labelled(field, input)),
    read: () => Object.fromEntries(controls.map(({ field, input }) => [field.name, valueOf(field, input)])),
  });
}

/**
 * @param {AskedField} field
 * @param {Control} input
 */
function labelled(field, input) {
  const id = `field-${++ids}`;
  input.id = id;
  return h("div", { class: "field" }, h("label", { for: id }, field.label), input);
}

/**
 * @param {AskedField} field
 * @param {any} value
 */
function control(field, value) {
  const required = field.required ? true : null;
  const { min = -Infinity, max = Infinity } = field;
  if (field.type === "integer" && max <= 10 && min >= 0) return ratingControl(field, value);
  if (field.type === "integer") {
    const start = value ?? field.start ?? "";
    return h("input", { type: "number", inputmode: "numeric", step: "1", min: field.min, max: field.max, required: true, value: String(start) });
  }
  if (field.type === "boolean") return h("input", { type: "checkbox", checked: Boolean(value) });
  if (field.multiline) {
    const area = h("textarea", { maxlength: field.max_length, required, rows: "3" });
    area.value = value ?? "";
    return area;
  }
  return h("input", { type: "text", maxlength: field.max_length, required, value: value ?? "", autocomplete: "off" });
}

/**
 * @param {AskedField} field
 * @param {number | undefined} value
 */
function ratingControl(field, value) {
  const { min = 0, max = 0, start = min } = field;
  const select = h("select");
  for (let n = min; n <= max; n++) {
    const text = max <= 5 ? `${n}  ${dotsText(n, max)}` : String(n);
    select.append(h("option", { value: String(n), selected: n === (value ?? start) }, text));
  }
  return select;
}

/**
 * @param {AskedField} field
 * @param {Control} input
 */
function valueOf(field, input) {
  if (field.type === "integer") return Number(input.value);
  if (input instanceof HTMLInputElement && field.type === "boolean") return input.checked;
  return input.value.trim();
}

/**
 * Two people set the same trait. Resolves with the set of paths where the own value shall win.
 * @param {Conflicting[]} conflicts
 * @param {Change[]} changes
 * @param {DoorOf} door
 */
export async function askConflict(conflicts, changes, door) {
  const rows = conflicts.map((one, index) => conflictRow(one, index, changes, door(one)));
  const result = await ask({
    title: _("This changed elsewhere"),
    accept: _("Apply my choice"),
    dismiss: null,
    body: [h("p", {}, intro(conflicts.map(door))), ...rows],
    read: (form) => {
      const chosen = conflicts.map((one, index) => [one.path, form.elements[`c${index}`].value]);
      return new Set(chosen.filter(([, who]) => who === "mine").map(([path]) => path));
    },
  });
  return result ?? new Set();
}

/**
 * One's own second tab is nobody else. `door(conflict)`: through which door the same account did it; null for others.
 * @param {(string | null)[]} doors
 */
function intro(doors) {
  if (doors.includes(null)) return _("Somebody else changed the same traits while you did. Which value do you want to keep?");
  return doors.every((door) => door === "web")
    ? _("You changed the same traits in another tab. Which value do you want to keep?")
    : _("You changed the same traits elsewhere. Which value do you want to keep?");
}

/**
 * @param {string} by
 * @param {string | null} door
 */
function byWhom(by, door) {
  if (door === null) return by ? _("by {name}", { name: by }) : _("by somebody else");
  return door === "web" ? _("you, in another tab") : _("you, {door}", { door: doorText(door) });
}

/**
 * @param {Conflicting} one
 * @param {number} index
 * @param {Change[]} changes
 * @param {string | null} door
 */
function conflictRow(one, index, changes, door) {
  const removal = changes.some((change) => change.op === "remove" && change.path === one.path);
  /**
   * @param {string} who
   * @param {unknown} value
   * @param {string} by
   * @param {boolean} checked
   */
  const choice = (who, value, by, checked) =>
    h(
      "label",
      { class: "tile" },
      h("input", { type: "radio", name: `c${index}`, value: who, checked }),
      h("span", {}, valueText(value, one.is_choice), h("small", {}, by)),
    );
  return h(
    "fieldset",
    { class: "field conflict" },
    h("legend", { class: "label" }, one.label ?? one.path),
    h(
      "div",
      { class: "tiles" },
      choice("theirs", one.theirs, byWhom(one.by, door), true),
      choice("mine", removal ? _("removed") : one.yours, door === null ? _("yours") : _("you, in this tab"), false),
    ),
  );
}
