"""Answers to interactions. They need no Authorization header: the token in the path is the credential.

What comes after the first answer travels as through a webhook (`webhooks.py` tells them apart).
"""

from sandbox.errors import Json
from sandbox.rest.call import ANYONE, Answer, Call, Route


async def callback(call: Call) -> Answer:
    interactions = call.box.interactions
    shown = interactions.callback(call.id("interaction_id"), call.text("token"), call.data, call.files)
    wants_body = call.request.query.get("with_response", "").lower() in ("1", "true")
    return Answer(200, shown) if wants_body else Answer(204)


async def followup(call: Call) -> Json:
    message = call.box.interactions.followup(call.text("token"), call.data, call.files)
    return call.world.show_message(message)


def _message_id(call: Call) -> str:
    return "@original" if call.text("message_id") == "@original" else call.id("message_id")


async def get_message(call: Call) -> Json:
    interaction = call.box.interactions.by_token(call.text("token"))
    return call.world.show_message(call.box.interactions.message(interaction, _message_id(call)))


async def edit_message(call: Call) -> Json:
    message = call.box.interactions.edit(call.text("token"), _message_id(call), call.data, call.files)
    return call.world.show_message(message)


async def delete_message(call: Call) -> None:
    call.box.interactions.delete(call.text("token"), _message_id(call))


ROUTES = [Route("POST", "/interactions/{interaction_id}/{token}/callback", callback, ANYONE)]
