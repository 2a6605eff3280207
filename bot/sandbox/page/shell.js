// The frame around the messages: server rail, channels, who I am, members, head line.

import { face, userFace, userName } from "./directory.js";
import { byId, el, safeUrl } from "./dom.js";
import { isForum, isText, isThread } from "./store.js";

function railButton({ label, picture, active, unread, onclick }) {
  return el(
    "button",
    {
      type: "button",
      class: "rail-button",
      title: label,
      "aria-label": unread ? `${label}, unread messages` : label,
      "aria-current": active ? "true" : null,
      data: unread ? { unread: "" } : {},
      onclick,
    },
    picture,
  );
}

const guildPicture = (guild) => face(guild.id, guild.name, guild.icon ? `/cdn/icons/${guild.id}/${guild.icon}.png?size=128` : null, "face face-rail");

/** A language by its own name: “Deutsch”. */
const ownName = (locale) => new Intl.DisplayNames(locale, { type: "language" }).of(locale);

const signOf = (channel) => (isThread(channel) ? "↳" : isForum(channel) ? "☷" : "#");

export class Shell {
  /** actions: {switchUser(name), newPerson(), userMenu(event, user)} */
  constructor(store, actions) {
    Object.assign(this, { store, actions });
    this.inMessages = false;
    store.on("world frame place connection", () => store.world && this.draw());
    store.on("typing", (event) => this.typing(event));
    store.on("messages", () => this.typing(null));
    this.wireDrawers();
  }

  wireDrawers() {
    const body = document.body;
    const toggle = (name) => () => this.drawer(body.dataset.drawer === name ? "" : name);
    byId("open-places").addEventListener("click", toggle("places"));
    byId("open-members").addEventListener("click", toggle("members"));
    byId("shade").addEventListener("click", () => this.drawer(""));
    addEventListener("keydown", (event) => event.key === "Escape" && this.drawer(""));
    byId("who").addEventListener("change", (event) => this.chosenUser(event.target));
    byId("locale").addEventListener("change", (event) => this.store.guarded(this.store.speak(event.target.value)));
  }

  /** Which side panel is open: "places", "members" or "". On wide screens both always show. */
  drawer(name) {
    const before = document.body.dataset.drawer;
    document.body.dataset.drawer = name;
    byId("open-places").setAttribute("aria-expanded", String(name === "places"));
    byId("open-members").setAttribute("aria-expanded", String(name === "members"));
    if (name) byId(name).querySelector("button, select")?.focus();
    else if (before) byId(`open-${before}`).focus();
  }

  chosenUser(select) {
    if (select.value) return this.actions.switchUser(select.value);
    select.value = this.store.me.username;
    return this.actions.newPerson();
  }

  draw() {
    this.inMessages = this.store.channel?.type === 1;
    this.drawRail();
    this.drawChannels();
    this.drawWho();
    this.drawMembers();
    this.drawHead();
    this.drawConnection();
  }

  drawRail() {
    const { world, guild, unread } = this.store;
    const anyUnread = (channels) => channels.some((channel) => unread.has(channel.id));
    const app = world.app;
    const picture = face(app.id, app.name, app.avatar ? `/cdn/avatars/${app.id}/${app.avatar}.png?size=128` : null, "face face-rail");
    const direct = railButton({
      label: "Direct messages",
      picture,
      active: this.inMessages,
      unread: anyUnread(world.dms),
      onclick: () => this.goDirect(),
    });
    const guilds = world.guilds.map((one) =>
      railButton({
        label: one.name,
        picture: guildPicture(one),
        active: one === guild,
        unread: anyUnread(one.channels),
        onclick: () => this.go(one.channels.find(isText)?.id),
      }),
    );
    byId("rail").replaceChildren(direct, el("hr"), ...guilds);
  }

  go(channelId) {
    if (channelId) this.store.guarded(this.store.go(channelId));
    this.drawer("");
  }

  goDirect() {
    const dm = this.store.world.dms[0];
    if (dm) this.go(dm.id);
    else {
      this.store.guarded(this.store.openDm());
      this.drawer("");
    }
  }

  drawChannels() {
    const { guild, world } = this.store;
    byId("place-name").textContent = guild ? guild.name : "Direct messages";
    const channels = guild ? guild.channels.filter((channel) => isText(channel) || isForum(channel)) : world.dms;
    byId("channels").replaceChildren(...channels.map((channel) => this.channelButton(channel, guild ? signOf(channel) : "@")));
  }

