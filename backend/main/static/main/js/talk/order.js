// The messages of a room that this page holds: one piece of the room without gaps, in order, and what is not sent yet.

const SAME_BREATH = 7 * 60_000;
const MOST = 4000;



export class Log {
  /** @param {string} me */
  constructor(me) {
    this.me = me;
    /** @type {ChatMessage[]} */
    this.messages = [];
    this.before = false;
    this.after = false;
  }

  get first() {
    return this.messages[0]?.seq ?? 0;
  }

  get last() {
    return this.messages.at(-1)?.seq ?? 0;
  }

  /** @param {string} id */
  find(id) {
    return this.messages.find((message) => message.id === id);
  }

  /** @param {MessagePage} page */
  replace(page) {
    this.messages = page.results;
    this.before = page.before;
    this.after = page.after;
  }

  /** @param {MessagePage} page */
  older(page) {
    const first = this.first;
    this.messages = [...page.results.filter(({ seq }) => seq < first), ...this.messages];
    this.before = page.before;
    if (this.messages.length > MOST) {
      this.messages.length = MOST;
      this.after = true;
    }
  }

  /** @param {MessagePage} page */
  newer(page) {
    const last = this.last;
    this.messages = [...this.messages, ...page.results.filter(({ seq }) => seq > last)];
    this.after = page.after;
    if (this.messages.length > MOST) {
      this.messages = this.messages.slice(-MOST);
      this.before = true;
    }
  }

  /**
   * Posted or changed: the same message may come often, and an old form of it late.
   * @param {ChatMessage} message
   * @param {boolean} [toAll] it was written for all of its readers, so it does not say what is mine
   * @returns {"added" | "changed" | "outside" | "known"}
   */
  upsert(message, toAll = false) {
    const at = this.messages.findIndex(({ id }) => id === message.id);
    if (at >= 0) {
      const known = this.messages[at];
      if (known.changed > message.changed) return "known";
      this.messages[at] = toAll ? this.#withMine(message, known) : message;
      return known.changed === message.changed ? "known" : "changed";
    }
    if (this.after && message.seq > this.last) return "outside";
    if (this.before && message.seq < this.first) return "outside";
    const place = this.messages.findLastIndex(({ seq }) => seq < message.seq);
    this.messages.splice(place + 1, 0, toAll ? this.#withMine(message) : message);
    return "added";
  }

  /**
   * @param {ChatMessage} message
   * @param {ChatMessage} [known]
   */
  #withMine(message, known) {
    const reactions = message.reactions.map((reaction) => {
      const all = reaction.users.length === reaction.count;
      const before = known?.reactions.find(({ emoji }) => emoji === reaction.emoji)?.mine ?? false;
      return { ...reaction, mine: reaction.users.includes(this.me) || (!all && before) };
    });
    return { ...message, reactions };
  }
}

/** @param {ChatMessage} message */
export const speaker = ({ author, voice }) => (voice ? `${voice.character ?? voice.name}|${author?.id}` : `${author?.id ?? author?.name}`);

/** @type {WeakMap<ChatMessage, string>} asked of each message whenever the list changes, and slow to make */
const days = new WeakMap();

/** @param {ChatMessage} message */
function day(message) {
  const known = days.get(message);
  if (known) return known;
  const made = new Date(message.at).toDateString();
  days.set(message, made);
  return made;
}

/**
 * Whether a message begins a group: another speaker, another day, an answer, or a pause.
 * @param {ChatMessage} message
 * @param {ChatMessage | undefined} above
 */
export function beginsGroup(message, above) {
  if (!above || above.deleted || message.reply || message.kind !== "text" || above.kind !== "text") return true;
  if (message.level !== above.level || message.ooc !== above.ooc || message.origin !== above.origin) return true;
  if (speaker(message) !== speaker(above) || day(message) !== day(above)) return true;
  return Date.parse(message.at) - Date.parse(above.at) > SAME_BREATH;
}

/**
 * What stands in the list, in order: `shape` changes when a row must be drawn anew.
 * @param {Log} log
 * @param {Pending[]} pending
 * @param {number} read what came after this place is new
 * @returns {Row[]}
 */
export function rowsOf(log, pending, read) {
  /** @type {Row[]} */
  const rows = [{ key: log.before ? "older" : "begin", shape: "", kind: log.before ? "loads" : "begin" }];
  /** @type {ChatMessage | undefined} */
  let above;
  let isMarked = read < 0;
  for (const message of log.messages) {
    const head = beginsGroup(message, above);
    const startsDay = !above || day(message) !== day(above);
    const isFresh = !isMarked && message.seq > read && message.author?.id !== log.me;
    isMarked ||= isFresh;
    const shape = `${message.changed} ${head} ${startsDay} ${isFresh}`;
    rows.push({ key: message.id, shape, kind: "message", message, head, startsDay, isFresh, length: message.text.length });
    above = message;
  }
  if (log.after) rows.push({ key: "newer", shape: "", kind: "loads" });
  const there = new Set(log.messages.map(({ nonce }) => nonce).filter(Boolean));
  for (const waits of log.after ? [] : pending.filter(({ nonce }) => !there.has(nonce))) {
    rows.push({ key: waits.nonce, shape: `${waits.state} ${waits.detail}`, kind: "pending", pending: waits, length: waits.text.length });
  }
  return rows;
}
