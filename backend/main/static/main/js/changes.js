// The one way in which this page changes anything: a queue of field changes.
//
// A change waits here, is shown at once, and leaves in a batch. Until the server has answered, the batch keeps its
// Idempotency-Key, so it can be sent again after any failure. Each change remembers the version its author saw (`seen`); news
// about other traits moves it along, news about its own trait does not, and then the server answers 409 and the person chooses.

import { Refused, Unreachable, call, characterUrl, newKey } from "./api.js";
import { get, overlap, same } from "./paths.js";

const PAUSE = 120;
const MOST = 100;
const LONGEST_WAIT = 20_000;
// What is refused for the page or the session, and not for itself, is kept until both are in order again.
const KEPT = ["not_signed_in", "csrf_failed", "other_account"];

export class Changes extends EventTarget {
  /** `drawer` keeps what is unsent; `ask(conflicts)` resolves with the set of paths where the own value shall win. */
  constructor(character, drawer, ask) {
    super();
    this.character = character;
    this.drawer = drawer;
    this.ask = ask;
    this.queue = [];
    this.flight = null;
    this.drafts = new Map();
    // Path of an entry before the server named it → since then. A dialog may still be open on the old one.
    this.named = new Map();
    this.tries = 0;
    this.state = "saved";
    // A player's id while somebody else does it for them.
    this.actingFor = null;
    addEventListener("online", () => this.#sendSoon(0));
  }

  /** Everything shown but not yet confirmed, oldest first. */
  waiting() {
    return [...(this.flight?.changes ?? []), ...this.queue];
  }

  /** A person starts typing at this path: conflicts are judged by what was seen now. */
  begin(path) {
    if (!this.drafts.has(path)) this.drafts.set(path, { path, seen: this.character.version, stuck: false });
  }

  cancel(path) {
    this.drafts.delete(path);
  }

  add({ path, op, value, seen }) {
    const draft = this.drafts.get(path);
    this.drafts.delete(path);
    const change = {
      path: this.#sinceNamed(path),
      op,
      value,
      seen: seen ?? draft?.seen ?? this.character.version,
      stuck: draft?.stuck ?? false,
      actingFor: this.actingFor,
      temporary: op === "add" ? `new-${newKey()}` : undefined,
    };
    const promise = new Promise((resolve) => (change.resolve = resolve));
    if (!this.#merge(change)) this.queue.push(change);
    this.#keep();
    this.#sendSoon(PAUSE);
    return promise;
  }

  /** Joins a change with one that still waits for the same path. True when nothing is left to queue. */
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

  #mergeRemoval(change) {
    const added = this.queue.find((one) => one.temporary && change.path === `${one.path}.${one.temporary}`);
    const pointless = this.queue.filter((one) => one === added || one.path.startsWith(`${change.path}.`));
    this.queue = this.queue.filter((one) => !pointless.includes(one));
    for (const one of pointless) one.resolve(null);
    if (added) change.resolve(null);
    return Boolean(added);
  }

  #follow(kept, merged) {
    kept.actingFor = merged.actingFor;
    const resolve = kept.resolve;
    kept.resolve = (event) => {
      resolve?.(event);
      merged.resolve(event);
    };
    return true;
  }

  /** The server's fields moved on; `minePaths` by our own doing. */
  observe(before, after, version, minePaths) {
    for (const one of [...this.queue, ...this.drafts.values()]) {
      const moved = !same(get(before, one.path), get(after, one.path));
      const mine = minePaths.some((path) => overlap(path, one.path));
      if (moved && !mine) one.stuck = true;
      if (!one.stuck) one.seen = Math.max(one.seen, version);
    }
  }

  isMine(event) {
    return Boolean(this.flight) && event?.actor?.id === this.character.userId && event.door === "web";
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
      this.#settle(answer);
    } catch (error) {
      if (error instanceof Unreachable) this.#later();
      else if (error instanceof Refused) await this.#refused(error);
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
    const alike = (one) => one.seen === ready[0].seen && one.actingFor === ready[0].actingFor;
    const batch = ready.filter(alike).slice(0, MOST);
    this.queue = this.queue.filter((one) => !batch.includes(one));
    return { key: newKey(), changes: batch, base: ready[0].seen };
  }

  #settle({ event, character, notices }) {
    const { changes } = this.flight;
    this.flight = null;
    this.tries = 0;
    if (event) this.#nameAdded(changes, event);
    this.character.replace(character, Object.keys(event?.changes ?? {}));
    this.character.refresh(false);
    this.#keep();
    this.dispatchEvent(new CustomEvent("done", { detail: { event, changes, notices: event?.notices ?? notices ?? [] } }));
    for (const change of changes) change.resolve(event);
  }

  /** Entries that were added here get the ids that the server gave them, in the order of adding. */
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

  #sinceNamed(path) {
    for (const [old, now] of this.named) {
      if (path === old || path.startsWith(`${old}.`)) return now + path.slice(old.length);
    }
    return path;
  }

  async #refused(error) {
    if (error.status === 429 || error.status >= 500) return this.#later();
    if (error.status === 401 || KEPT.includes(error.code)) return this.#later("failed", error);
    if (error.status === 409 && error.body.conflicts) return this.#conflict(error.body.conflicts);
    const named = Object.entries(error.body.fields ?? {});
    const { changes } = this.flight;
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

  async #conflict(conflicts) {
    const { changes } = this.flight;
    this.flight = null;
    this.asking = true;
    const seen = Math.max(...conflicts.map((one) => one.version), changes[0].seen);
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

  /** Nothing is lost: the same batch goes out again with the same key. */
  #later(state = "offline", error = null) {
    this.#setState(state, error);
    clearTimeout(this.timer);
    const wait = Math.min(LONGEST_WAIT, 1000 * 2 ** this.tries++);
    this.timer = setTimeout(() => this.#send(), wait * (0.75 + Math.random() / 2));
  }

  #keep() {
    const strip = (change) => ({ ...change, resolve: undefined });
    const waiting = this.waiting().length > 0;
    const flight = this.flight && { ...this.flight, changes: this.flight.changes.map(strip) };
    this.drawer.save(waiting ? { flight, queue: this.queue.map(strip) } : null);
  }

  #setState(state, error = null) {
    this.state = state;
    this.dispatchEvent(new CustomEvent("state", { detail: { state, count: this.waiting().length, error } }));
  }
}

const tail = ({ path }) => path.slice(path.lastIndexOf(".") + 1);
