// What no other chat has: the scene of a room, as whom one speaks there, and what a storyteller does beside writing.

import { $, h } from "../dom.js";
import { call } from "../api.js";
import { ask } from "../dialogs.js";
import { toast } from "../toasts.js";
import { _ } from "../translation.js";
import { bringCardsToLife } from "./cards.js";
import { roomUrl, tool, when } from "./draw.js";
import { SceneBar } from "./scene-bar.js";
import { SpeakAs } from "./speak.js";

const SOON = 400;

bringCardsToLife();

export class Game {
  /**
   * @param {{ opened: OpenRoom, me: string, gateway: Gateway, outbox: import("./outbox.js").Outbox,
   *   explain: (error: unknown) => void }} around
   */
  constructor({ opened, me, gateway, outbox, explain }) {
    this.opened = opened;
    this.room = opened.room.id;
    this.gateway = gateway;
    this.explain = explain;
    this.inServer = opened.room.kind !== "conversation";
    /** @type {Map<string, string[]>} by character, how they are now */
    this.status = new Map();
    this.stops = new AbortController();
    this.outbox = outbox;
    const status = () => this.status;
    if (opened.may.send) {
      this.speak = new SpeakAs({ room: this.room, people: () => opened.people.filter(({ id }) => id !== me), isMyTurn: () => this.bar?.isMyTurn ?? false, status, explain, changed: () => this.#look() });
    }
    if (this.inServer) {
      this.bar = new SceneBar({ room: this.room, me, speaker: () => this.speak?.chosen ?? null, status, explain, changed: () => this.#sceneChanged() });
    }
    this.#listen();
    Promise.all([this.speak?.load(), this.bar?.load()]).then(() => this.#tools()).catch(explain);
  }

  close() {
    this.stops.abort();
    clearTimeout(this.waits);
    this.speak?.close();
    this.bar?.close();
    if (this.stream) this.gateway.unsubscribe(this.stream);
  }

  /** What a message carries beside its text. */
  carries() {
    return this.speak?.carries() ?? {};
  }

  #listen() {
    const { signal } = this.stops;
    this.gateway.addEventListener("chat_message", ({ detail: { stream, message } }) => {
      if (stream === `room:${this.room}` && message.card?.scene) this.bar?.take(message.card.scene);
    }, { signal });
    for (const kind of ["update", "character", "deleted"]) {
      this.gateway.addEventListener(kind, ({ detail }) => this.#changed(detail.id ?? detail.character?.id), { signal });
    }
    // What was refused stands in the box again: it must not become public by that.
    this.outbox.addEventListener("refused", ({ detail }) => detail.room === this.room && this.speak?.restore(detail.more ?? {}), { signal });
    document.addEventListener("click", (event) => {
      const button = event.target.closest("[data-reveal]");
      if (button) void this.#reveal(button);
    }, { signal });
  }

  #sceneChanged() {
    this.speak?.load().catch(this.explain);
    this.#tools();
    this.#look();
  }

  /** Who takes part, and as whom one speaks: how they are. */
  get #characters() {
    const parts = this.bar?.scene?.parts.map(({ character }) => character) ?? [];
    return [...new Set([...parts, this.speak?.chosen])].filter((id) => id && this.#isCharacter(id));
  }

  /** @param {string} id */
  #isCharacter(id) {
    const speaker = this.speak?.speakers.find((one) => one.id === id);
    return speaker?.kind !== "cast";
  }

  /** @param {string | undefined} id */
  #changed(id) {
    if (id && this.#characters.includes(id)) this.#look();
  }

  #look() {
    clearTimeout(this.waits);
    this.waits = setTimeout(() => this.#read().catch(this.explain), SOON);
    this.#draw();
  }

  async #read() {
    const ids = this.#characters;
    if (!ids.length) return;
    const found = await call("GET", `${roomUrl(this.room, "voices/")}?ids=${ids.join(",")}`);
    if (this.stops.signal.aborted) return;
    this.status = new Map(found.results.map((/** @type {any} */ one) => [one.character, one.status]));
    if (found.stream && !this.stream) {
      this.stream = found.stream;
      this.gateway.subscribe(found.stream, found.seq);
    }
    this.#draw();
  }

  #draw() {
    this.bar?.draw();
    this.speak?.draw();
  }

  #tools() {
    const place = $("[data-tools]");
    if (!place || this.stops.signal.aborted) return;
    place.querySelectorAll("[data-game]").forEach((node) => node.remove());
    place.prepend(...this.rare.map(([picture, label, act]) => tool(picture, label, act, { "data-game": picture, "data-rare": "" })));
  }

