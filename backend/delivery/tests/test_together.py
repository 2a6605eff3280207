"""Events that have come together go to each socket in one piece: in order, and none before a right is looked at."""

import asyncio
import json
from typing import Any

import pytest

from contract.events import EventType
from delivery.hub import MOST_JOINED, Hub
from delivery.options import Options
from delivery.outbox import Outbox
from delivery.redis_layer import SharedLayer
from delivery.source import Filled
from delivery.streams import PlainSubscription

ROOM = "room:00000000-0000-7000-8000-000000000001"


class Layer(SharedLayer):
    """Hands over what was put into it."""

    def __init__(self) -> None:
        self.queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    def serialize(self, message: object) -> bytes:
        return json.dumps(message).encode()

    def waits(self, channel: str) -> bool:
        return not self.queue.empty()

    async def new_channel(self, prefix: str) -> str:
        return prefix

    async def receive(self, channel: str) -> dict[str, Any]:
        return await self.queue.get()

    async def group_add(self, group: str, channel: str) -> None: ...

    async def group_discard(self, group: str, channel: str) -> None: ...

    async def send(self, channel: str, message: object) -> None: ...

    async def flush(self) -> None: ...


class NoDatabase:
    async def heads(self, stream_ids: Any) -> dict[str, int]:
        return dict.fromkeys(stream_ids, 0)

    async def fill(self, name: str, after: int, limit: int) -> Filled:
        return Filled([], after)


class Place:
    """A hub with one room, whose subscribers are plain lists of what was written to them."""

    def __init__(self) -> None:
        self.layer, self.log = Layer(), list[object]()
        options = Options()
        self.hub: Hub[str] = Hub(
            self.layer,  # type: ignore[arg-type]
            NoDatabase(),
            options,
            on_control=lambda message: self.log.append(message["type"]),
            on_rights=lambda stream, message: self.log.append(f"rights before {message['seq']}"),
            on_visibility=lambda stream, message: self.log.append(f"visibility after {message['seq']}"),
        )

    def enter(self, name: str, make: Any = None) -> list[bytes]:
        pieces: list[bytes] = []

        def write(piece: bytes) -> bool:
            pieces.append(piece)
            self.log.append(piece.count(b'"n"'))
            return True

        async def send(message: object) -> None:
            raise AssertionError("everything is taken at once")

        outbox = Outbox(send, Options(), [].append, write)
        more = {"make": make} if make else {}
        view = self.hub.subscribe(name, outbox, ROOM, None, **more)
        view.is_whole = view.is_member = True
        view.stream.after = view.stream.after or 0
        return pieces

    def put(self, seq: int, kind: str = "chat.message", **more: object) -> None:
        frames = {"0": json.dumps({"n": seq}), "plain": json.dumps({"n": seq, "plain": True})}
        event = {"type": "stream.event", "stream": ROOM, "seq": seq, "owner": None, "entity_id": str(seq)}
        self.layer.queue.put_nowait(
            {**event, "event_type": kind, "users": None, "rights": 0, "frames": frames, **more}
        )

    async def settle(self) -> None:
        self.hub.start()
        await asyncio.sleep(0.05)
        await self.hub.stop()
        assert self.layer.queue.empty()
        self.log.remove("recheck")  # with which it begins


def numbers(pieces: list[bytes]) -> list[int]:
    found: list[int] = []
    for part in b"".join(pieces).split(b'"n": ')[1:]:
        digits = bytes(part).split(b"}")[0].split(b",")[0]
        found.append(int(digits))
    return found


@pytest.fixture
def place() -> Place:
    return Place()


async def test_a_burst_is_written_in_few_pieces_and_in_order(place: Place) -> None:
    mira, jonas = place.enter("mira"), place.enter("jonas")
    for seq in (2, 1, *range(3, 41)):
        place.put(seq)
    await place.settle()
    for pieces in (mira, jonas):
        assert numbers(pieces) == list(range(1, 41))
        assert len(pieces) == -(-40 // MOST_JOINED)


async def test_one_event_is_one_piece_at_once(place: Place) -> None:
    mira = place.enter("mira")
    place.put(1)
    await place.settle()
    assert len(mira) == 1


async def test_rights_are_looked_at_before_what_follows_a_change_of_them(place: Place) -> None:
    place.enter("mira")
    for seq in (1, 2):
        place.put(seq)
    place.put(3, rights=1)
    for seq in (4, 5):
        place.put(seq, rights=1)
    place.put(6, EventType.CHARACTER_SHOWN.value, rights=1)
    place.put(7, rights=1)
    await place.settle()
    assert place.log == [2, "rights before 3", 1, 2, 1, "visibility after 6", 1]


async def test_what_is_no_event_keeps_its_place_among_them(place: Place) -> None:
    place.enter("mira")
    place.put(1)
    place.put(2)
    place.layer.queue.put_nowait({"type": "rights"})
    place.put(3)
    await place.settle()
    assert place.log == [2, "rights", 1]


async def test_a_client_of_the_chat_api_gets_its_own_frames(place: Place) -> None:
    plain = place.enter("bot", PlainSubscription)
    for seq in range(1, 6):
        place.put(seq)
    await place.settle()
    assert numbers(plain) == [1, 2, 3, 4, 5]
    assert b"".join(plain).count(b"plain") == 5
