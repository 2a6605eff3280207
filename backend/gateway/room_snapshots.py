"""What sockets that come to rooms of chat are sent: the newest messages, or what changed meanwhile. Blocking.

Those who come at the same moment are answered together: rights are read for all of them at once, a room's messages
once, and each message is encoded once for each level.
"""

from collections.abc import Sequence
from functools import cached_property
from uuid import UUID

import orjson

from chat import log
from chat.documents import document
from chat.models import ChatMessage
from chat.selectors.live import Newest, Reader, changed_since, newest
from contract.chat import Message
from delivery.wire import Out, encode
from gateway.access import Access
from gateway.requests import SubscribeRequest, SubscribeResult
from gateway.room_access import RoomRequest, room_access
from rules.visibility import Level
from timeline.services import heads

Asked = list[tuple[SubscribeRequest, Access]]


def room_results(requests: Sequence[SubscribeRequest], most: int, limit: int) -> list[SubscribeResult | None]:
    """An answer for each, in their order. Who missed more than `most` messages gets the newest, in `limit` bytes."""
    accesses = room_access([RoomRequest(request.identity, request.name) for request in requests])
    by_room: dict[UUID, Asked] = {}
    for request, access in zip(requests, accesses, strict=True):
        if access:
            by_room.setdefault(access.ref.id, []).append((request, access))
    # Read before any message: what changes from here on comes as a frame too.
    seqs = heads(by_room)
    results = {
        request: result
        for room, asked in by_room.items()
        for request, result in _RoomAnswers(room, seqs[str(room)], asked, most, limit).all()
    }
    return [results.get(request) for request in requests]


class _RoomAnswers:
    """Answers about one room, from what is read of it once."""

    def __init__(self, room: UUID, seq: int, asked: Asked, most: int, limit: int) -> None:
        self._room, self._seq, self._asked = room, seq, asked
        self._most, self._limit = most, limit
        self._pieces: dict[tuple[UUID, Level], bytes] = {}

    def all(self) -> list[tuple[SubscribeRequest, SubscribeResult]]:
        return [
            (request, self._missed(request, access) or self._snapshot(request, access))
            for request, access in self._asked
        ]

    # What changed since they left

    @cached_property
    def _changes(self) -> list[ChatMessage]:
        after = min(request.since for request, _ in self._asked if request.since is not None)
        return changed_since(self._room, after, self._most + 1)

    def _missed(self, request: SubscribeRequest, access: Access) -> SubscribeResult | None:
        """None when the newest messages are needed instead: they missed too much, or `since` never was."""
        since = request.since
        if since is None or since > self._seq:
            return None
        if since == self._seq:
            return SubscribeResult(access, self._seq, missed=[])
        if len(self._changes) > self._most and self._changes[0].changed > since:
            return None
        reader = _reader(access)
        texts = [
            log.frame(message, reader.level_of(message), reader.user)
            for message in self._changes
            # What changed since this began to be read comes as a frame of its own.
            if since < message.changed <= self._seq and message.seq > reader.begins
        ]
        return SubscribeResult(access, self._seq, missed=[text for text in texts if text])

    # The newest

    @cached_property
    def _newest(self) -> dict[Reader, Newest]:
        return newest(self._room, [_reader(access) for _, access in self._asked])

    def _snapshot(self, request: SubscribeRequest, access: Access) -> SubscribeResult:
        reader = _reader(access)
        messages, before = self._newest[reader]
        messages = [message for message in messages if message.seq <= self._seq]
        pieces: list[bytes] = []
        size = 0
        for message in reversed(messages):
            piece = self._piece(message, reader)
            size += len(piece) + 1
            if pieces and size > self._limit:
                before = True
                break
            pieces.append(piece)
        return SubscribeResult(access, self._seq, parts=[_snapshot(request, self._seq, pieces[::-1], before)])

    def _piece(self, message: ChatMessage, reader: Reader) -> bytes:
        """The message as this reader sees it, encoded once for all who see the same."""
        if any(reaction.user_id == reader.user for reaction in message.reactions.all()):
            return _encoded(document(message, reader.level_of(message), reader.user))
        key = (message.pk, reader.level_of(message))
        if key not in self._pieces:
            self._pieces[key] = _encoded(document(message, key[1]))
        return self._pieces[key]


def _reader(access: Access) -> Reader:
    return Reader(UUID(access.user_id) if access.user_id else None, access.level, access.begins)


def _encoded(message: Message) -> bytes:
    return orjson.dumps(message.model_dump(mode="json"))


def _snapshot(request: SubscribeRequest, seq: int, pieces: list[bytes], before: bool) -> Out:
    head: dict[str, object] = {"type": "chat_snapshot", "stream": request.name, "seq": seq, "before": before}
    head["messages"] = [orjson.Fragment(piece) for piece in pieces]
    return encode(head if request.ref is None else head | {"ref": request.ref})
