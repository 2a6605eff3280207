// The live connection. Comes back by itself, asks for what it missed, and never tells the page the same thing twice.

import { inWords } from "./labels.js";

const LONGEST_WAIT = 30_000;
const ACK_WAIT = 10_000;
const SIGNED_OUT = 4001;
const EVENTS = new Set(["created", "update", "deleted", "restored", "notice", "chat_message", "chat_gone"]);
// What stands for all that came before it, beside the last part of a snapshot.
const WHOLE = new Set(["synced", "chat_snapshot"]);

export class Gateway extends EventTarget {
  constructor(address = new URL("/ws/gateway/", location.href.replace(/^http/, "ws"))) {
    super();
    this.address = address;
    /** @type {Map<string, number | null>} stream → last seq, null before the first snapshot */
    this.streams = new Map();
    /** @type {Set<string>} */
    this.sheets = new Set();
    // Whether to hear of what is said in rooms that are not open.
    this.hearsRooms = false;
    this.tries = 0;
    this.state = "off";
    this.clock = new Worker(new URL("./clock.js", import.meta.url));
    this.clock.onmessage = () => this.#beat();
    addEventListener("online", () => this.retryNow());
    addEventListener("pagehide", () => this.stop());
    addEventListener("pageshow", (event) => event.persisted && this.start());
    document.addEventListener("visibilitychange", () => this.#tellPresence());
  }

  start() {
    this.stopped = false;
    this.#connect();
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.retry);
    this.socket?.close(1000);
  }

  retryNow() {
    if (this.stopped || (this.socket && this.socket.readyState <= WebSocket.OPEN)) return;
    this.tries = 0;
    clearTimeout(this.retry);
    this.#connect();
  }

  /**
   * With `since`, only what happens after that event; otherwise a snapshot comes first.
   * @param {string} stream
   * @param {number | null} since
   */
  subscribe(stream, since = null) {
    if (this.streams.has(stream)) return;
    this.streams.set(stream, since);
    this.#subscribeAgain(stream, since);
  }

  /** @param {string} stream */
  unsubscribe(stream) {
    if (this.streams.delete(stream)) this.#send({ type: "unsubscribe", stream });
  }

  /**
   * The full sheet now; the answer is a `sheet` frame.
   * @param {string} id
   */
  open(id) {
    this.sheets.add(id);
    this.#send({ type: "open", id });
  }

  /**
   * Somebody types in a room, or has stopped.
   * @param {string} stream
   * @param {boolean} on
   */
  typing(stream, on) {
    this.#send({ type: "typing", stream, on });
  }

  #connect() {
    if (this.stopped) return;
    this.#setState("waiting");
    const socket = new WebSocket(this.address);
    this.socket = socket;
    socket.onmessage = (message) => this.#receive(JSON.parse(message.data));
    socket.onclose = ({ code }) => socket === this.socket && this.#closed(code);
  }

  /** @param {number} code */
  #closed(code) {
    this.clock.postMessage(0);
    clearTimeout(this.silence);
    if (code === SIGNED_OUT) {
      this.stopped = true;
      this.#setState("off");
      this.dispatchEvent(new Event("signed-out"));
      return;
    }
    this.#setState(this.stopped ? "off" : "waiting");
    if (this.stopped) return;
    const wait = Math.min(LONGEST_WAIT, 1000 * 2 ** this.tries++);
    this.retry = setTimeout(() => this.#connect(), wait * (0.5 + Math.random()));
  }

  /** @param {Extract<ServerFrame, { type: "hello" }>} frame */
  #hello({ heartbeat_interval: interval, user }) {
    if (user?.id !== document.body.dataset.account) return this.#ofAnother();
    this.tries = 0;
    this.clock.postMessage(interval);
    this.#setState("live");
    for (const [stream, seq] of this.streams) this.#subscribeAgain(stream, seq);
    for (const id of this.sheets) this.#send({ type: "open", id });
    this.#tellPresence();
  }

  /** Another account is signed in in this browser by now: what it may see does not belong on this page. */
  #ofAnother() {
    this.stop();
    this.dispatchEvent(new CustomEvent("signed-out", { detail: "other_account" }));
  }

  /**
   * @param {string} stream
   * @param {number | null} since
   */
  #subscribeAgain(stream, since) {
    const rooms = this.hearsRooms && stream.startsWith("server:");
    this.#send({ type: "subscribe", stream, ...(since !== null && { since }), ...(rooms && { rooms }) });
  }

  #beat() {
    this.#send({ type: "heartbeat" });
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.socket?.close(), ACK_WAIT);
  }

  #tellPresence() {
    this.#send({ type: "presence", status: document.hidden ? "away" : "online" });
  }

  /** @param {ServerFrame} frame */
  #receive(frame) {
    clearTimeout(this.silence);
    if (frame.type === "hello") return this.#hello(frame);
    if (frame.type === "resync") return this.#resync(frame);
    if (EVENTS.has(frame.type) && !this.#isNew(/** @type {{ stream: string, seq?: number }} */ (frame))) return;
    const isWhole = WHOLE.has(frame.type) || (frame.type === "snapshot" && frame.part === frame.parts);
    if (isWhole && "seq" in frame) {
      if (this.streams.has(frame.stream)) this.streams.set(frame.stream, frame.seq);
    }
    if ("event" in frame && frame.event) frame.event.labels = inWords(frame.event.labels);
    this.dispatchEvent(new CustomEvent(frame.type, { detail: frame }));
  }

  /** @param {Extract<ServerFrame, { type: "resync" }>} frame */
  #resync({ stream, seq }) {
    this.#subscribeAgain(stream, seq);
    for (const id of this.sheets) this.#send({ type: "open", id });
  }

  /** @param {{ stream: string, seq?: number }} frame */
  #isNew({ stream, seq }) {
    const last = this.streams.get(stream);
    if (last === undefined || seq === undefined) return true;
    if (last !== null && seq <= last) return false;
    this.streams.set(stream, seq);
    return true;
  }

  /** @param {ClientFrame} frame */
  #send(frame) {
    // Before the hello there is nobody to talk to; what matters is said again after it.
    if (this.state === "live" && this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(frame));
  }

  /** @param {"off" | "waiting" | "live"} state */
  #setState(state) {
    if (state === this.state) return;
    this.state = state;
    this.dispatchEvent(new CustomEvent("state", { detail: state }));
  }
}
