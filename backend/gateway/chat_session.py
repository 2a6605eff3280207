"""A socket of the chat API (S003), `/chat/ws`: the messages of all channels that somebody sees, in that API's words.

It stands on the gateway's hub like any other socket: rights, order and limits are the same. It needs no subscriptions
and no heartbeat of its own; the server pings, so that a client that is gone is noticed.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from functools import lru_cache, partial
from uuid import UUID

import orjson
from pydantic import ValidationError

from chat.operations.servers import SEND_MESSAGE
from chat.selectors.channels import followed
from chronicle.call import Call
from chronicle.door import key_of_nonce, parse, perform
from contract.base import Person
from contract.chat_socket import (
    CHAT_CLIENT_FRAMES,
    ChatError,
    FromChatClient,
    SendMessage,
    TypingNow,
    TypingStop,
)
from contract.errors import problems
from contract.translation import _, speaking
from delivery.outbox import Outbox, Resyncable
from delivery.streams import PlainSubscription, Subscription
from delivery.wire import Out, Receive, encode
from gateway.access import actor, no_such
from gateway.constants import CLOSE_POLICY
from gateway.credentials import Identity
from gateway.frames import Ref
from gateway.room_access import RoomRequest, room_access
from gateway.session import Session
from gateway.viewer import Role, Viewer
from rules.errors import Invalid
from timeline.services import Cause

MAX_FRAME_BYTES = 1024 * 1024


class ChatOutbox(Outbox):
    """Puts the gateway's own frames about rooms into the words of the chat API, and leaves the others out."""

    __slots__ = ()

    def push(self, message: Out, source: Resyncable | None = None, seq: int = 0) -> None:
        scope = source.stream.scope if isinstance(source, Subscription) else None
        plain = message if source is None else in_chat_words(message.text, scope)
        if plain is not None:
            super().push(plain)

    def push_all(self, messages: Sequence[tuple[Out, int]], source: Resyncable) -> None:
        for message, seq in messages:
            self.push(message, source, seq)


@lru_cache(maxsize=256)
def in_chat_words(text: str, server: str | None) -> Out | None:
    """A frame of a room of that server for the chat API, made once for all its sockets; None: it has none like it."""
    frame = orjson.loads(text)
    if frame["type"] != "chat_typing" or server is None:
        return None
    typing = TypingNow(
        type="typing_start" if frame["on"] else "typing_stop",
        username=frame["name"],
        server_id=UUID(server),
        channel_id=frame["stream"].partition(":")[2],
    )
    return out_of(typing)


def out_of(frame: TypingNow | ChatError) -> Out:
    return encode(frame.model_dump(mode="json", by_alias=True))


