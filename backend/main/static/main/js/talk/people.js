// Who is in the room, by their roles, with who is there now.

import { h } from "../dom.js";
import { _, n_ } from "../translation.js";
import { avatar, tool } from "./draw.js";

const SHOWN = "talk-people";

export class People {
  /**
   * @param {HTMLElement} node
   * @param {{ changed: (open: boolean) => void }} how
   */
  constructor(node, { changed }) {
    this.node = node;
    this.changed = changed;
    /** @type {RoomPerson[]} */
    this.people = [];
    /** @type {Map<string, string>} */
    this.statuses = new Map();
    const wide = matchMedia("(min-width: 64rem)");
    const fit = () => this.toggle(wide.matches && Boolean(this.people.length) && remembered() !== "no", false);
    wide.addEventListener("change", fit);
    this.fit = fit;
    fit();
    node.addEventListener("keydown", ({ key }) => key === "Escape" && !matchMedia("(min-width: 64rem)").matches && this.toggle(false));
  }

  get isOpen() {
    return !this.node.hidden;
  }

  toggle(open = !this.isOpen, keep = true) {
    this.node.hidden = !open;
    if (keep && matchMedia("(min-width: 64rem)").matches) remember(open ? "yes" : "no");
    this.changed(open);
    this.draw();
  }

  /** @param {RoomPerson[]} people */
  show(people) {
    const isFirst = !this.people.length;
    this.people = people;
    if (isFirst) this.fit();
    this.draw();
  }

  /** @param {Record<string, string> | null | undefined} presence */
  snapshot(presence) {
    if (!presence) return;
    for (const [user, status] of Object.entries(presence)) this.statuses.set(user, status);
    this.draw();
  }

  /** @param {{ user: string, status: string, users?: Record<string, string> }} frame */
  change({ user, status, users = { [user]: status } }) {
    for (const [id, now] of Object.entries(users)) {
      if (now === "offline") this.statuses.delete(id);
      else this.statuses.set(id, now);
    }
    this.draw();
  }

  draw() {
    if (!this.isOpen) return;
    const { true: there = [], false: away = [] } = Object.groupBy(this.people, ({ id }) => String(this.statuses.has(id ?? "")));
    const groups = Map.groupBy(there, ({ role }) => role || _("Online"));
    const close = h("header", {}, h("h2", {}, _("Members")), tool("close", _("Close"), () => this.toggle(false)));
    const nodes = [...groups].flatMap(([role, people]) => this.#group(role, people));
    if (away.length) nodes.push(...this.#group(_("Offline"), away));
    const focused = /** @type {HTMLElement | null} */ (document.activeElement?.closest("#talk-people li"))?.dataset.person;
    this.node.replaceChildren(close, ...nodes);
    if (focused) /** @type {HTMLElement | null} */ (this.node.querySelector(`[data-person="${CSS.escape(focused)}"] button`))?.focus();
  }

  /**
   * @param {string} title
   * @param {RoomPerson[]} people
   */
  #group(title, people) {
    const sorted = people.toSorted((one, other) => one.name.localeCompare(other.name));
    const heading = h("h3", {}, h("bdi", {}, title), ` · ${people.length}`);
    return [heading, h("ul", {}, ...sorted.map((person) => this.#person(person)))];
  }

  /** @param {RoomPerson} person */
  #person({ id, name, avatar_url: url, colour }) {
    const status = this.statuses.get(id ?? "");
    const said = h("bdi", { class: "name", translate: "no" }, name);
    if (colour && status) said.style.color = `light-dark(oklch(from ${colour} clamp(0.3, l, 0.5) c h), oklch(from ${colour} clamp(0.7, l, 0.88) c h))`;
    const says = status === "online" ? _("online") : status === "away" ? _("away") : _("offline");
    const button = h(
      "button",
      { type: "button", "data-person": id ?? "" },
      h("span", { class: "with-status" }, avatar(name, url)),
      said,
      h("span", { class: "visually-hidden" }, says),
    );
    return h("li", { "data-person": id ?? "", ...(status && { "data-status": status }) }, button);
  }
}

/** @param {number} count */
export const manyPeople = (count) => n_("{count} member", "{count} members", count);

function remembered() {
  try {
    return localStorage.getItem(SHOWN);
  } catch {
    return null;
  }
}

/** @param {string} what */
function remember(what) {
  try {
    localStorage.setItem(SHOWN, what);
  } catch {
    // not remembered, still shown
  }
}
