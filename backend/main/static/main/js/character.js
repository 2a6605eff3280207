// One character on this page: what the server last said, what waits to be sent on top of it, and the elements that show it.

import { put, same, slugOf } from "./paths.js";
import { apply } from "./optimistic.js";

/** @typedef {import("./elements/base.js").TraitElement} TraitElement */

export class Character extends EventTarget {
  /**
   * @param {FullCharacter} data
   * @param {Pick<Splat, "traits" | "groups">} splat
   * @param {string} userId
   */
  constructor(data, splat, userId) {
    super();
    this.userId = userId;
    this.specs = new Map(splat.traits.map((spec) => [spec.slug, spec]));
    this.groups = new Map((splat.groups ?? []).map((group) => [group.slug, group.label]));
    /** @type {Set<TraitElement>} */
    this.elements = new Set();
    /** @type {import("./changes.js").Changes | null} */
    this.changes = null;
    this.id = data.id;
    this.owner = data.owner;
    this.chronicle = data.chronicle;
    this.stream = data.stream;
    /** @type {Partial<Rights>} none on a card */
    this.rights = data.rights ?? { edit: false };
    this.version = data.version;
    /** @type {Fields} */
    this.fields = data.fields;
    /** @type {Record<string, string>} */
    this.visibility = data.visibility ?? {};
    this.view = this.fields;
  }

  /** @param {string} slug */
  spec(slug) {
    return this.specs.get(slug);
  }

  /** @param {string} path */
  field(path) {
    return this.spec(slugOf(path))?.fields.find((one) => one.path === path);
  }

  /** @param {string} slug */
  value(slug) {
    return this.view[slug];
  }

  /** Its own, or none: then the style sheet's holds. Nothing else may get into a style. */
  colour() {
    return /^#[0-9a-f]{6}$/i.test(this.view.theme) ? this.view.theme : "";
  }

  /** @param {Trait} spec */
  editable(spec) {
    if (!this.rights.edit || !this.changes) return false;
    if (spec.writer === "system") return false;
    if (spec.writer === "storyteller" && this.rights.level !== "secret") return false;
    if (spec.writer === "player" && this.owner.id !== this.userId) return false;
    return !this.rights.trackers_only || spec.tracker || spec.slug === "notes";
  }

  /** @param {TraitElement} element */
  attach(element) {
    this.elements.add(element);
  }

  /** @param {TraitElement} element */
  detach(element) {
    this.elements.delete(element);
  }

  /**
   * A person changes something here. Resolves with the event, or null when it did not come to one.
   * @param {import("./changes.js").Wish} change
   * @returns {Promise<HistoryEvent | null>}
   */
  edit(change) {
    const done = this.changes?.add(change) ?? Promise.resolve(null);
    this.refresh(false);
    return done;
  }

  /**
   * Values from an event of the gateway. Old news changes nothing.
   * @param {{ version: number, fields: Fields, event?: HistoryEvent }} frame
   */
  receive({ version, fields, event }, mine = false) {
    if (version <= this.version) return false;
    const gap = version > this.version + 1 || "locked" in fields;
    const next = structuredClone(this.fields);
    for (const [path, value] of Object.entries(fields)) put(next, path, value);
    this.commit(next, version, mine ? Object.keys(event?.changes ?? {}) : []);
    if (gap) this.dispatchEvent(new Event("gap"));
    return true;
  }

  /**
   * The whole character, from the answer to a change or to an opened sheet.
   * @param {FullCharacter} data
   * @param {string[]} minePaths
   */
  replace(data, minePaths = []) {
    if (data.version < this.version) return;
    const rights = !same(this.rights, data.rights ?? this.rights);
    if (data.rights) this.rights = data.rights;
    if (data.visibility) this.visibility = data.visibility;
    this.commit(data.fields, data.version, minePaths);
    if (rights) for (const element of this.elements) element.allow(this.editable(element.spec));
    if (rights) this.dispatchEvent(new Event("rights"));
  }

  /**
   * @param {Fields} fields
   * @param {number} version
   * @param {string[]} minePaths
   */
  commit(fields, version, minePaths) {
    this.changes?.observe(this.fields, fields, version, minePaths);
    this.fields = fields;
    this.version = version;
    this.refresh(true);
  }

  /**
   * Shows server values with the waiting changes on top. `news`: what differs now came from elsewhere.
   * @param {boolean} news
   */
  refresh(news) {
    const waiting = this.changes?.waiting() ?? [];
    this.view = waiting.length ? structuredClone(this.fields) : this.fields;
    for (const change of waiting) apply(this.view, change, this);
    for (const element of this.elements) element.receive(this.view[element.slug], news);
    this.dispatchEvent(new CustomEvent("refresh"));
  }

  /**
   * @param {string} path
   * @param {string[]} sentences
   */
  refuse(path, sentences) {
    for (const element of this.elements) {
      if (element.slug === slugOf(path)) element.complain(sentences);
    }
  }

  /**
   * Tells the page of a removal once it is done, so that it can offer the way back.
   * @param {string} name
   * @param {Promise<HistoryEvent | null>} done
   */
  async removed(name, done) {
    const event = await done;
    if (event) this.dispatchEvent(new CustomEvent("removed", { detail: { name, event } }));
  }
}

/** @type {Map<string, Character>} */
const known = new Map();

/** @param {Character} character */
export function remember(character) {
  known.set(character.id, character);
  return character;
}

/**
 * The character that an element belongs to; `load` makes it from what the page holds, when it is first asked for.
 * @param {Element} element
 * @param {(root: Found) => Character} [load]
 */
export function characterOf(element, load) {
  const root = /** @type {Found | null} */ (element.closest("[data-character]"));
  if (!root) return null;
  return known.get(root.dataset.character ?? "") ?? load?.(root) ?? null;
}

/** @param {string} id */
export const find = (id) => known.get(id);
export const all = () => [...known.values()];
