"""The queue of one socket: straight through while there is room, bounded when there is none."""

import asyncio
import json

from delivery.options import Options
from delivery.outbox import Outbox
from delivery.wire import Out, encode


class Server:
    """Takes `room` messages at once, then makes the sender wait."""

    def __init__(self, room: int) -> None:
        self.room = asyncio.Semaphore(room)
        self.got: list[dict] = []
        self.gone = False

    async def send(self, message: dict) -> None:
        await self.room.acquire()
        if self.gone:
            raise OSError("gone")
        self.got.append(message)

    def numbers(self) -> list[int]:
        return [json.loads(message["text"])["n"] for message in self.got]


class Source:
    name = "chronicle:x"
    stale = False


def frame(number: int) -> Out:
    return encode({"n": number})


def make(room: int, **options) -> tuple[Server, Outbox, list[int]]:
    server, ends = Server(room), []
    return server, Outbox(server.send, Options(**options), ends.append), ends


async def test_with_room_everything_is_sent_in_the_same_step():
    server, outbox, _ = make(room=100)
    for number in range(100):
        outbox.push(frame(number))
    assert server.numbers() == list(range(100))


async def test_without_room_order_is_kept_and_nothing_is_lost():
    server, outbox, ends = make(room=3)
    for number in range(50):
        outbox.push(frame(number))
    assert server.numbers() == [0, 1, 2]
    for _ in range(47):
        server.room.release()
    await outbox.room()
    assert server.numbers() == list(range(50))
    assert ends == []


async def test_past_the_bound_events_become_one_resync_from_before_the_first():
    server, outbox, ends = make(room=1, queue_frames=5)
    source = Source()
    for number in range(1, 9):
        outbox.push(frame(number), source, number)
    outbox.push(frame(99))
    assert source.stale
    for _ in range(20):
        server.room.release()
    await outbox.room()
    sent = [json.loads(message["text"]) for message in server.got]
    # Two are with the server already; the waiting 3 to 8 are gone. What is no event stays.
    assert sent[:2] == [{"n": 1}, {"n": 2}]
    assert {"type": "resync", "stream": "chronicle:x", "seq": 2} in sent
    assert {"n": 99} in sent
    assert ends == []


async def test_the_bound_is_of_bytes_too():
    _, outbox, _ = make(room=0, queue_bytes=1000)
    source = Source()
    for number in range(4):
        outbox.push(encode({"text": "x" * 400}), source, number)
    assert source.stale


async def test_one_who_takes_nothing_that_cannot_be_dropped_is_let_go():
    _, outbox, ends = make(room=0, queue_frames=5)
    for number in range(20):
        outbox.push(frame(number))
    assert ends == [1013]
    assert outbox.closed


async def test_a_socket_that_is_gone_takes_no_more():
    server, outbox, _ = make(room=2)
    server.gone = True
    outbox.push(frame(1))
    assert outbox.closed
    outbox.push(frame(2))
    assert server.got == []


async def test_gone_while_frames_wait():
    server, outbox, _ = make(room=0)
    outbox.push(frame(1))
    outbox.push(frame(2))
    server.gone = True
    server.room.release()
    await outbox.room()
    assert outbox.closed


async def test_closing_does_not_wait_for_ever(monkeypatch):
    monkeypatch.setattr("delivery.outbox.CLOSE_SECONDS", 0.05)
    server, outbox, _ = make(room=0)
    outbox.push(frame(1))
    async with asyncio.timeout(2):
        await outbox.close(4001)
    assert server.got == []


class Wire:
    """Takes whole frames as bytes while it is told to."""

    def __init__(self) -> None:
        self.takes = True
        self.pieces: list[bytes] = []

    def write(self, piece: bytes) -> bool:
        if self.takes:
            self.pieces.append(piece)
        return self.takes


async def test_several_frames_are_written_in_one_piece():
    server, wire = Server(room=100), Wire()
    outbox = Outbox(server.send, Options(), [].append, wire.write)
    frames = [(frame(number), number) for number in range(1, 4)]
    outbox.push_all(frames, Source())
    assert wire.pieces == [b"".join(shown.wire for shown, _ in frames)]
    outbox.push_all(frames[:1], Source())
    outbox.push_all([], Source())
    assert wire.pieces[1:] == [frames[0][0].wire]
    assert server.got == []


async def test_what_is_not_taken_in_one_piece_is_sent_one_by_one_and_bounded():
    server, wire = Server(room=1), Wire()
    wire.takes = False
    outbox, source = Outbox(server.send, Options(queue_frames=3), [].append, wire.write), Source()
    outbox.push_all([(frame(number), number) for number in range(1, 4)], source)
    assert server.numbers() == [1]
    wire.takes = True  # what waits comes first, whatever the server takes by now
    outbox.push_all([(frame(number), number) for number in range(4, 9)], source)
    assert wire.pieces == []
    assert source.stale
    for _ in range(20):
        server.room.release()
    await outbox.room()
    assert json.loads(server.got[-1]["text"]) == {"type": "resync", "stream": "chronicle:x", "seq": 2}
