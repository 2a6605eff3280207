// Select menus of messages and modals: one or several values out of a list, or out of the people, roles and channels.

import { entityLabel, userFace } from "./directory.js";
import { el, icon, uniqueId } from "./dom.js";
import { openPanel } from "./popover.js";
import { Suggestions } from "./suggestions.js";

export const selectTypes = { 3: "string", 5: "user", 6: "role", 7: "mentionable", 8: "channel" };

/** Component type → the option type that means the same entities. */
const entityOption = { 5: 6, 6: 8, 7: 9, 8: 7 };

const manyChoices = 7;

function entityChoice(entity) {
  return { value: entity.id, label: entityLabel(entity), face: entity.user ? userFace(entity.user, "face face-small") : null };
}

function choicesOf(component, directory) {
  if (component.type === 3) {
    return component.options.map((option) => ({ ...option, label: `${option.emoji?.id ? "" : option.emoji?.name || ""} ${option.label}`.trim() }));
  }
  const option = { type: entityOption[component.type], channel_types: component.channel_types };
  return directory.entities(option).map(entityChoice);
}

function startValues(component) {
  if (component.type === 3) return component.options.filter((option) => option.default).map((option) => option.value);
  return (component.default_values || []).map((value) => value.id);
}

function limits(component, count) {
  const least = component.min_values ?? 1;
  return { least, most: Math.min(component.max_values ?? 1, count) };
}

const shownText = (choices, values) => choices.filter((choice) => values.includes(choice.value)).map((choice) => choice.label).join(", ");

function hint({ least, most }) {
  return least === most ? `Choose ${most}` : `Choose ${least} to ${most}`;
}

class SelectPanel {
  constructor(choices, bounds, values, commit) {
    Object.assign(this, { choices, bounds, commit });
    this.values = [...values];
    this.box = el("div", { class: "suggestions" });
    this.list = new Suggestions(this.box, "Choices");
    this.filter = el("input", { type: "text", class: "panel-filter", placeholder: "Filter", "aria-label": "Filter choices", autocomplete: "off" });
    this.filter.addEventListener("input", () => this.draw(0));
    this.node = el("div", { class: "select-panel", onkeydown: (event) => this.key(event) }, this.filter, this.box, this.foot());
    this.filter.classList.toggle("out-of-sight", choices.length <= manyChoices);
    this.list.attach(this.filter);
    this.draw(Math.max(0, this.shown().findIndex((choice) => this.values.includes(choice.value))));
  }

  get several() {
    return this.bounds.most > 1 || this.bounds.least === 0;
  }

  get valid() {
    return this.values.length >= this.bounds.least && this.values.length <= this.bounds.most;
  }

  foot() {
    if (!this.several) return null;
    this.done = el("button", { type: "button", class: "button primary", onclick: () => this.finish() }, "Apply");
    return el("div", { class: "panel-foot" }, el("span", { class: "faint" }, hint(this.bounds)), this.done);
  }

  shown() {
    const wanted = this.filter.value.trim().toLowerCase();
    return this.choices.filter((choice) => choice.label.toLowerCase().includes(wanted));
  }

  draw(at) {
    const items = this.shown().map((choice) => ({
      label: choice.label,
      detail: choice.description,
      face: choice.face,
      picked: this.values.includes(choice.value),
      pick: () => this.pick(choice.value),
    }));
    this.list.show(items, { note: items.length ? "" : "Nothing matches." });
    if (items.length) this.list.select(Math.min(at, items.length - 1));
    if (this.done) this.done.disabled = !this.valid;
  }

  pick(value) {
    if (!this.several) return this.commit([value]);
    const at = this.shown().findIndex((choice) => choice.value === value);
    if (this.values.includes(value)) this.values = this.values.filter((other) => other !== value);
    else if (this.values.length < this.bounds.most) this.values.push(value);
    else if (this.bounds.most === 1) this.values = [value];
    return this.draw(at);
  }

  key(event) {
    if (event.key === "Escape") return;
    if (event.target !== this.filter) return;
    const takes = event.key === "Enter" || (event.key === " " && this.filter.classList.contains("out-of-sight"));
    if (takes && this.list.active) this.list.active.pick();
    else if (event.key === "Tab" || !this.list.key(event)) return;
    event.preventDefault();
  }

  finish() {
    if (this.valid) this.commit(this.values);
  }
}

/** The closed select: a button that shows what is chosen. onCommit(values) runs when the person has chosen. */
export function selectNode(component, { directory, onCommit, label, disabled = false, home }) {
  const choices = choicesOf(component, directory);
  const bounds = limits(component, choices.length);
  let values = startValues(component);
  const text = el("span", { class: "select-text" });
  const placeholder = component.placeholder || "Make a selection";
  const show = () => {
    text.textContent = shownText(choices, values) || placeholder;
    text.classList.toggle("faint", !values.length);
  };
  const open = () => {
    if (button.ariaDisabled === "true") return;
    const commit = (chosen) => {
      values = chosen;
      show();
      close();
      onCommit(chosen);
    };
    const panel = new SelectPanel(choices, bounds, values, commit);
    const close = openPanel(panel.node, button.getBoundingClientRect(), { home, onClose: () => button.setAttribute("aria-expanded", "false") });
    button.setAttribute("aria-expanded", "true");
    panel.filter.focus();
  };
  const button = el(
    "button",
    { type: "button", class: "select", id: uniqueId("select"), "aria-haspopup": "listbox", "aria-expanded": "false", disabled, onclick: open },
    text,
    icon("down"),
  );
  button.setAttribute("aria-label", label || placeholder);
  show();
  return button;
}

export { startValues };
