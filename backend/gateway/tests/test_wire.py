"""Frames that are whole before they meet a server: well-formed at every size, and without that server all the same."""

import pytest
from websockets.frames import Frame, Opcode

from delivery.wire import framed, out
from gateway.tests.kit import Table

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536, 400_000])
def test_a_frame_is_what_the_protocol_library_makes_of_it(size: int):
    payload = b"x" * size
    assert framed(payload) == Frame(Opcode.TEXT, payload).serialize(mask=False)


def test_text_is_counted_in_bytes():
    assert out("Ältester").wire == Frame(Opcode.TEXT, "Ältester".encode()).serialize(mask=False)


@pytest.mark.parametrize("server", ["gateway.server:Protocol", "websockets-sansio"])
def test_every_server_delivers_the_same(server, start_worker, join, table: Table, world):
    viewer = join("vesna", worker=start_worker(ws=server))
    start = viewer.subscribe(table.stream)["seq"]
    owl = table.create("mira", "Ältere Eule")
    last = table.set("mira", owl, hunger=3)
    assert viewer.until_seq(table.stream, last.event.seq) == list(range(start + 1, last.event.seq + 1))
    assert viewer.characters[owl]["name"] == "Ältere Eule"
