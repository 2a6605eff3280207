// `@Mira` in the box is a token in what is sent, and a name again when the message is changed.

import assert from "node:assert/strict";
import { test } from "node:test";

import { decode, encode, mentionable } from "../../static/main/js/talk/mentions.js";

const ID = "0190a000-0000-7000-8000-00000000000";
const room = {
  people: [
    { id: `${ID}1`, name: "Mira" },
    { id: `${ID}2`, name: "Mira Vale" },
  ],
  characters: [{ id: `${ID}3`, name: "Night Owl", owner: `${ID}1` }],
  roles: [{ id: `${ID}4`, name: "Narrator" }],
};

test("what was chosen becomes its token, the longest name first", () => {
  const chosen = mentionable(room);
  const text = encode("@Mira Vale and @Mira, ask @Night Owl or @Narrator. @Nobody", chosen);
  assert.equal(text, `<@${ID}2> and <@${ID}1>, ask <@*${ID}3> or <@&${ID}4>. @Nobody`);
});

test("what nobody chose stays what was typed", () => {
  assert.equal(encode("mail me at a@Mira", []), "mail me at a@Mira");
});

test("a message to be changed shows names, and goes back as it was", () => {
  const sent = `Hello <@${ID}1> and <@${ID}9>`;
  const { text, chosen } = decode(sent, mentionable(room));
  assert.equal(text, `Hello @Mira and <@${ID}9>`);
  assert.equal(encode(text, chosen), sent);
});
