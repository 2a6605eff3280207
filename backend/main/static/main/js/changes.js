// The one way in which this page changes anything: a queue of field changes.
//
// A change waits here, is shown at once, and leaves in a batch. Until the server has answered, the batch keeps its
// Idempotency-Key, so it can be sent again after any failure. Each change remembers the version its author saw (`seen`); news
// about other traits moves it along, news about its own trait does not, and then the server answers 409 and the person chooses.

import { Refused, Unreachable, call, characterUrl, newKey } from "./api.js";
import { get, overlap, same } from "./paths.js";

/** @typedef {"set" | "adjust" | "add" | "remove"} Op */
/**
 * What a person wants.
 * @typedef {{ path: string, op: Op, value?: any, seen?: number }} Wish
 */
/**
 * It on its way to the server. `stuck`: the trait has changed since, so `seen` stays. `temporary`: the name of an entry
 * until the server gives it one.
 * @typedef {Required<Pick<Wish, "path" | "op" | "seen">> & { value?: any, stuck: boolean, actingFor: string | null,
 *   temporary?: string, resolve: (event: HistoryEvent | null) => void }} Change
 */
/** @typedef {{ key: string, changes: Change[], base: number, restored?: boolean }} Flight */
/** @typedef {"saved" | "saving" | "offline" | "failed"} State */

const PAUSE = 120;
const MOST = 100;
const LONGEST_WAIT = 20_000;
// What is refused for the page or the session, and not for itself, is kept until both are in order again.
const KEPT = ["not_signed_in", "csrf_failed", "other_account"];

export class Changes extends EventTarget {
  /**
   * `drawer` keeps what is unsent; `ask(conflicts)` resolves with the set of paths where the own value shall win.
   * @param {import("./character.js").Character} character
   * @param {Pick<import("./storage.js").Drawer, "save" | "takeOver">} drawer
   * @param {(conflicts: Conflicting[], changes: Change[]) => Promise<Set<string>>} ask
   */
  constructor(character, drawer, ask) {
    super();
    this.character = character;
    this.drawer = drawer;
    this.ask = ask;
    /** @type {Change[]} */
    this.queue = [];
    /** @type {Flight | null} */
    this.flight = null;
    /** @type {Map<string, { path: string, seen: number, stuck: boolean }>} */
    this.drafts = new Map();
    // Path of an entry before the server named it → since then. A dialog may still be open on the old one.
    /** @type {Map<string, string>} */
    this.named = new Map();
    this.tries = 0;
    /** @type {State} */
    this.state = "saved";
    // A player's id while somebody else does it for them.
    /** @type {string | null} */
    this.actingFor = null;
    addEventListener("online", () => this.#sendSoon(0));
  }

  /** Everything shown but not yet confirmed, oldest first. */
  waiting() {
    return [...(this.flight?.changes ?? []), ...this.queue];
  }

  /**
   * A person starts typing at this path: conflicts are judged by what was seen now.
   * @param {string} path
   */
  begin(path) {
    if (!this.drafts.has(path)) this.drafts.set(path, { path, seen: this.character.version, stuck: false });
  }

  /** @param {string} path */
  cancel(path) {
    this.drafts.delete(path);
  }

  /**
   * @param {Wish} wish
   * @returns {Promise<HistoryEvent | null>}
   */
  add({ path, op, value, seen }) {
    const draft = this.drafts.get(path);
    this.drafts.delete(path);
    /** @type {Change} */
    const change = {
      path: this.#sinceNamed(path),
      op,
      value,
      seen: seen ?? draft?.seen ?? this.character.version,
      stuck: draft?.stuck ?? false,
      actingFor: this.actingFor,
      temporary: op === "add" ? `new-${newKey()}` : undefined,
      resolve: () => {},
    };
    /** @type {Promise<HistoryEvent | null>} */
    const promise = new Promise((resolve) => (change.resolve = resolve));
    if (!this.#merge(change)) this.queue.push(change);
    this.#keep();
    this.#sendSoon(PAUSE);
    return promise;
  }

  /**
   * Joins a change with one that still waits for the same path. True when nothing is left to queue.
   * @param {Change} change
   */
  #merge(change) {
    if (change.op === "remove") return this.#mergeRemoval(change);
    const added = this.queue.find((one) => one.temporary && change.path === `${one.path}.${one.temporary}.${tail(change)}`);
    if (added && change.op === "set") {
      added.value = { ...added.value, [tail(change)]: change.value };
      return this.#follow(added, change);
    }
    const last = this.queue.findLast((one) => overlap(one.path, change.path));
    if (!last || last.path !== change.path || change.op === "add" || last.op === "add") return false;
    if (change.op === "set") {
      this.queue = this.queue.filter((one) => one === last || one.path !== change.path);
      Object.assign(last, { op: "set", value: change.value });
    } else if (last.op === "adjust") last.value += change.value;
    else return false;
    return this.#follow(last, change);
  }

  /** @param {Change} change */
  #mergeRemoval(change) {
    const added = this.queue.find((one) => one.temporary && change.path === `${one.path}.${one.temporary}`);
    const pointless = this.queue.filter((one) => one === added || one.path.startsWith(`${change.path}.`));
    this.queue = this.queue.filter((one) => !pointless.includes(one));
    for (const one of pointless) one.resolve(null);
    if (added) change.resolve(null);
    return Boolean(added);
  }