class ChatSession(Session):
    __slots__ = ("servers",)
    outbox_type = ChatOutbox
    close_origin = close_refused = CLOSE_POLICY

    @property
    def max_frame_bytes(self) -> int:
        """Far more than a message may have: what is too long is refused in words."""
        return MAX_FRAME_BYTES

    @classmethod
    def is_for(cls, identity: Identity) -> bool:
        return identity.user_id is not None

    def greet(self, user: Person | None) -> None:
        """No frame of this API says hello."""
        self.servers: frozenset[str] = frozenset()

    async def run(self, receive: Receive) -> None:
        staying = self._shared.hub.spawn(self._stay())
        self._shared.manager.connect(self.identity.user_id or "", self.outbox)
        try:
            await self.follow()
            await super().run(receive)
        finally:
            staying.cancel()
            self._shared.manager.disconnect(self.identity.user_id or "", self.outbox)

    async def _stay(self) -> None:
        """The client need not say that it is there: while the line holds, its person is."""
        while True:
            self.seen = self._shared.now()
            await self.touch(self._shared.options.silence)
            await asyncio.sleep(self._shared.options.heartbeat_interval)

    async def touch(self, seconds: float) -> None:
        streams = [f"server:{server}" for server in self.servers]
        await self._shared.presence.touch(self.identity.user_id or "", self.id, self.status, streams, seconds)

    # Channels

    def is_concerned(self, scope: str, users: Collection[str] | None) -> bool:
        """Whether a change of rights in a server may show this person another channel."""
        return scope in self.servers if users is None else (self.identity.user_id or "") in users

    async def follow(self) -> None:
        """Listen to every channel that this person sees, also to those that came since."""
        async with self._busy:
            limit = self._shared.options.max_chat_channels
            servers, rooms = await self._shared.database.run(followed, self.identity.user_id or "", limit)
            self.servers = frozenset(servers)
            new = [self._held(room) for room in rooms if f"room:{room}" not in self.subscriptions]
            try:
                await self._shared.hub.ready_all([subscription.stream for subscription in new])
                await self._admit(new)
            finally:
                for subscription in new:
                    self._forget_if_unused(subscription)
                    subscription.release()

    def _held(self, room: UUID) -> Subscription[Viewer]:
        """A subscription, held: messages wait until it is certain that they may be shown."""
        user = self.identity.user_id
        subscription = self._shared.hub.subscribe(self, self.outbox, f"room:{room}", user, PlainSubscription)
        self.subscriptions[subscription.name] = subscription
        subscription.hold()
        return subscription

    async def _admit(self, new: list[Subscription[Viewer]]) -> None:
        asked = [RoomRequest(self.identity, subscription.name) for subscription in new]
        for subscription, access in zip(
            new, await self._shared.database.run(room_access, asked), strict=True
        ):
            if access is not None:
                subscription.is_storyteller, subscription.is_member = access.is_storyteller, access.is_member
                subscription.stream.scope = access.scope
                subscription.is_whole, subscription.after = True, subscription.stream.after or 0

    async def _catch_up(
        self,
        subscription: Subscription[Viewer],
        since: int | None = None,
        ref: Ref = None,
        before: Role | None = None,
    ) -> None:
        """After a change of rights: only what is said from here on."""
        asked = [RoomRequest(self.identity, subscription.name)]
        (access,) = await self._shared.database.run(room_access, asked)
        if access is None:
            raise no_such(subscription.name)
        subscription.is_storyteller, subscription.is_member = access.is_storyteller, access.is_member

    def _lose(self, subscription: Subscription[Viewer]) -> None:
        subscription.is_whole = False
        self._forget_if_unused(subscription)

    # Frames

    def _read(self, text: str | None) -> tuple[Ref, Callable[[], Awaitable[None]]]:
        return None, partial(self._do, self._chat_frame(text))

    def _chat_frame(self, text: str | None) -> FromChatClient:
        with self._speaking():
            self._limiter.count(self.seen)
            try:
                body = orjson.loads(text or "")
            except orjson.JSONDecodeError:
                raise Invalid(_("This frame isn’t JSON."), code="bad_frame") from None
            if not isinstance(body, dict):
                raise Invalid(_("A frame is a JSON object."), code="bad_frame")
            model = CHAT_CLIENT_FRAMES.get(str(body.get("type")))
            if model is None:
                raise Invalid(_("There’s no such type of frame."), code="unknown_type")
            try:
                return model.model_validate(body)
            except ValidationError as error:
                found = problems(model, error).values()
                sentences = dict.fromkeys(sentence for of_field in found for sentence in of_field)
                raise Invalid(" ".join(sentences), code="bad_frame") from None

    async def _do(self, frame: FromChatClient) -> None:
        room = f"room:{frame.channel_id}"
        if isinstance(frame, SendMessage):
            self.stop_typing(room)
            await self._shared.database.run(_send, self.identity, frame, self.language)
            return
        subscription = self.subscriptions.get(room)
        if subscription is None or subscription.stream.scope != str(frame.server_id):
            raise no_such(room)
        await self.type(room, not isinstance(frame, TypingStop))

    def _refuse(self, error: Invalid) -> None:
        """Say what is wrong with a frame; the socket stays open."""
        self._send_error(error.code, error.detail, None)

    def _send_error(self, code: str, detail: str, ref: Ref, **more: object) -> None:
        self.outbox.push(out_of(ChatError(message=detail, code=code)))


def _send(identity: Identity, frame: SendMessage, language: str) -> None:
    """Post a message, by the operation that every door runs. Blocking. Raises GameError, in the writer's language."""
    with speaking(language):
        principal = actor(identity)
        call = Call(principal, Cause(principal.user, "api"))
        fields = {"server": str(frame.server_id), "channel": str(frame.channel_id)}
        given = parse(SEND_MESSAGE.input, {**fields, "text": frame.text, "nonce": frame.nonce})
        perform(SEND_MESSAGE, call, given, key_of_nonce(SEND_MESSAGE, call, given))
