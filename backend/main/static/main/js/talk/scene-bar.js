// The scene that is open in the room, above its messages: whose turn it is, who waits how long, and what one may do.

import { $, h } from "../dom.js";
import { call } from "../api.js";
import { ask, confirm } from "../dialogs.js";
import { toast } from "../toasts.js";
import { _, n_ } from "../translation.js";
import { avatar, chatIcon, nameOf, roomUrl, when } from "./draw.js";

const MINUTE = 60_000;
const PACES = [30, 60, 240, 720, 1440, 4320];

export class SceneBar {
  /**
   * @param {{ room: string, me: string, speaker: () => string | null, status: () => Map<string, string[]>, explain: (error: unknown) => void,
   *   changed: (scene: Scene | null) => void }} around
   */
  constructor(around) {
    this.around = around;
    this.node = h("section", { class: "scene-bar", "aria-label": _("Scene"), hidden: true });
    $("[data-strip]").append(this.node);
    /** @type {Scene | null} */
    this.scene = null;
    this.mayOpen = this.mayRun = false;
    this.clock = setInterval(() => this.draw(), MINUTE);
  }

  close() {
    clearInterval(this.clock);
    this.node.remove();
    this.closed = true;
  }

  async load() {
    const found = await call("GET", roomUrl(this.around.room, "scene/"));
    if (this.closed) return;
    this.mayOpen = found.may_open;
    this.mayRun = found.may_run;
    this.take(found.scene);
  }

  /**
   * A scene of this room as it is now.
   * @param {Scene | null} scene
   */
  take(scene) {
    if (scene && this.scene?.id === scene.id && scene.version < this.scene.version) return;
    if (scene && !scene.open && this.scene?.id !== scene.id) return;
    const isNew = Boolean(scene?.open && this.scene?.id !== scene.id);
    this.scene = scene?.open ? scene : null;
    this.draw();
    this.around.changed(this.scene);
    // Who may run it was told of another one.
    if (isNew && !this.asked) {
      this.asked = true;
      this.load().catch(this.around.explain).finally(() => (this.asked = false));
    }
  }

  get mine() {
    return this.scene?.parts.filter(({ user }) => user.id === this.around.me) ?? [];
  }

  get isMyTurn() {
    return this.mine.some(({ id }) => id === this.scene?.turn);
  }

  draw() {
    const { scene } = this;
    this.node.hidden = !scene;
    if (!scene || this.closed) return;
    const title = h("h2", { dir: "auto", translate: "no" }, scene.title);
    const place = scene.place ? h("span", { class: "muted", dir: "auto", translate: "no" }, scene.place) : null;
    const parts = h("ol", { class: "scene-parts" }, ...scene.parts.map((part) => this.#part(part)));
    const focus = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset.does;
    this.node.replaceChildren(h("header", {}, chatIcon("scene"), title, place, this.#wait()), parts, this.#actions());
    if (focus) $(`[data-does="${focus}"]`, this.node)?.focus();
  }

  #wait() {
    const { scene } = this;
    if (!scene?.turn || !scene.turn_since) return null;
    const late = scene.late_from && new Date(scene.late_from).valueOf() < Date.now();
    return h("span", { class: late ? "wait late" : "wait muted" }, late ? _("late; the others may go on") : _("since {time}", { time: when(scene.turn_since) }));
  }

  /** @param {ScenePart} part */
  #part(part) {
    const { scene } = this;
    const isNow = part.id === scene?.turn;
    const standing = this.around.status().get(part.character ?? "") ?? [];
    const node = h(
      "li",
      { class: [isNow ? "now" : "", part.away ? "away" : ""].join(" ").trim(), "aria-current": isNow ? "step" : null },
      avatar(part.name, part.portrait_url),
      h("span", { class: "who" }, nameOf(part.name), h("span", { class: "standing" }, ...standing.map((text) => h("span", {}, text)))),
    );
    if (isNow) node.append(h("span", { class: "badge" }, _("their turn")));
    if (this.mayRun || part.user.id === this.around.me) {
      const label = part.away ? _("{name} is back", { name: part.name }) : _("{name} is away", { name: part.name });
      const away = () => this.#do("PUT", `parts/${part.id}/away/`, { away: !part.away });
      node.append(h("button", { type: "button", class: "button quiet square small", "data-does": `away-${part.id}`, "aria-label": label, title: label, "aria-pressed": String(part.away), onclick: away }, chatIcon("bell")));
    }
    if (this.mayRun && !isNow) {
      const label = _("Give {name} the turn", { name: part.name });
      node.append(h("button", { type: "button", class: "button quiet square small", "data-does": `turn-${part.id}`, "aria-label": label, title: label, onclick: () => this.#do("POST", "turn/", { to: part.id }) }, chatIcon("again")));
    }
    return node;
  }

  #actions() {
    const { scene, mine } = this;
    const late = scene?.late_from && new Date(scene.late_from).valueOf() < Date.now();
    const mayPass = this.mayRun || this.isMyTurn || (mine.length && (!scene?.turn || late));
    const all = [
      mine.length ? null : this.#action("join", _("Take part"), () => this.#join(), "primary"),
      mayPass && scene?.parts.length ? this.#action("pass", this.isMyTurn ? _("End my turn") : _("Next turn"), () => this.#do("POST", "turn/", {}), this.isMyTurn ? "primary" : "") : null,
      scene?.turn && !this.isMyTurn && (mine.length || this.mayRun) ? this.#action("nudge", _("Nudge"), () => this.#do("POST", "nudge/", {})) : null,
      mine.length ? this.#action("leave", _("Leave"), () => this.#do("DELETE", `parts/${mine[0]?.id}/`)) : null,
      this.mayRun && (scene?.parts.length ?? 0) > 1 ? this.#action("order", _("Order…"), () => this.#order()) : null,
      this.mayRun ? this.#action("edit", _("Change…"), () => this.#change()) : null,
      this.mayRun ? this.#action("close", _("Close scene"), () => this.#end()) : null,
    ];
    return h("p", { class: "actions" }, ...all);
  }

  /**
   * @param {string} does
   * @param {string} label
   * @param {() => unknown} onclick
   * @param {string} [kind]
   */
  #action(does, label, onclick, kind = "quiet") {
    return h("button", { type: "button", class: `button small ${kind}`, "data-does": does, onclick }, label);
  }

  /**
   * @param {"POST" | "PUT" | "PATCH" | "DELETE"} method
   * @param {string} what
   * @param {unknown} [body]
   */
  async #do(method, what, body) {
    if (!this.scene) return;
    try {
      const { scene } = await call(method, `/api/chat/scenes/${this.scene.id}/${what}`, body);
      this.take(scene);
    } catch (error) {
      this.around.explain(error);
    }
  }

  async #join() {
    const { results } = await call("GET", roomUrl(this.around.room, "speakers/"));
    const chosen = this.around.speaker();
    const options = results.map((/** @type {any} */ one) => h("option", { value: one.id, selected: one.id === chosen }, one.name));
    if (!options.length) return void toast(_("You have no character here yet."));
    const who = h("select", { id: "scene-as", translate: "no", required: true }, ...options);
    const body = [h("div", { class: "field" }, h("label", { for: "scene-as" }, _("As whom")), who)];
    const speaker = await ask({ title: _("Take part in the scene"), body, accept: _("Take part"), read: () => who.value });
    if (speaker) await this.#do("POST", "parts/", { speaker });
  }

  async #order() {
    const { scene } = this;
    if (!scene) return;
    const list = h("ol", { class: "scene-order" }, ...scene.parts.map((part) => sortable(part)));
    const read = () => [...list.children].map((node) => /** @type {HTMLElement} */ (node).dataset.part);
    const parts = await ask({ title: _("Order of turns"), body: [list], read });
    if (parts) await this.#do("PUT", "parts/", { parts });
  }

