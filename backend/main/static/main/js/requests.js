// Wherever a player is: a storyteller asks for a roll, and one press leads to the dice.

export function heedRequests(gateway, user, toast) {
  gateway.addEventListener("notice", ({ detail: { entity, id, stream, event, fields } }) => {
    const asked = entity === "roll_request" && fields.request?.players.includes(user) && !fields.request.closed;
    if (!asked) return;
    const run = () => location.assign(`/chronicles/${stream.split(":")[1]}/rolls/#request-${id}`);
    toast(`${event.actor.name} asks you for a roll${fields.request.text ? `: ${fields.request.text}` : "."}`, { action: { label: "Roll", run } });
  });
}
