// Wherever a player is: a storyteller asks for a roll, and one press leads to the dice.

import { _, p_ } from "./translation.js";

/**
 * @param {Gateway} gateway
 * @param {string} user
 * @param {Toast} toast
 */
export function followRequests(gateway, user, toast) {
  gateway.addEventListener("notice", ({ detail: { entity, id, stream, event, fields } }) => {
    const asked = entity === "roll_request" && fields.request?.players.includes(user) && !fields.request.closed;
    if (!asked) return;
    const run = () => location.assign(`/chronicles/${stream.split(":")[1]}/rolls/#request-${id}`);
    const data = { name: event.actor.name, text: fields.request.text };
    const says = data.text ? _("{name} asks you for a roll: {text}", data) : _("{name} asks you for a roll.", data);
    toast(says, { action: { label: p_("button", "Roll"), run } });
  });
}
