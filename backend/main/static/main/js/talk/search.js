// Search in messages, as one types: what for, by whom, where, when, and with what.

import { Refused, call } from "../api.js";
import { h } from "../dom.js";
import { _ } from "../translation.js";
import { hit } from "./panel.js";

const WAIT = 250;
const HAS = { has_picture: _("a picture"), has_file: _("a file"), has_roll: _("a roll") };

export class Search {
  /**
   * @param {{ opened: OpenRoom, go: (room: string, message: ChatMessage) => void }} around
   */
  constructor({ opened, go }) {
    this.opened = opened;
    this.go = go;
    this.number = 0;
    this.next = "";
    this.results = h("div", { class: "results", role: "list", "aria-busy": "false" });
    this.says = h("p", { class: "muted", role: "status" });
    this.more = h("button", { type: "button", class: "button small", hidden: true, onclick: () => this.#ask(true) }, _("Show more"));
    this.form = this.#makeForm();
    this.form.addEventListener("input", () => this.#soon());
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#ask();
    });
  }

  get content() {
    return [this.form, this.says, this.results, this.more];
  }

  /** @returns {HTMLFormElement} */
  #makeForm() {
    const { room, people } = this.opened;
    const places = [["room", _("Here")], ...(room.server ? [["server", room.server.name]] : []), ["", _("Everywhere")]];
    const who = [["", _("Anybody")], ...people.map(({ id, name }) => [id ?? "", name])];
    const query = h("input", { type: "search", name: "q", maxlength: "200", autocomplete: "off", placeholder: _("Search messages"), "aria-label": _("Search messages") });
    return h(
      "form",
      { role: "search" },
      query,
      h(
        "details",
        { class: "more-filters" },
        h("summary", {}, _("Filters")),
        h(
          "div",
          { class: "filters" },
          labelled(_("Where"), choice("where", places)),
          labelled(_("From"), choice("author", who)),
          labelled(_("Since"), h("input", { type: "date", name: "since" })),
          labelled(_("Until"), h("input", { type: "date", name: "until" })),
        ),
        h("fieldset", { class: "has" }, h("legend", {}, _("Has")), ...Object.entries(HAS).map(([name, label]) => tick(name, label))),
      ),
    );
  }

  #soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#ask(), WAIT);
  }

  /** @returns {URLSearchParams | null} */
  #query() {
    const given = Object.fromEntries([...new FormData(this.form)].map(([name, value]) => [name, String(value)]));
    const { room } = this.opened;
    const asked = new URLSearchParams();
    if (given.q.trim()) asked.set("q", given.q.trim());
    if (given.author) asked.set("author", given.author);
    for (const name of Object.keys(HAS)) if (given[name]) asked.set(name, "true");
    if (given.since) asked.set("since", startOf(given.since, 0));
    if (given.until) asked.set("until", startOf(given.until, 1));
    if (!asked.size) return null;
    if (given.where === "room") asked.set("room", room.id);
    if (given.where === "server" && room.server) asked.set("server", room.server.id);
    return asked;
  }

  async #ask(further = false) {
    const number = ++this.number;
    const asked = this.#query();
    if (!asked) return this.#show({ results: [], words: [], ignored: [], next: "" }, "");
    if (further) asked.set("before", this.next);
    this.results.setAttribute("aria-busy", "true");
    try {
      const found = await call("GET", `/api/chat/search/?${asked}`);
      if (number === this.number) this.#show(found, asked.get("q") ?? "", further);
    } catch (error) {
      if (number !== this.number) return;
      this.#show({ results: [], words: [], ignored: [], next: "" }, "");
      this.says.textContent = error instanceof Refused ? error.message : _("The server can’t be reached just now.");
    }
  }

  /**
   * @param {SearchResults} found
   * @param {string} query
   */
  #show({ results, words, ignored, next }, query, further = false) {
    this.next = next;
    this.more.hidden = !next;
    this.results.setAttribute("aria-busy", "false");
    const hits = results.map(({ room, message }) => {
      const place = room.id === this.opened.room.id ? "" : [room.server?.name, room.name].filter(Boolean).join(" › ");
      return h("div", { role: "listitem" }, hit(message, { place, marked: words, go: () => this.go(room.id, message) }));
    });
    if (further) this.results.append(...hits);
    else this.results.replaceChildren(...hits);
    const none = (query || words.length) && !this.results.childElementCount;
    const short = ignored.length ? _("Too short to look for: {words}.", { words: ignored.join(", ") }) : "";
    this.says.textContent = [none ? (next ? _("Nothing found so far. Show more to look further back.") : _("Nothing found.")) : "", short].filter(Boolean).join(" ");
  }
}

/**
 * The beginning of a day, or of the one after it, where its reader is.
 * @param {string} day
 * @param {number} later
 */
function startOf(day, later) {
  const [year, month, date] = day.split("-").map(Number);
  return new Date(year, month - 1, date + later).toISOString();
}

/**
 * @param {string} name
 * @param {string[][]} options
 */
const choice = (name, options) => h("select", { name }, ...options.map(([value, label]) => h("option", { value }, label)));

/**
 * @param {string} label
 * @param {HTMLElement} control
 */
const labelled = (label, control) => h("label", { class: "field" }, h("span", { class: "label" }, label), control);

/**
 * @param {string} name
 * @param {string} label
 */
const tick = (name, label) => h("label", { class: "switch" }, h("input", { type: "checkbox", name, value: "yes" }), h("span", {}, label));
