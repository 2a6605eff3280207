"""Random and mutated frames on a real socket: an error frame or an ordinary end, and nobody else notices."""

import json
import logging
import os
import socket
from contextlib import suppress
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed

from contract.client_frames import CLIENT_FRAMES
from gateway.tests.kit import SECONDS, Table, Viewer, cookie_of, wait_for
from haven.services import Reference, delete
from testing.fuzzing import assert_keeps_secrets, assert_sentence, tries
from testing.mutation import Mutation

pytestmark = pytest.mark.django_db(transaction=True)

# `scripts/test.sh --long requests` sends twenty thousand on each database, other ones in each of its parts.
FRAMES = int(os.environ.get("FRAMES", "400"))
SEED = int(os.environ.get("SEED", "1"))

# Ends that a client can bring upon itself; 1011 would be our fault.
ENDS = {1002, 1003, 1007, 1009, 4008}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
KINDS = [
    "heartbeat",
    "subscribe",
    "unsubscribe",
    "open",
    "close",
    "presence",
    "feed",
    "",
    "x",
    7,
    None,
    ["open"],
]
STRANGE = ["", ":", "chronicle:", "x:", "\x00", "🦉", "user:" + "0" * 36, "0" * 32, "x" * 201, "{}", "-1"]


@pytest.fixture
def patient(settings: Any, quick: None) -> None:
    """Manners are for another test; here one socket has to hear out thousands of frames."""
    settings.GATEWAY |= {
        "rate_frames": 10**9,
        "max_bad_frames": 10**9,
        "max_subscriptions": 5,
        "max_sheets": 5,
    }


@pytest.fixture
def ids(table: Table, world: Any) -> list[str]:
    """What is there, as somebody might spell it."""
    owl, fox = table.create("mira", "Night Owl"), table.create("mira", "Grey Fox", chronicle=None)
    gone = table.create("jonas", "Lost Hare")
    delete(world.principal("jonas"), Reference(gone), table.cause("jonas"))
    streams = [
        table.stream,
        f"chronicle:{world.other_chronicle.id}",
        f"server:{world.server.id}",
        f"user:{world.mira.id}",
    ]
    everything = [owl, fox, gone, str(world.mira.id), *streams]
    return [*everything, *(text.upper() for text in everything), *STRANGE]


