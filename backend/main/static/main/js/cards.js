// Cards of characters that follow the table live.

import { $, $$, readJson, setText } from "./dom.js";
import { Character, all, characterOf, find, remember } from "./character.js";
import { bringToLife } from "./elements/index.js";

/** @param {Found} root */
function fromCard(root) {
  const { splats, user } = readJson("live");
  const data = JSON.parse($("script[type='application/json']", root).textContent);
  const character = remember(new Character(data, splats.find((/** @type {Splat} */ one) => one.slug === data.splat), user));
  character.addEventListener("refresh", () => showCard(character));
  return character;
}

/** @param {Character} character */
function showCard(character) {
  const card = document.getElementById(`c-${character.id}`);
  if (!card) return;
  setText($("[data-bind=version]", card), character.version);
  setText($("[data-bind=name]", card), character.view.name);
}

/**
 * Call it first: the elements need to know how a card's character comes about.
 * @param {Gateway} gateway
 */
export function bringCardsToLife(gateway) {
  bringToLife(fromCard);
  gateway.addEventListener("update", ({ detail }) => find(detail.id)?.receive(detail));
  gateway.addEventListener("character", ({ detail }) => find(detail.character.id)?.replace(detail.character));
  gateway.addEventListener("snapshot", ({ detail }) => {
    for (const one of detail.characters) find(one.id)?.replace(one);
  });
}

/**
 * The streams of the cards that are there now; what the server rendered again is taken over.
 * @param {Gateway} gateway
 */
export function followCards(gateway) {
  for (const card of $$("[data-character]")) {
    const character = characterOf(card, fromCard);
    character?.replace(JSON.parse($("script[type='application/json']", card).textContent));
    // What came after the page has no style sheet of its own: its nonce would be another.
    if (character) card.style.setProperty("--theme", character.colour());
  }
  for (const character of all()) gateway.subscribe(character.stream);
}
