// Lists of entries, keyed by id: an entry that did not change keeps its node, its focus and its open details.

import { $, $$, button, copy, h, setText } from "../dom.js";
import { askEntry, confirm } from "../dialogs.js";
import { same } from "../paths.js";
import { dots, dotsText } from "../words.js";
import { TraitElement } from "./base.js";
import { N_, _ } from "../translation.js";

/**
 * Puts an entry's values into the slots of its node. `scope` leaves out the slots of nested entries.
 * @param {Element} node
 * @param {Fields} entry
 */
export function fill(node, entry) {
  for (const slot of $$("[data-slot]", node)) {
    if (slot.closest("[data-id]") !== node) continue;
    const value = entry[slot.dataset.slot ?? ""];
    if (slot.dataset.as === "dots") {
      const max = Number(slot.dataset.max);
      setText(slot, dotsText(value ?? 0, max));
      slot.setAttribute("aria-label", dots(value, max));
      continue;
    }
    const empty = value === undefined || value === null || value === "" || value === 0;
    setText(slot, empty ? (slot.dataset.slot === "cost" ? "0" : "") : `${slot.dataset.prefix ?? ""}${value}`);
    if (slot.matches(".tag, .entry-text")) slot.hidden = empty;
  }
}

/**
 * Makes `list` show exactly `entries`. `made(node, id)` is called for new nodes, `drawn(node, entry, id)` for all.
 * @param {Element} list
 * @param {Record<string, Fields>} entries
 * @param {Pick<HTMLTemplateElement, "content">} template
 * @param {{ made?: (node: Found, id: string) => void, drawn?: (node: Found, entry: Fields, id: string) => void }} [hooks]
 */
export function reconcile(list, entries, template, { made = () => {}, drawn = () => {} } = {}) {
  const wanted = Object.keys(entries).sort();
  for (const node of [...list.children]) if (!wanted.includes(node.dataset.id ?? "")) node.remove();
  wanted.forEach((id, n) => {
    let node = /** @type {Found | undefined} */ ([...list.children].find((one) => one.dataset.id === id));
    if (!node) {
      node = copy(template);
      node.dataset.id = id;
      made(node, id);
    }
    if (list.children[n] !== node) list.insertBefore(node, list.children[n] ?? null);
    node.classList.toggle("pending", id.startsWith("new-"));
    fill(node, entries[id]);
    drawn(node, entries[id], id);
  });
}

/**
 * @param {Element} list
 * @returns {Found[]}
 */
export const nodesIn = (list) => /** @type {Found[]} */ ([...list.children]);

export class TraitEntries extends TraitElement {
  /** @type {Shape} */
  shape;
  /** @type {Found} */
  list;
  /** @type {Found} */
  head;
  /** @type {Found} */
  template;

  prepare() {
    this.shape = this.spec.entry;
    this.list = $("[data-entries]", this);
    this.head = $("[data-head]", this);
    this.blank = $("[data-empty]", this);
    this.template = $("template[data-entry]", this);
  }

  get listPath() {
    return this.slug;
  }

  entries(value = this.value) {
    return value ?? {};
  }

  /** @param {any} [_value] */
  draw(_value) {
    reconcile(this.list, this.entries(), this.template, {
      made: (node) => this.dress(node),
      drawn: (node, entry, id) => this.drawn(node, entry, id),
    });
    if (this.blank) this.blank.hidden = this.list.children.length > 0;
  }

  /**
   * An entry's node shows its values now.
   * @param {Found} _node
   * @param {Fields} _entry
   * @param {string} _id
   */
  drawn(_node, _entry, _id) {}

  /** @param {boolean} editable */
  controls(editable) {
    this.add?.remove();
    for (const node of nodesIn(this.list)) {
      $$(".tools", node).forEach((tools) => tools.remove());
      this.dress(node);
    }
    if (!editable || !this.head) return;
    this.add = button(_("Add"), () => this.askNew(), { icon: "plus", "aria-label": _("Add to {label}", { label: this.label }) });
    this.head.append(this.add);
  }

  /**
   * Gives an entry's node its buttons.
   * @param {Found} node
   */
  dress(node) {
    if (!this.editable) return;
    const id = node.dataset.id ?? "";
    const name = () => this.entries()[id]?.[this.shape.title] ?? "";
    $(".entry-head", node).append(
      this.tools(
        () => this.askChange(id),
        () => this.askRemoval(id),
        name,
      ),
    );
  }

  /**
   * @param {() => unknown} change
   * @param {() => unknown} remove
   * @param {() => string} name
   */
  tools(change, remove, name) {
    /**
     * @param {string} label
     * @param {() => unknown} act
     * @param {string} icon
     */
    const quiet = (label, act, icon) => {
      const made = button("", act, { class: "button quiet small", icon });
      const named = () => made.setAttribute("aria-label", _(label, { name: name() }));
      made.addEventListener("focus", named);
      named();
      return made;
    };
    return h("span", { class: "tools" }, quiet(N_("Edit {name}"), change, "edit"), quiet(N_("Remove {name}"), remove, "trash"));
  }

  async askNew() {
    const entry = await askEntry(_("Add to {label}", { label: this.label }), this.shape.fields, {}, _("Add"));
    if (entry) this.edit("add", entry, this.listPath);
  }

  /** @param {string} id */
  async askChange(id) {
    const before = this.entries()[id];
    await changeEntry(this, before[this.shape.title], this.shape.fields, before, `${this.listPath}.${id}`);
  }

  /** @param {string} id */
  async askRemoval(id) {
    const name = this.entries()[id][this.shape.title];
    if (!(await confirm(_("Remove {name}?", { name }), this.warning(id), _("Remove")))) return;
    this.character.removed(name, this.edit("remove", undefined, `${this.listPath}.${id}`));
  }

  /** @param {string} [_id] */
  warning(_id) {
    return _("It’s removed from the sheet. You can bring it back from the history.");
  }
}

/**
 * Asks for an entry's values and sends those that differ, each with the version that was seen when it opened.
 * @param {TraitElement} element
 * @param {string} title
 * @param {Field[]} fields
 * @param {Fields} before
 * @param {string} path
 */
export async function changeEntry(element, title, fields, before, path) {
  const seen = element.character.version;
  const after = await askEntry(title, fields, before);
  for (const [name, value] of Object.entries(after ?? {})) {
    if (same(before[name] ?? "", value)) continue;
    element.complain(null);
    element.character.edit({ path: `${path}.${name}`, op: "set", value, seen });
  }
}
