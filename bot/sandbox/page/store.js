// What the page knows: the world as one person sees it, the place they are in, and its messages.
// Announces: "world", "frame" (unread marks, the bot's state), "place", "messages" (detail: {kind, id}), "commands", "connection", "typing", "modal", "interaction",
// "trouble" ({text}).

import * as api from "./api.js";
import { Directory } from "./directory.js";
import { connectLive } from "./live.js";
import { localised } from "./localised.js";

const pageSize = 50;
const directMessage = 1;
const dismissedKey = "sandbox-dismissed";

const channelOf = (event) => event.message?.channel_id || event.channel_id || event.channel;

export class Store extends EventTarget {
  constructor(as) {
    super();
    this.as = as;
    this.world = null;
    this.commands = [];
    this.channelId = null;
    this.messages = [];
    this.more = false;
    this.connection = "connecting";
    this.unread = new Set();
    this.dismissed = new Set(JSON.parse(sessionStorage.getItem(dismissedKey) || "[]"));
    this.held = null;
    this.disconnect = () => {};
  }

  tell(type, detail = {}) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  on(types, run) {
    types.split(" ").forEach((type) => this.addEventListener(type, (event) => run(event.detail)));
  }

  get me() {
    return this.world.me;
  }

  /** The guild that the chosen channel belongs to, or null in a direct message. */
  get guild() {
    return this.world.guilds.find((guild) => guild.channels.some((channel) => channel.id === this.channelId)) || null;
  }

  get channel() {
    const places = [...this.world.guilds.flatMap((guild) => guild.channels), ...this.world.dms];
    return places.find((channel) => channel.id === this.channelId) || null;
  }

  /** Whether this person may delete what others wrote in the chosen channel. */
  get mayDelete() {
    return Boolean(this.channel?.may_delete);
  }

  get directory() {
    return new Directory(this.world, this.guild);
  }

  get live() {
    return this.connection === "open";
  }

  /** Reads the world, then stays connected until stop(). */
  async start(wantedChannel) {
    await this.readWorld();
    this.disconnect = connectLive(this.as, {
      onEvent: (event) => this.guarded(this.receive(event)),
      onState: (state) => this.guarded(this.connectionChanged(state)),
    });
    await this.go(this.knows(wantedChannel) ? wantedChannel : this.firstChannel());
  }

  stop() {
    this.disconnect();
  }

  knows(channelId) {
    return Boolean(channelId) && [...this.world.guilds.flatMap((guild) => guild.channels), ...this.world.dms].some((place) => place.id === channelId);
  }

  firstChannel() {
    const texts = this.world.guilds.flatMap((guild) => guild.channels).filter(isText);
    return texts[0]?.id || this.world.dms[0]?.id || null;
  }

  async readWorld() {
    const world = await api.world(this.as);
    this.world = { ...world, dms: world.dms.map((dm) => ({ ...dm, type: directMessage })) };
    this.tell("world");
  }

  async readCommands() {
    const place = this.channelId;
    const answer = await api.commands(this.as, this.guild?.id);
    if (place !== this.channelId) return;
    this.commands = localised(answer, this.world.locale);
    this.tell("commands");
  }

  /** The language of this person's client: commands are shown in it, and the bot is told. */
  async speak(locale) {
    await api.setLocale(this.as, locale);
    this.world.locale = locale;
    await this.readCommands();
  }

  async go(channelId) {
    this.channelId = channelId;
    this.messages = [];
    this.more = false;
    this.unread.delete(channelId);
    this.tell("place");
    if (channelId) await Promise.all([this.readMessages(), this.readCommands()]);
  }

  async openDm() {
    const dm = await api.openDm(this.as);
    await this.readWorld();
    await this.go(dm.id);
  }

  async startThread(channelId, body) {
    const thread = await api.addThread(this.as, channelId, body);
    await this.readWorld();
    await this.go(thread.id);
  }

