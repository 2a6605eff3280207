"""What sockets read: snapshots, missed events, sheets. Blocking.

Those who subscribe at the same moment, as hundreds do after a restart, are answered together: access is read for all
of them at once, a chronicle's characters once, and each character is encoded once for each level.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from uuid import UUID

import orjson

from chat import log
from companion.selectors import live
from contract.characters import FullCharacter
from contract.events import EventType
from delivery.database import Database
from delivery.source import Filled
from delivery.streams import stream_id
from delivery.wire import Out, encode
from gateway.access import Access, is_room, principal, stream_access
from gateway.credentials import Identity
from gateway.frames import snapshot_parts
from gateway.requests import SubscribeRequest, SubscribeResult
from gateway.room_snapshots import room_results
from haven import selectors
from haven import snapshot as haven
from haven.models import Character
from haven.serializers.character import brief
from haven.utility import derived
from rules.visibility import Level
from timeline import frames
from timeline import services as timeline
from timeline.models import Event

CAMPAIGN = "campaign:"
LoadMany = Callable[[Sequence[SubscribeRequest]], list[SubscribeResult | None]]


def loader(max_missed: int, max_messages: int, chunk_bytes: int) -> LoadMany:
    """Make the function that answers requests, in their order; None for what is not there or must stay unknown."""

    def load_many(requests: Sequence[SubscribeRequest]) -> list[SubscribeResult | None]:
        characters: dict[str, _Characters] = {}
        of_rooms = [request for request in requests if is_room(request.name)]
        results = dict(zip(of_rooms, room_results(of_rooms, max_messages, chunk_bytes), strict=True))
        for request, access in _allowed([request for request in requests if not is_room(request.name)]):
            of_stream = characters.setdefault(access.ref.name, _Characters(access))
            results[request] = _result(request, access, of_stream, max_missed, chunk_bytes)
        return [results.get(request) for request in requests]

    return load_many


def _allowed(requests: Sequence[SubscribeRequest]) -> Iterator[tuple[SubscribeRequest, Access]]:
    """The requests that are allowed."""
    by_name: dict[str, list[SubscribeRequest]] = {}
    for request in requests:
        by_name.setdefault(request.name, []).append(request)
    for name, named in by_name.items():
        accesses = stream_access(name, [request.identity for request in named])
        yield from ((request, access) for request, access in zip(named, accesses, strict=True) if access)


def _result(
    request: SubscribeRequest, access: Access, characters: "_Characters", max_missed: int, chunk_bytes: int
) -> SubscribeResult:
    if request.since is not None:
        missed = missed_events(access, request.since, max_missed)
        if missed is not None:
            return SubscribeResult(access, missed[0], missed=missed[1])
    seq = characters.seq
    parts = snapshot_parts(access.ref.name, seq, characters.pieces(access), chunk_bytes, request.ref)
    return SubscribeResult(access, seq, parts=list(parts))


class _Characters:
    """A stream's characters, read on first use. It lives as long as the requests that are answered together."""

    def __init__(self, access: Access) -> None:
        self._ref = access.ref
        self._encoded: dict[tuple[int, Level], bytes] = {}

    @cached_property
    def _read(self) -> tuple[int, list[Character]]:
        return haven.characters(self._ref)

    @property
    def seq(self) -> int:
        return self._read[0]

    def pieces(self, access: Access) -> Iterator[bytes]:
        """Each character as this viewer may see it, encoded."""
        for number, character in enumerate(self._read[1]):
            level = access.viewer.level(str(character.owner_id))
            piece = self._encoded.get((number, level))
            if piece is None:
                piece = self._encoded[number, level] = orjson.dumps(brief(character, level), default=vars)
            yield piece


def missed_events(access: Access, since: int, limit: int) -> tuple[int, list[str]] | None:
    """`(seq, frames)` of the events after `since`; None when a snapshot is needed instead.

    That is so when they are more than `limit`, when `since` never was, when some of them are no longer kept
    (`privacy.retention`), and when it changed meanwhile who may see a trait: no event carries the values that came into
    sight.
    """
    rows = timeline.since(access.ref.id, since, access.viewer, limit=limit + 1)
    if len(rows) > limit or _visibility_changed(access.ref.id, since):
        return None
    if rows and rows[-1][0] - since != len(rows):
        return None
    if rows:
        return rows[-1][0], [text for _, text in rows if text is not None]
    head = timeline.heads([access.ref.id])[str(access.ref.id)]
    return (head, []) if since == head else None


def _visibility_changed(stream_id: UUID, since: int) -> bool:
    changes = Event.objects.filter(stream_id=stream_id, type=EventType.CHARACTER_SHOWN.value)
    return changes.filter(seq__gt=since).exists()


def sheet(identity: Identity, character_id: str, stream_id: str) -> tuple[int, FullCharacter]:
    """`(seq, full character)`. The seq is read first: later events come again, and carry a version to tell by."""
    seq = timeline.heads([stream_id])[stream_id]
    return seq, haven.sheet(character_id, principal(identity))


def character_frames(character_id: str, stream_name: str, seq: int) -> tuple[str, list[Out]]:
    """`(owner, frames)`: the brief character as each level sees it; no frames when it is gone."""
    row = selectors.alive().filter(id=character_id).first()
    if row is None:
        return "", []
    character, head = derived(row), {"type": "character", "stream": stream_name, "seq": seq}
    by_level = [encode(head | {"character": brief(character, level)}) for level in Level]
    return str(row.owner_id), by_level


class TimelineSource:
    """The hub's `delivery.source.Source`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def heads(self, stream_ids: Sequence[str]) -> dict[str, int]:
        return await self._database.run(timeline.heads, stream_ids)

    async def fill(self, name: str, after: int, limit: int) -> Filled:
        return await self._database.run(_filled, name, after, limit)


def _filled(name: str, after: int, limit: int) -> Filled:
    if is_room(name):
        return log.fill(UUID(stream_id(name)), after, limit)
    if name.startswith(CAMPAIGN):
        return live.fill(stream_id(name), after, limit)
    messages = [frames.message(event) for event in timeline.events_since(stream_id(name), after, limit)]
    # Numbers have no gap, so a later start means that older events were removed.
    return Filled(messages, messages[-1]["seq"] if messages else after)
