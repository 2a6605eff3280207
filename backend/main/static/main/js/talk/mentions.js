// Who is mentioned: `@Mira` in the box is `<@id>` in what is sent, and the other way round when it is changed.

const TOKEN = /<@([&*]?)([0-9a-f-]{36})>/g;

/** @typedef {{ name: string, token: string, kind: "person" | "role" | "character", avatar?: string }} Mentionable */

/**
 * Everybody and everything that can be mentioned in a room.
 * @param {OpenRoom} room
 * @returns {Mentionable[]}
 */
export function mentionable({ people, roles, characters }) {
  return [
    ...people.map(({ id, name, avatar_url: avatar }) => ({ name, token: `<@${id}>`, kind: /** @type {const} */ ("person"), avatar })),
    ...characters.map(({ id, name }) => ({ name, token: `<@*${id}>`, kind: /** @type {const} */ ("character") })),
    ...roles.map(({ id, name }) => ({ name, token: `<@&${id}>`, kind: /** @type {const} */ ("role") })),
  ];
}

/**
 * `chosen`: what was picked from the list while this text was typed.
 * @param {string} text
 * @param {Mentionable[]} chosen
 */
export function encode(text, chosen) {
  // The longest name first: “Mira” is the beginning of “Mira Vale”.
  const byLength = chosen.toSorted((one, other) => other.name.length - one.name.length);
  return byLength.reduce((sum, { name, token }) => sum.replaceAll(`@${name}`, token), text);
}

/**
 * @param {string} text
 * @param {Mentionable[]} all
 */
export function decode(text, all) {
  /** @type {Mentionable[]} */
  const chosen = [];
  const shown = text.replace(TOKEN, (token) => {
    const known = all.find((one) => one.token === token);
    if (!known) return token;
    chosen.push(known);
    return `@${known.name}`;
  });
  return { text: shown, chosen };
}
