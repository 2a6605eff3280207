// A list of choices under an input that keeps the focus (the combobox pattern of ARIA).

import { el, uniqueId } from "./dom.js";

/** item: {label, detail?, badge?, face?, picked?, pick(), enter?() when Enter means something else} */
function row(item, id) {
  return el(
    "li",
    { id, role: "option", class: "suggestion", "aria-selected": "false", data: item.picked ? { picked: "" } : {} },
    item.face || null,
    el("span", { class: "suggestion-label" }, item.label),
    item.detail && el("span", { class: "suggestion-detail" }, item.detail),
    item.badge && el("span", { class: "suggestion-badge" }, item.badge),
  );
}

export class Suggestions {
  /** box: an empty element that the list is drawn into; label: what the list is about, for screen readers. */
  constructor(box, label) {
    this.box = box;
    this.list = el("ul", { role: "listbox", id: uniqueId("list"), "aria-label": label });
    this.note = el("div", { class: "suggestions-note", role: "status" });
    box.append(this.note, this.list);
    box.addEventListener("pointerdown", (event) => event.preventDefault());
    this.items = [];
    this.hide();
  }

  get open() {
    return !this.box.hidden;
  }

  get hasItems() {
    return this.open && this.items.length > 0;
  }

  get active() {
    return this.hasItems ? this.items[this.at] : undefined;
  }

  /** The input whose list this is from now on. */
  attach(input) {
    if (this.input && this.input !== input) this.input.removeAttribute("aria-activedescendant");
    this.input = input;
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", this.list.id);
    input.setAttribute("aria-expanded", String(this.open));
  }

  /** choose: the first is marked at once. tab: Tab takes the first when none is marked. */
  show(items, { note = "", choose = true, tab = false } = {}) {
    this.items = items;
    this.tabTakesFirst = tab;
    this.note.replaceChildren(note);
    this.note.hidden = !note;
    this.box.hidden = !items.length && !note;
    this.list.replaceChildren(...items.map((item) => this.wired(item)));
    this.list.hidden = !items.length;
    this.input?.setAttribute("aria-expanded", String(this.hasItems));
    this.select(choose && items.length ? 0 : -1);
  }

  wired(item) {
    const node = row(item, uniqueId("choice"));
    node.addEventListener("click", () => item.pick());
    return node;
  }

  hide() {
    this.show([]);
  }

  select(at) {
    this.at = at;
    [...this.list.children].forEach((node, index) => node.setAttribute("aria-selected", String(index === at)));
    const node = this.list.children[at];
    if (node) {
      this.input?.setAttribute("aria-activedescendant", node.id);
      node.scrollIntoView({ block: "nearest" });
    } else this.input?.removeAttribute("aria-activedescendant");
  }

  move(step) {
    const count = this.items.length;
    const from = this.at < 0 && step < 0 ? 0 : this.at;
    this.select((from + step + count) % count);
  }

  /** True when the key was meant for the list. Enter and Tab only take a choice that is marked. */
  key(event) {
    if (!this.open || event.isComposing) return false;
    if (event.key === "Escape") return this.closed();
    if (!this.items.length) return false;
    if (event.key === "ArrowDown") return this.moved(1);
    if (event.key === "ArrowUp") return this.moved(-1);
    if (event.shiftKey || (event.key !== "Enter" && event.key !== "Tab")) return false;
    const taken = this.active || (event.key === "Tab" && this.tabTakesFirst ? this.items[0] : null);
    if (event.key === "Enter" && taken?.enter) taken.enter();
    else taken?.pick();
    return Boolean(taken);
  }

  closed() {
    this.hide();
    return true;
  }

  moved(step) {
    this.move(step);
    return true;
  }
}