  /**
   * @param {Change} kept
   * @param {Change} merged
   */
  #follow(kept, merged) {
    kept.actingFor = merged.actingFor;
    const resolve = kept.resolve;
    kept.resolve = (event) => {
      resolve(event);
      merged.resolve(event);
    };
    return true;
  }

  /**
   * The server's fields moved on; `minePaths` by our own doing.
   * @param {Fields} before
   * @param {Fields} after
   * @param {number} version
   * @param {string[]} minePaths
   */
  observe(before, after, version, minePaths) {
    for (const one of [...this.queue, ...this.drafts.values()]) {
      const moved = !same(get(before, one.path), get(after, one.path));
      const mine = minePaths.some((path) => overlap(path, one.path));
      if (moved && !mine) one.stuck = true;
      if (!one.stuck) one.seen = Math.max(one.seen, version);
    }
  }

  /** @param {HistoryEvent | undefined} event */
  isMine(event) {
    return Boolean(this.flight) && event?.actor?.id === this.character.userId && event?.door === "web";
  }

  async restore() {
    for (const left of await this.drawer.takeOver()) {
      const flight = left.flight && { ...left.flight, restored: true };
      if (flight && !this.flight) this.flight = flight;
      else this.queue.push(...(flight?.changes ?? []));
      this.queue.push(...left.queue);
    }
    for (const one of this.waiting()) one.resolve = () => {};
    if (!this.waiting().length) return;
    this.character.refresh(false);
    this.#keep();
    this.#sendSoon(0);
  }

  /** @param {number} pause */
  #sendSoon(pause) {
    clearTimeout(this.timer);
    if (!this.waiting().length) return this.#setState("saved");
    if (this.asking) return;
    this.#setState(navigator.onLine === false ? "offline" : "saving");
    this.timer = setTimeout(() => this.#send(), pause);
  }

  async #send() {
    if (this.busy || this.asking) return;
    this.flight ??= this.#take();
    if (!this.flight) return;
    this.busy = true;
    this.#setState("saving");
    this.#keep();
    const { key, changes, base } = this.flight;
    try {
      const asked = changes.map(({ path, op, value }) => ({ path, op, value }));
      const body = { changes: asked, base_version: base, player: changes[0].actingFor ?? undefined };
      const answer = await call("PATCH", characterUrl(this.character.id), body, key);
      this.#settle(this.flight, answer);
    } catch (error) {
      if (error instanceof Unreachable) this.#later();
      else if (error instanceof Refused) await this.#refused(this.flight, error);
      else throw error;
    } finally {
      this.busy = false;
    }
    if (this.state === "saving") this.#sendSoon(0);
  }

  /** The next changes that were made on the same version and for the same person, and whose entries have their real ids. */
  #take() {
    const ready = this.queue.filter((one) => !one.path.includes(".new-"));
    if (!ready.length) return null;
    /** @param {Change} one */
    const alike = (one) => one.seen === ready[0].seen && one.actingFor === ready[0].actingFor;
    const batch = ready.filter(alike).slice(0, MOST);
    this.queue = this.queue.filter((one) => !batch.includes(one));
    return { key: newKey(), changes: batch, base: ready[0].seen };
  }

  /**
   * @param {Flight} flight
   * @param {SheetAnswer} answer
   */
  #settle({ changes }, { event, character, notices }) {
    this.flight = null;
    this.tries = 0;
    if (event) this.#nameAdded(changes, event);
    this.character.replace(character, Object.keys(event?.changes ?? {}));
    this.character.refresh(false);
    this.#keep();
    this.dispatchEvent(new CustomEvent("done", { detail: { event, changes, notices: event?.notices ?? notices ?? [] } }));
    for (const change of changes) change.resolve(event);
  }

  /**
   * Entries that were added here get the ids that the server gave them, in the order of adding.
   * @param {Change[]} changes
   * @param {HistoryEvent} event
   */
  #nameAdded(changes, event) {
    const fresh = Object.keys(event.changes).filter((path) => event.changes[path][0] === null).sort();
    for (const change of changes.filter((one) => one.op === "add")) {
      const at = fresh.findIndex((path) => path.slice(0, path.lastIndexOf(".")) === change.path);
      if (at < 0) continue;
      const [path] = fresh.splice(at, 1);
      this.named.set(`${change.path}.${change.temporary}`, path);
      for (const one of this.queue) one.path = this.#sinceNamed(one.path);
    }
  }

  /** @param {string} path */
  #sinceNamed(path) {
    for (const [old, now] of this.named) {
      if (path === old || path.startsWith(`${old}.`)) return now + path.slice(old.length);
    }
    return path;
  }

  /**
   * @param {Flight} flight
   * @param {Refused} error
   */
  async #refused(flight, error) {
    if (error.status === 429 || error.status >= 500) return this.#later();
    if (error.status === 401 || KEPT.includes(error.code)) return this.#later("failed", error);
    if (error.status === 409 && error.body.conflicts) return this.#conflict(flight, error.body.conflicts);
    const named = Object.entries(error.body.fields ?? {});
    const { changes } = flight;
    const wrong = named.length ? changes.filter((one) => named.some(([path]) => overlap(path, one.path))) : changes;
    const dropped = wrong.length ? wrong : changes;
    this.flight = null;
    this.queue.unshift(...changes.filter((one) => !dropped.includes(one)));
    this.#dropOrphans();
    this.#keep();
    for (const [path, sentences] of named) this.character.refuse(path, sentences);
    this.dispatchEvent(new CustomEvent("refused", { detail: { error, dropped } }));
    for (const change of dropped) change.resolve(null);
    this.character.refresh(false);
  }

  /** Changes inside an entry that never came to be. */
  #dropOrphans() {
    const alive = this.waiting().filter((one) => one.temporary).map((one) => `.${one.temporary}`);
    this.queue = this.queue.filter(
      (one) => !one.path.includes(".new-") || alive.some((name) => `${one.path}.`.includes(`${name}.`)),
    );
  }

  /**
   * @param {Flight} flight
   * @param {Conflicting[]} conflicts
   */
  async #conflict({ changes }, conflicts) {
    this.flight = null;
    this.asking = true;
    const seen = Math.max(...conflicts.map((one) => one.version), changes[0].seen);
    /** @param {Change} change */
    const contested = (change) => conflicts.filter((one) => overlap(one.path, change.path));
    const wins = await this.ask(conflicts, changes);
    this.asking = false;
    const kept = changes.filter((change) => contested(change).every((one) => wins.has(one.path)));
    for (const change of kept) Object.assign(change, { seen, stuck: false });
    this.queue.unshift(...kept);
    for (const change of changes) if (!kept.includes(change)) change.resolve(null);
    this.#keep();
    this.character.refresh(false);
    this.dispatchEvent(new Event("settled"));
  }

  /**
   * Nothing is lost: the same batch goes out again with the same key.
   * @param {State} state
   * @param {Refused | null} error
   */
  #later(state = "offline", error = null) {
    this.#setState(state, error);
    clearTimeout(this.timer);
    const wait = Math.min(LONGEST_WAIT, 1000 * 2 ** this.tries++);
    this.timer = setTimeout(() => this.#send(), wait * (0.75 + Math.random() / 2));
  }

  #keep() {
    /** @param {Change} change */
    const strip = (change) => ({ ...change, resolve: undefined });
    const waiting = this.waiting().length > 0;
    const flight = this.flight && { ...this.flight, changes: this.flight.changes.map(strip) };
    this.drawer.save(waiting ? { flight, queue: this.queue.map(strip) } : null);
  }

  /**
   * @param {State} state
   * @param {Refused | null} error
   */
  #setState(state, error = null) {
    this.state = state;
    this.dispatchEvent(new CustomEvent("state", { detail: { state, count: this.waiting().length, error } }));
  }
}

/** @param {{ path: string }} change */
const tail = ({ path }) => path.slice(path.lastIndexOf(".") + 1);