def frames(ids: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    """Frames as they should be, but for this and that."""
    named = st.sampled_from(ids) | JSON
    numbers = st.sampled_from([0, 1, 2, 99, -1, 2**63 - 1, 2**63, 10**30, True, "1"]) | JSON
    return st.fixed_dictionaries(
        {"type": st.sampled_from(KINDS)},
        optional={
            "stream": named,
            "id": named,
            "since": numbers
            | st.dictionaries(st.sampled_from([name for name in ids if len(name) < 99]), numbers),
            "status": st.sampled_from(["online", "away", "dead", 1]) | JSON,
            "ref": st.sampled_from(["r", "", "x" * 64, "x" * 65, 0, 2**63, -1]) | JSON,
            "more": JSON,
        },
    )


def texts(ids: list[str]) -> st.SearchStrategy[str | bytes]:
    whole = st.builds(json.dumps, frames(ids) | JSON)
    cut = st.builds(
        lambda text, start, end: text[start % 9 : -1 - end % 9], whole, st.integers(0, 8), st.integers(0, 8)
    )
    deep = st.integers(1, 1500).map(lambda number: '{"type":' * number)
    return whole | whole | cut | deep | st.text(max_size=200) | st.binary(max_size=200)


def all_heard(viewer: Viewer, number: int) -> None:
    """Whatever came before was answered when this is; every frame is held against the schema as it comes."""
    before = len(viewer.frames)
    viewer.send(type="heartbeat", ref=f"mark {number}")
    viewer.wait("heartbeat", ref=f"mark {number}")
    for frame in viewer.frames[before:]:
        if frame["type"] == "error":
            assert_sentence(frame["detail"])
            assert_keeps_secrets(frame["detail"] + frame["code"])


def our_faults(caplog: Any) -> list[logging.LogRecord]:
    """uvicorn itself calls broken UTF-8 an error, and ends the socket with 1007, as it should."""
    errors = [record for record in caplog.records if record.levelno >= logging.ERROR]
    return [record for record in errors if not record.getMessage().startswith("Invalid UTF-8 sequence")]


def test_no_frame_brings_anything_down(
    join: Any, patient: None, table: Table, ids: list[str], caplog: Any
) -> None:
    """jonas looks on all the while: nothing that mira and the Discord process send is seen by him."""
    from django.conf import settings

    onlooker, mira = join("jonas"), join("mira")
    bot = join(headers={"Authorization": f"Api-Key {settings.API_KEYS[0]}"}, origin=None)
    onlooker.subscribe(table.stream)
    count = iter(range(10**9))

    @tries(120)
    @given(st.lists(texts(ids), min_size=1, max_size=6), st.sampled_from([mira, bot]))
    def send(many: list[str | bytes], viewer: Viewer) -> None:
        for text in many:
            viewer.raw(text)
        all_heard(viewer, next(count))

    with caplog.at_level(logging.ERROR):
        send()
    assert not our_faults(caplog), caplog.text
    last = table.set("mira", ids[0], name="Barn Owl")
    assert onlooker.until_seq(table.stream, last.event.seq) == [last.event.seq]
    onlooker.quiet()


@pytest.mark.engine
@pytest.mark.timeout(590)
def test_no_frame_of_thousands_is_our_fault(
    join: Any, patient: None, table: Table, ids: list[str], caplog: Any
) -> None:
    """By a member, a stranger and the Discord process, of every type: as its schema says, or nearly."""
    from django.conf import settings

    bot = join(headers={"Authorization": f"Api-Key {settings.API_KEYS[0]}"}, origin=None)
    viewers = [join("mira"), join("sam"), bot]
    mutation = Mutation(Random(SEED), ids, ids, {"stream": ids, "id": ids, "type": KINDS})
    schemas = [model.model_json_schema() for model in CLIENT_FRAMES.values()]
    with caplog.at_level(logging.ERROR):
        for number in range(FRAMES):
            schema = mutation.random.choice(schemas)
            frame = {"type": schema["properties"]["type"]["const"]} | mutation.made_of(schema)
            viewers[number % 3].raw(json.dumps(frame)[: 15 * 1024])
            if number % 30 == 0:
                for viewer in viewers:
                    all_heard(viewer, number)
    for viewer in viewers:
        all_heard(viewer, FRAMES)
    assert not our_faults(caplog), caplog.text


@pytest.mark.req("S004-40")
def test_a_stranger_learns_nothing_from_any_frame(
    join: Any, patient: None, table: Table, ids: list[str]
) -> None:
    stranger = join("sam")
    count = iter(range(10**9))

    @tries(60)
    @given(st.lists(frames(ids), min_size=1, max_size=5))
    def send(many: list[dict[str, Any]]) -> None:
        for frame in many:
            stranger.raw(json.dumps(frame))
        all_heard(stranger, next(count))

    send()
    table.set("mira", ids[0], name="Night Owl again")
    stranger.quiet()
    received = json.dumps([frame for frame in stranger.frames if frame["type"] not in ("hello",)])
    assert "Night Owl" not in received
    assert "Grey Fox" not in received


TEXT, MORE = 0x1, 0x0


def on_the_wire(code: int, payload: bytes, last: bool) -> bytes:
    """RFC 6455, 5.2, masked by zeros. Payloads of 126 bytes come with their length as it must not be."""
    return bytes([last << 7 | code, 0x80 | len(payload), 0, 0, 0, 0]) + payload


def fragments() -> st.SearchStrategy[list[tuple[int, bytes, bool]]]:
    """`(opcode, payload, last)`: messages in pieces, pieces out of order, opcodes that there are not."""
    codes = st.sampled_from([TEXT, TEXT, MORE, MORE, MORE, 0x2, 0x3, 0x8, 0x9, 0xA, 0xF])
    payload = st.sampled_from([b'{"type":', b'"heartbeat"}', b"\xff", b"", b"x" * 126]) | st.binary(
        max_size=20
    )
    return st.lists(st.tuples(codes, payload, st.booleans()), min_size=1, max_size=6)


def test_pieces_of_messages_and_plain_noise(
    join: Any, patient: None, worker: Any, world: Any, caplog: Any
) -> None:
    """Below the frames: what the protocol allows is put together, what it does not allow ends the socket."""
    onlooker = join("jonas")

    @tries(15)
    @given(fragments(), st.binary(max_size=40))
    def send(pieces: list[tuple[int, bytes, bool]], noise: bytes) -> None:
        viewer = join("mira")
        raw = viewer.connection.socket
        for code, payload, last in pieces:
            say(raw, on_the_wire(code, payload, last))
        say(raw, noise + b"\xff" * 16)
        with suppress(OSError):  # what was begun is never ended: the server must not wait for it
            raw.shutdown(socket.SHUT_WR)
        ended(viewer)

    with caplog.at_level(logging.ERROR):
        send()
    assert not our_faults(caplog), caplog.text
    all_heard(onlooker, 0)


def say(raw: socket.socket, data: bytes) -> None:
    with suppress(OSError):  # it may have been hung up on
        raw.sendall(data)


def ended(viewer: Viewer) -> None:
    try:
        while True:
            viewer.receive(SECONDS)
    except (ConnectionClosed, OSError):
        assert viewer.connection.close_code in ENDS | {1000, 1005, 1006}


@pytest.mark.parametrize("size", [16 * 1024 + 1, 1024 * 1024])
@pytest.mark.parametrize("kind", [str, bytes])
def test_a_huge_frame_ends_its_own_socket(join: Any, patient: None, size: int, kind: type) -> None:
    viewer, other = join("mira"), join("mira")
    viewer.raw("x" * size if kind is str else b"x" * size)
    assert viewer.close_code() == 1009
    all_heard(other, 0)


def test_noise_instead_of_a_handshake(worker: Any, join: Any, world: Any, caplog: Any) -> None:
    cookie = cookie_of(world.mira)
    lines = [
        b"\x00" * 100 + b"\r\n\r\n",
        b"GET /ws/gateway/ HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n\r\n",
        b"GET /ws/gateway/?ticket=%00&token=%FF HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n",
        f'GET /ws/gateway/ HTTP/1.1\r\nHost: x\r\nCookie: {cookie}; sessionid="\\000aaaaaaaaa"\r\n\r\n'.encode(),
    ]
    with caplog.at_level(logging.ERROR):
        for line in lines:
            with socket.create_connection(("127.0.0.1", worker.port), SECONDS) as raw:
                raw.sendall(line)
                raw.shutdown(socket.SHUT_WR)
                wait_for(lambda raw=raw: not raw.recv(4096))
    assert not our_faults(caplog), caplog.text
    all_heard(join("mira"), 0)


@pytest.mark.parametrize("cookie", ['"\\000aaaaaaaaa"', "a" * 3000, '"a b c d e f g h"'])
def test_a_cookie_that_is_no_session_is_nobody(join: Any, cookie: str) -> None:
    viewer = join(headers={"Cookie": f"sessionid={cookie}"}, hello=False)
    assert viewer.close_code() == 4001
