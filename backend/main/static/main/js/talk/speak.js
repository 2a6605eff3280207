// As whom and to whom one writes: a quick switch above the box. What is out of the ordinary holds for one message.

import { $, h } from "../dom.js";
import { call } from "../api.js";
import { _ } from "../translation.js";
import { avatar, roomUrl } from "./draw.js";

const MYSELF = "";

export class SpeakAs {
  /**
   * @param {{ room: string, people: () => RoomPerson[], isMyTurn: () => boolean, status: () => Map<string, string[]>,
   *   explain: (error: unknown) => void, changed: () => void }} around
   */
  constructor(around) {
    this.around = around;
    /** @type {any[]} */
    this.speakers = [];
    /** @type {string | null} */
    this.chosen = null;
    this.tells = false;
    this.face = h("span", { class: "face" });
    this.standing = h("span", { class: "standing" });
    this.who = h("select", { id: "speak-as", class: "small", translate: "no", onchange: () => this.#choose() });
    this.how = h("select", { id: "speak-how", class: "small" });
    this.ends = h("input", { type: "checkbox", id: "ends-turn" });
    this.turn = h("label", { class: "ends-turn", hidden: true }, this.ends, _("and end my turn"));
    const asks = [h("label", { class: "visually-hidden", for: "speak-as" }, _("Write as")), this.who];
    const says = [h("label", { class: "visually-hidden", for: "speak-how" }, _("How it is said")), this.how];
    this.node = h("div", { class: "speak-as", hidden: true }, this.face, ...asks, this.standing, ...says, this.turn);
    $("[data-composer]").before(this.node);
  }

  close() {
    this.node.remove();
    this.closed = true;
  }

  async load() {
    this.#take(await call("GET", roomUrl(this.around.room, "speakers/")));
  }

  /** @param {{ chosen: string | null, storyteller: boolean, results: any[] }} found */
  #take({ chosen, storyteller, results }) {
    if (this.closed) return;
    Object.assign(this, { speakers: results, chosen, tells: storyteller });
    this.node.hidden = false;
    this.who.replaceChildren(...this.#speakers());
    this.#hows();
    this.draw();
    this.around.changed();
  }

  *#speakers() {
    yield h("option", { value: MYSELF, selected: !this.chosen, translate: "yes" }, _("Myself"));
    const groups = [
      [_("My characters"), this.speakers.filter(({ own }) => own)],
      [_("Characters"), this.speakers.filter(({ own, kind }) => !own && kind === "character")],
      [_("Cast"), this.speakers.filter(({ kind }) => kind === "cast")],
    ];
    for (const [label, found] of /** @type {[string, any[]][]} */ (groups)) {
      const options = found.map(({ id, name }) => h("option", { value: id, selected: id === this.chosen }, name));
      if (options.length) yield h("optgroup", { label }, ...options);
    }
  }

  #hows() {
    const people = this.tells ? this.around.people() : [];
    const before = this.how.value;
    this.how.replaceChildren(
      h("option", { value: "" }, _("to everybody")),
      h("option", { value: "ooc" }, _("out of character")),
      h("option", { value: "as_myself" }, _("as myself, this once")),
      h("option", { value: "whisper" }, _("whisper to the storytellers")),
      ...(this.tells ? [h("option", { value: "hidden" }, _("hidden until I reveal it"))] : []),
      ...(people.length ? [h("optgroup", { label: _("Whisper to") }, ...people.map(({ id, name }) => h("option", { value: `to:${id}`, translate: "no" }, name)))] : []),
    );
    this.how.value = before;
    if (this.how.selectedIndex < 0) this.how.value = "";
  }

  draw() {
    const one = this.speakers.find(({ id }) => id === this.chosen);
    this.face.replaceChildren(...(one ? [avatar(one.name, one.portrait_url)] : []));
    const standing = this.around.status().get(this.chosen ?? "") ?? [];
    this.standing.replaceChildren(...standing.map((text) => h("span", {}, text)));
    this.turn.hidden = !this.around.isMyTurn();
    if (this.turn.hidden) this.ends.checked = false;
  }

  async #choose() {
    const before = this.chosen;
    try {
      this.#take(await call("PUT", roomUrl(this.around.room, "speakers/"), { speaks_as: this.who.value || null }));
    } catch (error) {
      this.who.value = before ?? MYSELF;
      this.around.explain(error);
    }
  }

  /** What the next message carries beside its text; after it, one speaks as always again. */
  carries() {
    if (this.node.hidden) return {};
    const [how = "", to] = this.how.value.split(":");
    /** @type {Record<string, unknown>} */
    const more = this.chosen ? { speaks_as: this.chosen } : { as_myself: true };
    if (how === "to") more.whisper_to = to;
    else if (how) more[how] = true;
    if (how === "as_myself") delete more.speaks_as;
    if (this.ends.checked && !this.turn.hidden) more.ends_turn = true;
    this.how.value = "";
    this.ends.checked = false;
    return more;
  }

  /**
   * As `more` had it: for a message that was refused.
   * @param {Record<string, any>} more
   */
  restore(more) {
    const how = ["ooc", "whisper", "hidden"].find((name) => more[name]);
    this.how.value = more.whisper_to ? `to:${more.whisper_to}` : (how ?? (more.as_myself && this.chosen ? "as_myself" : ""));
    this.ends.checked = Boolean(more.ends_turn);
  }
}
