// Who else is looking: small heads in the sheet's top line.

import { h } from "./dom.js";
import { N_, _ } from "./translation.js";

const MOST = 5;
/** @type {Record<string, string>} */
const SAYS = { online: N_("{name} is online"), away: N_("{name} is away") };

export class Presence {
  /**
   * `people` maps user ids to names, as far as the page knows them.
   * @param {Found} node
   * @param {Record<string, string>} people
   * @param {string} me
   */
  constructor(node, people, me) {
    this.node = node;
    this.people = people;
    this.me = me;
    /** @type {Map<string, string>} */
    this.statuses = new Map();
  }

  /** @param {{ presence?: Record<string, string> | null }} snapshot */
  snapshot({ presence }) {
    if (!presence) return;
    this.statuses = new Map(Object.entries(presence));
    this.#draw();
  }

  /**
   * One person's frame, or one with several `users`.
   * @param {{ user: string, status: string, users?: Record<string, string> }} frame
   */
  change({ user, status, users = { [user]: status } }) {
    for (const [id, now] of Object.entries(users)) {
      if (now === "offline") this.statuses.delete(id);
      else this.statuses.set(id, now);
    }
    this.#draw();
  }

  /**
   * An event tells the name of somebody we did not know.
   * @param {Actor | null | undefined} actor
   */
  learn(actor) {
    if (!actor?.id || this.people[actor.id]) return;
    this.people[actor.id] = actor.name;
    this.#draw();
  }

  #draw() {
    const others = [...this.statuses].filter(([user]) => user !== this.me);
    const heads = others.slice(0, MOST).map(([user, status]) => {
      const name = this.people[user] ?? _("Somebody");
      const says = _(SAYS[status] ?? "{name}", { name });
      return h("span", { class: "avatar", role: "img", "aria-label": says, title: says, "data-status": status }, name.slice(0, 1));
    });
    if (others.length > MOST) heads.push(h("span", { class: "avatar" }, `+${others.length - MOST}`));
    this.node.replaceChildren(...heads);
  }
}
