// Who and what an id stands for: names, colours, avatars; and the search behind user, role and channel options.

import { el, safeUrl } from "./dom.js";

export const optionType = {
  subcommand: 1, group: 2, string: 3, integer: 4, boolean: 5, user: 6, channel: 7, role: 8, mentionable: 9, number: 10, attachment: 11,
};

const hues = [352, 24, 46, 96, 152, 190, 222, 262, 300];

function hueOf(id) {
  return hues[[...String(id)].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % hues.length];
}

export const userName = (user) => user.global_name || user.username;

function initials(name) {
  const words = name.split(/[\s_-]+/).filter(Boolean);
  return words.slice(0, 2).map((word) => [...word][0]).join("").toUpperCase() || "?";
}

/** A round picture, or initials on a colour made from the id. */
export function face(id, name, picture, className = "face") {
  const letters = el("span", { class: className, "aria-hidden": "true", style: { "--hue": hueOf(id) } }, initials(name));
  const source = safeUrl(picture);
  if (source) {
    const image = el("img", { src: source, alt: "", loading: "lazy", onload: () => letters.replaceChildren(image) });
    image.loading = "eager";
  }
  return letters;
}

export function userFace(user, className) {
  const picture = user.avatar ? `/cdn/avatars/${user.id}/${user.avatar}.png?size=128` : null;
  return face(user.id, userName(user), picture, className);
}

export const colourText = (number) => (number ? `#${number.toString(16).padStart(6, "0")}` : null);

/** Looks things up in the world as one person sees it, within one guild (or none, in a DM). */
export class Directory {
  constructor(world, guild) {
    this.world = world;
    this.guild = guild;
  }

  user(id) {
    return this.world.users.find((user) => user.id === id) || (this.world.app.id === id ? this.botUser() : null);
  }

  botUser() {
    const { id, name, avatar } = this.world.app;
    return { id, username: name, global_name: null, avatar, bot: true };
  }

  member(id) {
    return this.guild?.members.find((member) => member.user.id === id) || null;
  }

  role(id) {
    return this.guild?.roles.find((role) => role.id === id) || null;
  }

  channel(id) {
    return this.guild?.channels.find((channel) => channel.id === id) || null;
  }

  name(id, user) {
    const member = this.member(id);
    const known = user || member?.user || this.user(id);
    return member?.nick || (known ? userName(known) : "unknown person");
  }

  /** The highest coloured role gives a person's name its colour. */
  colour(id) {
    const roles = (this.member(id)?.roles || []).map((role) => this.role(role)).filter((role) => role?.color);
    roles.sort((a, b) => b.position - a.position);
    return roles.length ? colourText(roles[0].color) : null;
  }

  people() {
    if (!this.guild) return [this.world.me, this.botUser()];
    return this.guild.members.map((member) => member.user);
  }

  entities(option) {
    const users = () => this.people().map((user) => this.userEntity(user));
    const roles = () => (this.guild?.roles || []).map((role) => ({ id: role.id, name: role.name, kind: "role", also: [] }));
    if (option.type === optionType.user) return users();
    if (option.type === optionType.role) return roles();
    if (option.type === optionType.channel) return this.channels(option.channel_types);
    return [...users(), ...roles()];
  }

  userEntity(user) {
    return { id: user.id, name: this.name(user.id, user), kind: "user", also: [user.username], user };
  }

  channels(types) {
    const allowed = (this.guild?.channels || []).filter((channel) => !types?.length || types.includes(channel.type));
    return allowed.map((channel) => ({ id: channel.id, name: channel.name, kind: "channel", also: [] }));
  }

  search(option, text) {
    const wanted = bare(text);
    return this.entities(option).filter((entity) => spellings(entity).some((name) => name.includes(wanted)));
  }

  /** The one entity that the text names: an id, a mention, or a name in full. */
  find(option, text) {
    const wanted = bare(text);
    return this.entities(option).find((entity) => entity.id === wanted || spellings(entity).includes(wanted)) || null;
  }
}

const bare = (text) => text.trim().replace(/^<?[@#]?[!&]?/, "").replace(/>$/, "").toLowerCase();
const spellings = (entity) => [entity.name, ...entity.also].map((name) => bare(name));

/** How an entity of a select or option stands in running text. */
export const entityLabel = ({ kind, name }) => (kind === "channel" ? `#${name}` : `@${name.replace(/^@/, "")}`);
