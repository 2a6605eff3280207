// The history on its own page: undo, and new events at the head.

import { $, readJson } from "./dom.js";
import { Character, remember } from "./character.js";
import { gateway, live } from "./live.js";
import { History } from "./history.js";

const character = remember(new Character(readJson("character"), { traits: [] }, live.user));
const history = new History($("[data-history]"), $("#event-template"), character);

for (const kind of ["created", "update", "deleted", "restored"]) {
  gateway.addEventListener(kind, ({ detail }) => detail.id === character.id && history.add(detail.event));
}
gateway.subscribe(character.stream);
