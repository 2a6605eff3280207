"""Post a message that came over the socket, by the operation that every door runs. Blocking."""

from chat.operations.messages import POST
from chronicle.call import Call
from chronicle.door import key_of_nonce, parse, perform
from contract.chat import OneMessage
from contract.client_frames import PostMessage
from contract.translation import speaking
from delivery.streams import stream_id
from gateway.access import actor, is_room, no_such
from gateway.credentials import Identity
from timeline.services import Cause


def post_message(identity: Identity, frame: PostMessage, language: str) -> OneMessage:
    """Once for its nonce, which also knows what was posted over REST. Raises GameError, in the writer's language."""
    with speaking(language):
        if not is_room(frame.stream):
            raise no_such(frame.stream)
        principal = actor(identity)
        call = Call(principal, Cause(principal.user, "web"))
        named = {"room": stream_id(frame.stream), "nonce": frame.nonce, "text": frame.text}
        given = parse(POST.input, {**(frame.model_extra or {}), **named})
        return perform(POST, call, given, key_of_nonce(POST, call, given))