  async archiveThread(thread) {
    await api.archiveThread(this.as, thread.id);
    await this.readWorld();
    await this.go(thread.parent_id);
  }

  /** Events that arrive while the list is being read are held and applied to it afterwards. */
  async readMessages() {
    const place = this.channelId;
    const held = (this.held = []);
    try {
      const answer = await api.messages(this.as, place, null, pageSize);
      if (place !== this.channelId || this.held !== held) return;
      this.messages = answer.messages;
      this.more = answer.messages.length >= pageSize;
      this.held = null;
      held.forEach((event) => this.apply(event));
      this.tell("messages", { kind: "loaded" });
    } finally {
      if (this.held === held) this.held = null;
    }
  }

  async readOlder() {
    const place = this.channelId;
    const answer = await api.messages(this.as, place, this.messages[0]?.id, pageSize);
    if (place !== this.channelId) return;
    this.messages = [...answer.messages, ...this.messages];
    this.more = answer.messages.length >= pageSize;
    this.tell("messages", { kind: "older" });
  }

  async connectionChanged(state) {
    const returned = state === "open" && this.connection === "lost";
    this.connection = state;
    this.tell("connection");
    if (!returned) return;
    await this.readWorld();
    await Promise.all([this.readMessages(), this.readCommands()]);
  }

  /** A call that failed is told to the person; anything else is a fault of the page and goes to the console. */
  async guarded(work) {
    try {
      await work;
    } catch (error) {
      if (!(error instanceof api.ApiError)) throw error;
      this.tell("trouble", { text: error.message });
    }
  }

  async receive(event) {
    if (event.type.startsWith("message_")) return this.receiveMessage(event);
    if (event.type === "world") return this.worldChanged();
    if (event.type === "commands") return this.commandsChanged(event);
    if (event.type === "bot") return this.botChanged(event);
    return this.tell(event.type, event);
  }

  /** The place may be gone: a channel deleted, a person removed from the server. */
  async worldChanged() {
    await this.readWorld();
    if (!this.knows(this.channelId)) await this.go(this.firstChannel());
  }

  async commandsChanged({ guild }) {
    if (!guild || guild === this.guild?.id) await this.readCommands();
  }

  botChanged({ online }) {
    this.world.app.online = online;
    this.tell("frame");
  }

  receiveMessage(event) {
    if (channelOf(event) !== this.channelId) {
      if (event.type === "message_create") this.markUnread(channelOf(event));
    } else if (this.held) this.held.push(event);
    else this.apply(event, true);
  }

  markUnread(channelId) {
    this.unread.add(channelId);
    if (this.knows(channelId)) this.tell("frame");
    else this.guarded(this.readWorld());
  }

  apply(event, tell = false) {
    const id = event.message?.id || event.message_id || event.id;
    const at = this.messages.findIndex((message) => message.id === id);
    const kind = this.change(event, id, at);
    if (tell && kind) this.tell("messages", { kind, id });
  }

  change(event, id, at) {
    if (event.type === "message_delete") {
      this.messages = this.messages.filter((message) => message.id !== id);
      return at < 0 ? null : "gone";
    }
    if (at >= 0) {
      this.messages[at] = { ...this.messages[at], ...event.message };
      return "edited";
    }
    if (event.type === "message_update") return null;
    this.messages.push(event.message);
    return "new";
  }

  message(id) {
    return this.messages.find((message) => message.id === id) || null;
  }

  /** Ephemeral messages can be put away; the others never saw them. */
  dismiss(id) {
    this.dismissed.add(id);
    sessionStorage.setItem(dismissedKey, JSON.stringify([...this.dismissed]));
    this.tell("messages", { kind: "gone", id });
  }
}

export const isThread = (channel) => [10, 11, 12].includes(channel?.type);
export const isForum = (channel) => channel?.type === 15;
export const isText = (channel) => channel.type === 0 || channel.type === 5 || isThread(channel);
