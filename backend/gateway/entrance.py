"""What those get who come to streams: answered for many at once, as after a restart hundreds ask for the same.

Rights are read for all of them together, a chronicle once, and each character is encoded once for each level.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

import orjson

from delivery.wire import Out
from gateway import access
from gateway.access import Access
from gateway.credentials import Identity
from gateway.frames.outgoing import snapshot_parts
from haven import snapshot as haven
from haven.serializers.character import brief
from rules.visibility import Level


class Asked(NamedTuple):
    """Somebody comes to a stream, anew or after the event `since`."""

    identity: Identity
    name: str
    since: int | None = None
    ref: str | int | None = None


class Given(NamedTuple):
    """Of `missed` events the frames, or else the `parts` of a snapshot, true at `seq`."""

    access: Access
    seq: int
    missed: list[str] | None = None
    parts: Sequence[Out] = ()


Answer = Callable[[Sequence[Asked]], list[Given | None]]


def answering(max_missed: int, chunk_bytes: int) -> Answer:
    """What answers them, in their order; None for what does not exist or must stay unknown. It blocks."""

    def answer(asked: Sequence[Asked]) -> list[Given | None]:
        streams: dict[str, _Stream] = {}
        found: dict[int, Given] = {}
        for number, entry in _allowed(asked):
            stream = streams.setdefault(entry.ref.name, _Stream(entry))
            found[number] = _given(asked[number], entry, stream, max_missed, chunk_bytes)
        return [found.get(number) for number in range(len(asked))]

    return answer


def _allowed(asked: Sequence[Asked]) -> Iterator[tuple[int, Access]]:
    """Those who may have what they ask for, by their place."""
    by_name: dict[str, list[int]] = {}
    for number, one in enumerate(asked):
        by_name.setdefault(one.name, []).append(number)
    for name, numbers in by_name.items():
        entries = access.of_many(name, [asked[number].identity for number in numbers])
        yield from ((number, one) for number, one in zip(numbers, entries, strict=True) if one is not None)


def _given(asked: Asked, entry: Access, stream: "_Stream", max_missed: int, chunk_bytes: int) -> Given:
    if asked.since is not None:
        missed = access.missed(entry, asked.since, max_missed)
        if missed is not None:
            return Given(entry, missed[0], missed=missed[1])
    pieces = stream.pieces(entry)
    return Given(
        entry,
        stream.seq,
        parts=list(snapshot_parts(entry.ref.name, stream.seq, pieces, chunk_bytes, asked.ref)),
    )


class _Stream:
    """A stream's characters, read when the first asks for them. It lives as long as those who ask together."""

    def __init__(self, entry: Access) -> None:
        self._ref = entry.ref
        self._encoded: dict[tuple[int, Level], bytes] = {}

    @cached_property
    def _read(self) -> tuple[int, list[haven.Character]]:
        return haven.characters(self._ref)

    @property
    def seq(self) -> int:
        return self._read[0]

    def pieces(self, entry: Access) -> Iterator[bytes]:
        """Each character as this viewer may see it, encoded."""
        for number, character in enumerate(self._read[1]):
            level = entry.viewer.level(str(character.owner_id))
            piece = self._encoded.get((number, level))
            if piece is None:
                piece = self._encoded[number, level] = orjson.dumps(brief(character, level))
            yield piece