  /** What stands in a menu on a phone. @returns {[string, string, () => void][]} */
  get rare() {
    const { may } = this.opened;
    /** @type {[string, string, () => void][]} */
    const found = [];
    if (!may.send) return found;
    if (this.bar?.mayOpen && !this.bar.scene) found.push(["scene", _("Open a scene"), () => this.bar?.open()]);
    if (this.inServer) found.push(["die", _("Show a roll"), () => this.#showRoll().catch(this.explain)]);
    if (this.inServer && may.tell) found.push(["ask", _("Ask for a roll"), () => this.#ask().catch(this.explain)]);
    return found;
  }

  /** @param {Found} button */
  async #reveal(button) {
    button.disabled = true;
    try {
      await call("POST", roomUrl(this.room, `messages/${button.dataset.reveal}/reveal/`), {});
    } catch (error) {
      button.disabled = false;
      this.explain(error);
    }
  }

  async #showRoll() {
    const { results } = await call("GET", "/api/rolls/?limit=15");
    const mine = results.filter((/** @type {any} */ roll) => roll.chronicle && roll.visibility !== "private" && !roll.replaced_by);
    if (!mine.length) return void toast(_("You haven’t rolled anything yet that can be shown here."));
    const options = mine.map((/** @type {any} */ roll) => h("option", { value: roll.id }, `${when(roll.at)} · ${roll.name} · ${roll.title} · ${roll.outcome.label}`));
    const which = h("select", { id: "show-roll" }, ...options);
    const body = [h("div", { class: "field" }, h("label", { for: "show-roll" }, _("Roll")), which)];
    const roll = await ask({ title: _("Show a roll here"), body, accept: _("Show"), read: () => which.value });
    if (roll) await call("POST", roomUrl(this.room, "rolls/"), { roll });
  }

  async #ask() {
    const players = this.opened.people.map(({ id, name }) => h("label", { class: "check" }, h("input", { type: "checkbox", name: "player", value: id ?? "" }), h("bdi", { translate: "no" }, name)));
    const text = h("input", { id: "ask-text", maxlength: "200" });
    const pool = h("input", { id: "ask-pool", maxlength: "200", placeholder: _("strength + brawl") });
    const difficulty = h("input", { id: "ask-difficulty", type: "number", min: "1", max: "20", inputmode: "numeric" });
    const hide = h("input", { type: "checkbox", id: "ask-hide" });
    const body = [
      h("fieldset", { class: "field" }, h("legend", {}, _("Who rolls")), ...players),
      field(_("What for"), text),
      field(_("Pool (left open: their choice)"), pool),
      field(_("Difficulty"), difficulty),
      h("label", { class: "check" }, hide, _("Hide the difficulty")),
    ];
    const read = (/** @type {Found} */ form) => ({
      players: [...form.querySelectorAll("[name=player]:checked")].map((node) => /** @type {HTMLInputElement} */ (node).value),
      text: text.value,
      ...(pool.value.trim() && { pool: /^\d{1,2}$/.test(pool.value.trim()) ? Number(pool.value) : pool.value.trim() }),
      ...(difficulty.value && { options: { difficulty: Number(difficulty.value) } }),
      hide_difficulty: hide.checked,
    });
    const asked = await ask({ title: _("Ask for a roll"), body, accept: _("Ask"), read });
    if (asked) await call("POST", roomUrl(this.room, "requests/"), asked);
  }
}

/**
 * @param {string} label
 * @param {HTMLElement} control
 */
const field = (label, control) => h("div", { class: "field" }, h("label", { for: control.id }, label), control);
