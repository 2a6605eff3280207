// A chosen command as a form: its options as fields, required ones first, the others to add from a list.

import { parseLine } from "./commandline.js";
import { optionType } from "./directory.js";
import { el, iconButton, uniqueId } from "./dom.js";
import { shownName } from "./localised.js";
import { rangeText, readValue } from "./values.js";

const typeWords = { 3: "text", 5: "true or false", 6: "a person", 7: "a channel", 8: "a role", 9: "a person or role", 11: "a file" };

export function describe(option) {
  const kind = option.choices?.length ? "one of the choices" : typeWords[option.type] || rangeText(option);
  return `${option.description} (${option.required ? "required, " : ""}${kind})`;
}

const numeric = new Set([optionType.integer, optionType.number]);

/** One option: label, input, remove button, error. `entry` is what it holds. */
class Field {
  constructor(option, entry, form) {
    this.option = option;
    this.form = form;
    this.picked = entry?.picked;
    this.input = this.makeInput(entry);
    this.error = el("p", { class: "field-error", id: uniqueId("error"), hidden: true });
    const id = (this.input.id = uniqueId("option"));
    const star = option.required ? el("span", { class: "required", "aria-hidden": "true" }, "*") : null;
    const remove = option.required ? null : iconButton("close", `Remove ${shownName(option)}`, () => form.remove(this));
    const pill = el("div", { class: "field-pill" }, el("label", { for: id }, shownName(option), star), this.input, remove);
    this.node = el("div", { class: "field", data: { option: option.name } }, pill, this.error);
  }

  makeInput(entry) {
    const file = this.option.type === optionType.attachment;
    const input = el("input", { type: file ? "file" : "text", autocomplete: "off", spellcheck: "false", "aria-describedby": this.form.help.id });
    if (this.option.required) input.setAttribute("aria-required", "true");
    if (numeric.has(this.option.type) && !this.option.choices?.length) input.inputMode = this.option.min_value < 0 ? "text" : "numeric";
    if (!file) input.value = entry?.text || "";
    input.addEventListener("focus", () => this.form.focused(this));
    input.addEventListener("input", () => this.changed());
    input.addEventListener("blur", () => this.form.left(this));
    return input;
  }

  changed() {
    this.picked = undefined;
    this.setError("");
    this.grow();
    this.form.complete(this);
  }

  grow() {
    if (this.input.type === "text") this.input.style.width = `${Math.min(36, Math.max(6, this.input.value.length + 2))}ch`;
  }

  pick(choice) {
    this.input.value = choice.name;
    this.picked = { name: choice.name, value: choice.value };
    this.setError("");
    this.grow();
  }

  get entry() {
    return { text: this.input.type === "file" ? "" : this.input.value, picked: this.picked, file: this.input.files?.[0] };
  }

  get empty() {
    return !this.entry.text.trim() && !this.entry.file;
  }

  setError(text) {
    this.error.textContent = text;
    this.error.hidden = !text;
    this.input.setAttribute("aria-invalid", String(Boolean(text)));
    this.input.setAttribute("aria-describedby", text ? this.error.id : this.form.help.id);
  }
}

export class CommandForm {
  /** host: {suggestions, completer, directory(), send(form), cancel()} */
  constructor(leaf, entries, host) {
    Object.assign(this, { leaf, host });
    this.fields = [];
    this.help = el("p", { class: "form-help", id: uniqueId("help"), "aria-live": "polite" }, leaf.description);
    this.problem = el("p", { class: "form-problem", role: "alert", hidden: true });
    this.adder = this.makeAdder();
    this.row = el("div", { class: "form-fields" }, el("span", { class: "command-chip" }, leaf.full), this.adder);
    this.node = el("div", { class: "command-form", role: "group", "aria-label": `Options of ${leaf.full}` }, this.help, this.row, this.problem);
    this.node.addEventListener("keydown", (event) => this.key(event));
    leaf.options.filter((option) => option.required || entries.has(option.name)).forEach((option) => this.add(option, entries.get(option.name)));
  }

  makeAdder() {
    const adder = el("input", { type: "text", class: "adder", autocomplete: "off", "aria-label": "Add an option" });
    adder.addEventListener("focus", () => this.offerOptions());
    adder.addEventListener("input", () => this.takeTyped() || this.offerOptions());
    return adder;
  }

  get unused() {
    const used = new Set(this.fields.map((field) => field.option.name));
    return this.leaf.options.filter((option) => !used.has(option.name));
  }

  get entries() {
    return new Map(this.fields.filter((field) => !field.empty).map((field) => [field.option.name, field.entry]));
  }