  channelButton(channel, sign) {
    const unread = this.store.unread.has(channel.id);
    return el(
      "button",
      {
        type: "button",
        class: isThread(channel) ? "channel channel-thread" : "channel",
        "aria-current": channel.id === this.store.channelId ? "page" : null,
        data: unread ? { unread: "" } : {},
        onclick: () => (isForum(channel) ? this.newThread(channel) : this.go(channel.id)),
        title: isForum(channel) ? "New post" : null,
      },
      el("span", { class: "channel-sign", "aria-hidden": "true" }, sign),
      el("span", { class: "channel-name" }, channel.name),
      unread && el("span", { class: "out-of-sight" }, "unread"),
    );
  }

  /** A thread of a channel, or a post of a forum, which has a first message. */
  newThread(channel) {
    const name = window.prompt(isForum(channel) ? "Title of the post" : "Name of the thread");
    const content = name && isForum(channel) ? window.prompt("First message") : "";
    if (!name || (isForum(channel) && !content)) return;
    this.store.guarded(this.store.startThread(channel.id, { name, content }));
    this.drawer("");
  }

  drawWho() {
    const { world, me } = this.store;
    byId("who-face").replaceChildren(userFace(me));
    const people = world.users.filter((user) => !user.bot);
    const options = people.map((user) => el("option", { value: user.username, selected: user.id === me.id }, userName(user)));
    byId("who").replaceChildren(...options, el("option", { value: "" }, "New person…"));
    const languages = world.locales.map((locale) => el("option", { value: locale, selected: locale === world.locale }, ownName(locale)));
    byId("locale").replaceChildren(...languages);
  }

  drawMembers() {
    const { directory, guild } = this.store;
    const people = directory.people();
    const groups = [
      ["Bot", people.filter((user) => user.bot)],
      ["People", people.filter((user) => !user.bot)],
    ];
    const nodes = groups.filter(([, users]) => users.length).map(([name, users]) => this.memberGroup(name, users, directory));
    byId("member-list").replaceChildren(...nodes);
    byId("open-members").hidden = !guild && !people.length;
  }

  memberGroup(name, users, directory) {
    const list = el("ul", {}, users.map((user) => el("li", {}, this.memberButton(user, directory))));
    return el("section", {}, el("h3", {}, `${name} — ${users.length}`), list);
  }

  memberButton(user, directory) {
    const open = (event) => this.actions.userMenu(event, user);
    const roles = (directory.member(user.id)?.roles || []).map((id) => directory.role(id)?.name).filter(Boolean);
    const label = el("span", { class: "member-text" }, el("span", { class: "member-name" }, directory.name(user.id, user)));
    if (roles.length) label.append(el("span", { class: "member-roles" }, roles.join(", ")));
    const button = el("button", { type: "button", class: "member", onclick: open, oncontextmenu: open }, userFace(user), label);
    const colour = directory.colour(user.id);
    if (colour) button.style.setProperty("--name-colour", colour);
    if (user.bot && !this.store.world.app.online) button.dataset.offline = "";
    return button;
  }

  drawHead() {
    const { channel, world, guild } = this.store;
    byId("channel-title").textContent = channel ? (guild ? `${signOf(channel)} ${channel.name}` : channel.name) : "Nowhere yet";
    byId("channel-topic").textContent = channel?.topic || "";
    this.drawThreadButton(channel);
    this.drawPlatform(world.backend_url);
    const badge = byId("bot-state");
    badge.dataset.state = world.app.online ? "online" : "offline";
    byId("bot-name").textContent = world.app.name;
    byId("bot-word").textContent = badge.dataset.state;
    document.title = channel ? `${guild ? "#" : ""}${channel.name} — Sandbox` : "Sandbox";
  }

  /** New thread in a channel, archive in a thread. */
  drawThreadButton(channel) {
    const button = byId("thread");
    button.hidden = !channel || channel.type === 1 || !this.store.guild;
    button.textContent = isThread(channel) ? "Archive" : "New thread";
    button.onclick = () => (isThread(channel) ? this.store.guarded(this.store.archiveThread(channel)) : this.newThread(channel));
  }

  /** The way from the chat to the platform's own pages. */
  drawPlatform(address) {
    const href = safeUrl(address);
    byId("platform").hidden = !href;
    if (href) byId("platform").href = href;
  }

  drawConnection() {
    byId("connection").hidden = this.store.connection !== "lost";
  }

  typing(event) {
    clearTimeout(this.typingTimer);
    const here = event && (event.channel_id || event.channel) === this.store.channelId;
    const user = event?.user_id || event?.user?.id || event?.user || this.store.world.app.id;
    byId("typing").textContent = here ? `${this.store.directory.name(user)} is typing…` : "";
    if (here) this.typingTimer = setTimeout(() => this.typing(null), 9000);
  }
}
