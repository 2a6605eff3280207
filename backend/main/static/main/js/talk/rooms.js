// The lists at the side: servers, and the rooms of the one that is open, each with what waits there.

import { $, $$, h } from "../dom.js";
import { _, n_ } from "../translation.js";
import { avatar, chatIcon } from "./draw.js";

/** @type {Record<string, string>} */
const ICONS = { thread: "thread", voice: "voice", conversation: "person", channel: "hash" };

export class RoomList {
  /**
   * @param {Rooms} listed
   * @param {string} current
   */
  constructor(listed, current) {
    this.listed = listed;
    this.current = current;
    this.places = $("#talk-places");
    this.rooms = $("[data-rooms]");
    this.draw();
  }

  /** @param {string} id */
  row(id) {
    return this.listed.results.find((row) => row.id === id);
  }

  /**
   * The list as it is now; the room that is open is read here.
   * @param {Rooms} listed
   */
  replace(listed) {
    const open = listed.results.find(({ id }) => id === this.current);
    const known = this.row(this.current);
    if (open && known) Object.assign(open, { unread: known.unread, mentions: known.mentions });
    this.listed = listed;
    this.draw();
  }

  /** @param {string} id */
  open(id) {
    this.current = id;
    for (const link of $$("a[data-room]", this.rooms)) {
      if (link.dataset.room === id) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }

  /**
   * What waits in a room by now.
   * @param {string} id
   * @param {{ unread: number, mentions: number, read?: number }} counts
   */
  count(id, counts) {
    const row = this.row(id);
    if (!row) return;
    Object.assign(row, counts);
    this.#mark(row);
    this.#markPlace();
  }

  /**
   * @param {string} id
   * @param {"all" | "mentions" | "nothing"} notify
   */
  hear(id, notify) {
    const row = this.row(id);
    if (!row) return;
    row.notify = notify;
    this.#mark(row);
    this.#markPlace();
  }

  /** How many times the reader was mentioned where this page can tell, and whether anything is unread. */
  get waiting() {
    const here = this.listed.results.reduce((sum, { mentions }) => sum + mentions, 0);
    const elsewhere = this.listed.places.filter(({ id }) => id !== this.listed.place).reduce((sum, { mentions }) => sum + mentions, 0);
    return { mentions: here + elsewhere, unread: this.listed.results.some((row) => row.unread > 0 && row.notify === "all") };
  }

  draw() {
    const groups = Map.groupBy(this.listed.results, ({ category }) => category);
    if (!groups.size) return;
    const nodes = [...groups].flatMap(([category, rows]) => [
      category ? h("h3", { dir: "auto", translate: "no" }, category) : null,
      h("ul", {}, ...inOrder(rows).map((row) => this.#item(row))),
    ]);
    this.rooms.replaceChildren(...nodes.filter((node) => node !== null));
    for (const row of this.listed.results) this.#mark(row);
    this.#markPlace();
  }

  /** @param {RoomRow} row */
  #item(row) {
    const link = h("a", { href: `/talk/${row.id}/`, "data-room": row.id });
    if (row.id === this.current) link.setAttribute("aria-current", "page");
    const [person] = row.people;
    const picture =
      row.kind === "conversation" && row.people.length === 1
        ? h("span", { class: "with-status" }, avatar(row.name, person.avatar_url))
        : chatIcon(row.private && row.kind === "channel" ? "lock" : row.people.length > 1 ? "people" : ICONS[row.kind]);
    if (row.kind === "conversation" && person?.id && row.people.length === 1) link.dataset.of = person.id;
    link.append(picture, h("span", { class: "name", dir: "auto", translate: "no" }, row.name));
    return h("li", row.parent ? { class: "below" } : {}, link);
  }

  /** @param {RoomRow} row */
  #mark(row) {
    const link = $(`a[data-room="${row.id}"]`, this.rooms);
    if (!link) return;
    const isUnread = row.unread > 0 && row.notify !== "nothing";
    link.toggleAttribute("data-unread", isUnread);
    link.toggleAttribute("data-muted", row.notify === "nothing");
    $(".count", link)?.remove();
    $(".visually-hidden", link)?.remove();
    if (row.mentions) link.append(h("span", { class: "count", "aria-hidden": "true" }, String(row.mentions)));
    const says = row.mentions ? n_("{count} mention", "{count} mentions", row.mentions) : isUnread ? _("unread") : "";
    if (says) link.append(h("span", { class: "visually-hidden" }, says));
  }

  #markPlace() {
    for (const place of this.listed.places) {
      const link = $(`a[data-place="${place.id ?? ""}"]`, this.places);
      if (!link) continue;
      const isHere = place.id === this.listed.place;
      const rows = isHere ? this.listed.results : [];
      const mentions = isHere ? rows.reduce((sum, row) => sum + row.mentions, 0) : place.mentions;
      link.toggleAttribute("data-unread", isHere ? rows.some((row) => row.unread > 0 && row.notify !== "nothing") : place.unread);
      $(".count", link)?.remove();
      if (mentions) link.append(h("span", { class: "count" }, String(mentions)));
    }
  }
}

/**
 * Threads stand under their channels.
 * @param {RoomRow[]} rows
 */
function inOrder(rows) {
  const below = Map.groupBy(rows.filter(({ parent }) => parent), ({ parent }) => parent);
  const ids = new Set(rows.map(({ id }) => id));
  const tops = rows.filter(({ parent }) => !parent || !ids.has(parent));
  return tops.flatMap((row) => [row, ...(below.get(row.id) ?? [])]);
}
