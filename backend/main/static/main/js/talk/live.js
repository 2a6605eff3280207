// What the page hears: messages of its rooms, who types, what was read elsewhere; and what it says of its reader.

import { call } from "../api.js";
import { _, n_ } from "../translation.js";
import { roomUrl } from "./draw.js";

const READ_WAIT = 400;
const TYPING_AGAIN = 4_000;
const HINT_WAIT = 700;
const MOST_PLACES = 30;

/** @typedef {{ stream: string, user: string, name: string, on: boolean, until: string }} TypingFrame */

/** Who types in a room: each is forgotten when they said so, or when it is over. */
export class Typists {
  /** @param {(text: string) => void} say */
  constructor(say) {
    this.say = say;
    /** @type {Map<string, { name: string, over: number }>} */
    this.people = new Map();
  }

  /** @param {TypingFrame} frame */
  take({ user, name, on, until }) {
    clearTimeout(this.people.get(user)?.over);
    this.people.delete(user);
    const wait = Math.min(Math.max(Date.parse(until) - Date.now(), 1000), 10_000);
    if (on) this.people.set(user, { name, over: setTimeout(() => this.stop(user), wait) });
    this.#tell();
  }

  /** @param {string} user */
  stop(user) {
    clearTimeout(this.people.get(user)?.over);
    if (this.people.delete(user)) this.#tell();
  }

  #tell() {
    const names = [...this.people.values()].map(({ name }) => name);
    const [first, second] = names;
    if (names.length === 0) this.say("");
    else if (names.length === 1) this.say(_("{name} is typing…", { name: first }));
    else if (names.length === 2) this.say(_("{first} and {second} are typing…", { first, second }));
    else this.say(n_("{count} person is typing…", "{count} people are typing…", names.length));
  }
}

/**
 * Says that one types, not more often than others need to hear it.
 * @param {string} room
 */
export function typingIn(room, gateway = /** @type {Gateway | null} */ (null)) {
  let told = 0;
  /** @param {boolean} on */
  return (on) => {
    if (on ? Date.now() - told < TYPING_AGAIN : !told) return;
    told = on ? Date.now() : 0;
    gateway?.typing(`room:${room}`, on);
  };
}

/** Notes how far one has read, once for what comes together. */
export class ReadMarks {
  /** @param {(room: string, counts: { read: number, unread: number, mentions: number }) => void} counted */
  constructor(counted) {
    this.counted = counted;
    /** @type {Map<string, number>} */
    this.read = new Map();
  }

  /**
   * @param {string} room
   * @param {number} seq
   */
  note(room, seq) {
    if (seq <= (this.read.get(room) ?? -1)) return;
    this.read.set(room, seq);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#send(room), READ_WAIT);
  }

  /** @param {string} room */
  forget(room) {
    this.read.delete(room);
  }

  /** @param {string} room */
  async #send(room) {
    try {
      const answer = await call("POST", roomUrl(room, "read/"), { seq: this.read.get(room) });
      this.counted(room, answer);
    } catch {
      this.forget(room); // said again with the next message, or when the window is looked at
    }
  }
}

/** Hears that something was said in rooms that are not open, and asks the list how much. */
export class Hints {
  /** @type {number | undefined} */
  timer = undefined;

  /**
   * @param {Gateway} gateway
   * @param {import("./rooms.js").RoomList} list
   * @param {{ open: () => string, counted: () => void }} how
   */
  constructor(gateway, list, { open, counted }) {
    this.list = list;
    this.open = open;
    this.counted = counted;
    gateway.hearsRooms = true;
    for (const { id } of list.listed.places.slice(0, MOST_PLACES)) if (id) gateway.subscribe(`server:${id}`);
    gateway.addEventListener("chat_unread", ({ detail }) => this.#hear(Object.keys(detail.rooms)));
    gateway.addEventListener("chat_mention", ({ detail }) => this.#hear([detail.message.room]));
    document.addEventListener("visibilitychange", () => !document.hidden && this.#soon());
  }

  /** @param {string[]} rooms */
  #hear(rooms) {
    const elsewhere = rooms.filter((id) => id !== this.open());
    for (const id of elsewhere) {
      const row = this.list.row(id);
      if (row && !row.unread) this.list.count(id, { unread: 1, mentions: row.mentions });
    }
    if (elsewhere.length) this.#soon();
  }

  #soon() {
    this.timer ??= setTimeout(() => this.#ask(), HINT_WAIT);
  }

  async #ask() {
    this.timer = undefined;
    const { place } = this.list.listed;
    try {
      const listed = await call("GET", `/api/chat/rooms/${place ? `?server=${place}` : ""}`);
      this.list.replace(listed);
      this.counted();
    } catch {
      // the marks stay as they are until the next hint
    }
  }
}