  async #change() {
    const given = await askScene(_("Change the scene"), _("Save"), this.scene);
    if (given) await this.#do("PATCH", "", given);
  }

  async #end() {
    const sure = await confirm(_("Close the scene?"), _("What is said after that is no longer part of it. Its log stays on the chronicle’s page."), _("Close scene"));
    if (sure) await this.#do("POST", "close/", {});
  }

  async open() {
    const given = await askScene(_("Open a scene"), _("Open"), null);
    if (!given) return;
    try {
      const { scene } = await call("POST", roomUrl(this.around.room, "scene/"), given);
      this.mayRun = true;
      this.take(scene);
    } catch (error) {
      this.around.explain(error);
    }
  }
}

/**
 * @param {string} title
 * @param {string} accept
 * @param {Scene | null} scene
 */
function askScene(title, accept, scene) {
  const name = h("input", { id: "scene-title", required: true, maxlength: "120", value: scene?.title ?? "", translate: "no" });
  const place = h("input", { id: "scene-place", maxlength: "120", value: scene?.place ?? "", translate: "no" });
  const paces = [...new Set([...PACES, ...(scene?.pace ? [scene.pace] : [])])];
  const pace = h(
    "select",
    { id: "scene-pace" },
    h("option", { value: "" }, _("As long as it takes")),
    ...paces.map((minutes) => h("option", { value: String(minutes), selected: scene?.pace === minutes }, lasting(minutes))),
  );
  const body = [
    field(_("Title"), name),
    field(_("Where it plays"), place),
    field(_("How long the others wait for a turn"), pace),
  ];
  const read = () => ({ title: name.value.trim(), place: place.value.trim(), pace: pace.value ? Number(pace.value) : null });
  return ask({ title, body, accept, read });
}

/** @param {number} minutes */
const lasting = (minutes) =>
  minutes < 120 ? n_("{count} minute", "{count} minutes", minutes) : minutes < 2880 ? n_("{count} hour", "{count} hours", Math.round(minutes / 60)) : n_("{count} day", "{count} days", Math.round(minutes / 1440));

/**
 * @param {string} label
 * @param {HTMLElement} control
 */
const field = (label, control) => h("div", { class: "field" }, h("label", { for: control.id }, label), control);

/** @param {ScenePart} part */
function sortable({ id, name }) {
  const node = h("li", { "data-part": id }, nameOf(name));
  const up = () => (node.previousElementSibling?.before(node), node.querySelector("button")?.focus());
  const down = () => (node.nextElementSibling?.after(node), node.querySelectorAll("button")[1]?.focus());
  const move = (/** @type {string} */ sign, /** @type {string} */ label, /** @type {() => void} */ onclick) =>
    h("button", { type: "button", class: "button quiet square small", "aria-label": label, title: label, onclick }, sign);
  node.append(move("↑", _("{name} earlier", { name }), up), move("↓", _("{name} later", { name }), down));
  return node;
}
