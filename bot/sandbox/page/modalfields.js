// The inputs of a modal. Each control: {node, focus, read() → text, list or bool; value?() → what is sent, when it differs}.

import { el, uniqueId } from "./dom.js";
import { encodedFile } from "./files.js";
import { selectNode, selectTypes, startValues } from "./select.js";

const kind = { text: 4, file: 19, radios: 21, checks: 22, check: 23 };
const paragraph = 2;

function textControl(component) {
  const long = component.style === paragraph;
  const input = el(long ? "textarea" : "input", {
    class: "modal-input",
    value: component.value || "",
    placeholder: component.placeholder,
    maxlength: component.max_length,
    rows: long ? 5 : null,
    autocomplete: "off",
  });
  return { node: input, focus: input, read: () => input.value };
}

function selectControl(component, { directory, home, label }) {
  let values = startValues(component);
  const changed = (chosen) => {
    values = chosen;
    node.dispatchEvent(new Event("input"));
  };
  const node = selectNode(component, { directory, label, home, onCommit: changed });
  return { node, focus: node, read: () => values };
}

function fileControl(component) {
  const input = el("input", { type: "file", class: "modal-input", multiple: (component.max_values ?? 1) > 1 });
  return { node: input, focus: input, read: () => [...input.files], value: () => Promise.all([...input.files].map(encodedFile)) };
}

function optionBoxes(component, type) {
  const name = uniqueId("group");
  const boxes = component.options.map((option) => ({ option, box: el("input", { type, name, checked: option.default }) }));
  const rows = boxes.map(({ option, box }) =>
    el("label", { class: "check" }, box, el("span", {}, option.label, option.description && el("small", { class: "subtext" }, option.description))),
  );
  const node = el("div", { class: "checks", role: type === "radio" ? "radiogroup" : "group" }, rows);
  const chosen = () => boxes.filter(({ box }) => box.checked).map(({ option }) => option.value);
  return { node, focus: boxes[0].box, chosen };
}

function radiosControl(component) {
  const { node, focus, chosen } = optionBoxes(component, "radio");
  return { node, focus, read: chosen, value: async () => chosen()[0] ?? null, group: true };
}

function checksControl(component) {
  const { node, focus, chosen } = optionBoxes(component, "checkbox");
  return { node, focus, read: chosen, group: true };
}

function checkControl(component) {
  const box = el("input", { type: "checkbox", checked: component.default });
  return { node: box, focus: box, read: () => box.checked };
}

const makers = {
  [kind.text]: textControl,
  [kind.file]: fileControl,
  [kind.radios]: radiosControl,
  [kind.checks]: checksControl,
  [kind.check]: checkControl,
};

const makerOf = (component) => (selectTypes[component.type] ? selectControl : makers[component.type]);

export const isField = (component) => Boolean(makerOf(component));

function lengthComplaint({ min_length: low, max_length: high }, length) {
  if (low && length < low) return `At least ${low} characters; this has ${length}.`;
  return high && length > high ? `At most ${high} characters; this has ${length}.` : "";
}

function countComplaint(component, count) {
  const low = component.min_values ?? 1;
  const high = component.max_values ?? (component.type === kind.checks ? component.options.length : 1);
  if (count < low) return `Choose at least ${low}.`;
  return count > high ? `Choose at most ${high}.` : "";
}

/** What a client would not let a person send; "" when it is fine. */
function complaint(component, value) {
  if (typeof value === "boolean") return "";
  const length = Array.isArray(value) ? value.length : value.trim().length;
  if (!length) return (component.required ?? true) && component.min_values !== 0 ? "This is required." : "";
  return Array.isArray(value) ? countComplaint(component, length) : lengthComplaint(component, value.length);
}

/** One input with its label, hint and error. */
export class ModalField {
  /** context: {directory, home} */
  constructor(component, label, description, context) {
    this.component = component;
    this.control = makerOf(component)(component, { ...context, label });
    this.error = el("p", { class: "field-error", id: uniqueId("error"), hidden: true });
    this.node = this.frame(label, description);
    this.node.addEventListener("input", () => this.setError(""), true);
  }

  frame(label, description) {
    const { focus, node, group } = this.control;
    const needed = (this.component.required ?? true) && this.component.type !== kind.check;
    const star = needed ? el("span", { class: "required", title: "required" }, "*") : null;
    const hint = description ? el("p", { class: "faint modal-hint", id: uniqueId("hint") }, description) : null;
    this.described = hint ? [hint.id] : [];
    focus.id = uniqueId("modal-field");
    if (hint) focus.setAttribute("aria-describedby", hint.id);
    const about = group ? { id: uniqueId("label") } : { for: focus.id };
    const title = el(group ? "span" : "label", { class: "modal-label", ...about }, label, star);
    if (group) node.setAttribute("aria-labelledby", title.id);
    return el("div", { class: "modal-field" }, title, hint, node, this.error);
  }

  get name() {
    return this.component.custom_id;
  }

  async value() {
    return this.control.value ? this.control.value() : this.control.read();
  }

  setError(text) {
    this.error.textContent = text;
    this.error.hidden = !text;
    this.control.focus.setAttribute("aria-invalid", String(Boolean(text)));
    this.control.focus.setAttribute("aria-describedby", [...this.described, ...(text ? [this.error.id] : [])].join(" "));
  }

  check() {
    const problem = complaint(this.component, this.control.read());
    this.setError(problem);
    return !problem;
  }
}