  add(option, entry) {
    const field = new Field(option, entry, this);
    field.grow();
    this.fields.push(field);
    this.adder.before(field.node);
    this.countLeft();
    return field;
  }

  remove(field) {
    const at = this.fields.indexOf(field);
    this.fields.splice(at, 1);
    field.node.remove();
    this.countLeft();
    (this.fields[at - 1]?.input || this.adder).focus();
  }

  countLeft() {
    const left = this.unused.length;
    this.adder.placeholder = left ? `+ ${left} more` : "";
    this.adder.classList.toggle("nothing-left", !left);
  }

  /** The first empty required field, else the place where more can be added. */
  focus() {
    const empty = this.fields.find((field) => field.empty);
    (empty?.input || this.adder).focus();
  }

  offerOptions() {
    const wanted = this.adder.value.trim().toLowerCase().replace(/:$/, "");
    this.host.suggestions.attach(this.adder);
    this.help.textContent = this.unused.length ? `${this.leaf.description} — pick an option to add, or press Enter to send.` : this.leaf.description;
    const items = this.unused
      .filter((option) => [shownName(option), option.name].some((name) => name.includes(wanted)))
      .map((option) => ({ label: shownName(option), detail: option.description, pick: () => this.addPicked(option) }));
    this.host.suggestions.show(items, { choose: Boolean(wanted), note: items.length || !wanted ? "" : `No option is called “${wanted}”.` });
  }

  /** "hunger:" or "hunger:2 stains:1" written into the place for more options. */
  takeTyped() {
    const { entries, problems } = parseLine(`${this.leaf.full} ${this.adder.value}`, [this.leaf]);
    const fresh = this.unused.filter((option) => entries.has(option.name));
    if (!fresh.length || problems.length) return false;
    this.adder.value = "";
    fresh.map((option) => this.add(option, entries.get(option.name))).at(-1).input.focus();
    return true;
  }

  addPicked(option) {
    this.adder.value = "";
    this.add(option).input.focus();
  }

  focused(field) {
    this.help.textContent = describe(field.option);
    this.complete(field);
  }

  left(field) {
    if (field.empty) return;
    const { error } = readValue(field.option, field.entry, this.host.directory());
    field.setError(error || "");
  }

  async complete(field) {
    const { suggestions, completer } = this.host;
    suggestions.attach(field.input);
    if (field.option.type === optionType.attachment || field.picked) {
      completer.cancel();
      return suggestions.hide();
    }
    const text = field.input.value;
    const wait = () => suggestions.show([], { note: "Asking for suggestions…" });
    const answer = await completer.values(this.leaf, this.entries, field.option, text, { onWait: wait });
    if (!answer || document.activeElement !== field.input) return undefined;
    const items = answer.values.map((choice) => ({ label: choice.name, face: choice.face, pick: () => this.picked(field, choice) }));
    return suggestions.show(items, { note: answer.note, choose: Boolean(text.trim()) });
  }

  picked(field, choice) {
    field.pick(choice);
    this.host.suggestions.hide();
    const next = this.fields.find((other) => other.empty && other.option.required);
    (next?.input || (document.activeElement === field.input ? field.input : this.adder)).focus();
  }

  key(event) {
    if (this.host.suggestions.key(event)) return stop(event);
    if (event.key === "Escape") return this.host.cancel(stop(event));
    if (event.isComposing) return undefined;
    if (event.key === "Enter" && event.target.matches("input")) return this.host.send(stop(event));
    if (event.key === "Backspace" && event.target.value === "" && event.target.matches("input")) return this.back(event);
    return undefined;
  }

  /** Backspace in an empty field takes it away; at the start it gives the command up. */
  back(event) {
    const field = this.fields.find((one) => one.input === event.target);
    stop(event);
    if (field && !field.option.required) this.remove(field);
    else if (!field && this.fields.length) this.fields.at(-1).input.focus();
    else if (!field || this.fields[0] === field) this.host.cancel();
  }

  /** errors: Map of option name → sentence; shows them and goes to the first. */
  showErrors(errors, general = "") {
    for (const [name] of errors) {
      const option = this.unused.find((one) => one.name === name);
      if (option) this.add(option);
    }
    this.fields.forEach((field) => field.setError(errors.get(field.option.name) || ""));
    this.problem.textContent = general;
    this.problem.hidden = !general;
    this.fields.find((field) => errors.has(field.option.name))?.input.focus();
    this.host.suggestions.hide();
  }
}

function stop(event) {
  event.preventDefault();
  event.stopPropagation();
  return undefined;
}
