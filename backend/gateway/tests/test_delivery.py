"""Nothing lost, nothing twice, nothing out of order; and nobody waits for the slow."""

import threading
import time
from itertools import pairwise

import pytest
from channels.layers import get_channel_layer

import timeline.services
from delivery.publish import publish
from gateway.constants import stream_group
from gateway.process import _running
from gateway.tests.kit import Table, wait_for
from haven.selectors import alive
from haven.serializers.character import brief
from haven.services import Reference
from haven.utility import derived
from rules.visibility import SECRET
from timeline.models import Stream

pytestmark = pytest.mark.django_db(transaction=True)


def head(table: Table) -> int:
    return Stream.objects.get(id=table.world.chronicle.id).seq


def state(character: str) -> dict:
    """What the database holds, as a storyteller's list shows it."""
    return brief(derived(alive().get(id=character)), SECRET).fields


@pytest.fixture
def crooked(monkeypatch):
    """`crooked(f)`: what is published goes through `f(group, message)`, which may drop, keep or double it."""

    def install(carrier) -> None:
        monkeypatch.setattr(timeline.services, "publish", carrier)

    return install


@pytest.mark.req("S004-41")
def test_a_returning_viewer_gets_exactly_what_it_missed(join, table: Table):
    owl = table.create("mira", "Night Owl")
    viewer = join("vesna")
    seq = viewer.subscribe(table.stream)["seq"]
    viewer.connection.close()
    for number in range(30):
        table.set("mira", owl, hunger=1 + number % 2 + 1)
    again = join("vesna")
    again.characters = viewer.characters
    synced = again.subscribe(table.stream, since=seq, ref="resume")
    assert synced["type"] == "synced"
    assert synced["ref"] == "resume"
    assert synced["seq"] == head(table)
    assert again.seqs[table.stream] == list(range(seq + 1, head(table) + 1))
    assert again.characters[owl]["fields"]["hunger"] == state(owl)["hunger"]
    table.set("mira", owl, hunger=5)
    assert again.wait("update")["seq"] == synced["seq"] + 1


def test_a_viewer_who_missed_nothing_is_told_so(join, table: Table):
    table.create("mira", "Night Owl")
    viewer = join("vesna")
    assert viewer.subscribe(table.stream, since=head(table))["type"] == "synced"
    assert table.stream not in viewer.seqs


def test_one_who_missed_too_much_or_the_impossible_gets_a_snapshot(join, table: Table, settings):
    settings.GATEWAY["max_missed"] = 5
    owl = table.create("mira", "Night Owl")
    for _ in range(6):
        table.adjust("mira", owl, experience=1)
    viewer = join("vesna")
    assert viewer.subscribe(table.stream, since=head(table) - 6)["type"] == "snapshot"
    assert viewer.subscribe(table.stream, since=head(table) - 5)["type"] == "synced"
    assert viewer.subscribe(table.stream, since=head(table) + 1)["type"] == "snapshot"


def test_messages_that_never_come_are_read_from_the_database(join, table: Table, crooked):
    owl = table.create("mira", "Night Owl")
    viewer = join("vesna")
    seq = viewer.subscribe(table.stream)["seq"]
    crooked(lambda group, message: None)
    for _ in range(5):
        last = table.adjust("mira", owl, experience=1)
    assert viewer.until_seq(table.stream, last.event.seq) == list(range(seq + 1, last.event.seq + 1))


def test_a_gap_is_filled_before_what_follows_it(join, table: Table, crooked, settings):
    settings.GATEWAY["poll_interval"] = 60
    owl = table.create("mira", "Night Owl")
    viewer = join("vesna")
    seq = viewer.subscribe(table.stream)["seq"]
    count = iter(range(1000))
    crooked(lambda group, message: publish(group, message) if next(count) % 3 == 2 else None)
    for _ in range(30):
        table.adjust("mira", owl, experience=1)
    crooked(publish)
    last = table.adjust("mira", owl, experience=1)
    assert viewer.until_seq(table.stream, last.event.seq) == list(range(seq + 1, last.event.seq + 1))


def test_doubled_and_swapped_messages_come_once_and_in_order(join, table: Table, crooked):
    owl = table.create("mira", "Night Owl")
    viewer = join("vesna")
    seq = viewer.subscribe(table.stream)["seq"]
    waiting: list = []

    def swap(group, message) -> None:
        waiting.append((group, message))
        if len(waiting) == 4:
            for arguments in (*reversed(waiting), *waiting):
                publish(*arguments)
            waiting.clear()

    crooked(swap)
    for _ in range(20):
        last = table.adjust("mira", owl, experience=1)
    assert viewer.until_seq(table.stream, last.event.seq) == list(range(seq + 1, last.event.seq + 1))
    viewer.quiet()


def test_viewers_who_come_amid_changes_have_no_gap_and_nothing_twice(join, table: Table):
    owl = table.create("mira", "Night Owl")
    done = threading.Event()

    def write() -> None:
        from django.db import connection

        while not done.is_set():
            table.adjust("mira", owl, experience=1)
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        viewers, starts = [], []
        for _ in range(8):
            viewers.append(join("vesna"))
            starts.append(viewers[-1].subscribe(table.stream)["seq"])
    finally:
        done.set()
        writer.join()
    table.adjust(
        "mira", owl, experience=1
    )  # after the last viewer came, so that every one of them has a frame to wait for
    for viewer, start in zip(viewers, starts, strict=True):
        seqs = viewer.until_seq(table.stream, head(table))
        assert seqs == list(range(start + 1, head(table) + 1))
        assert viewer.characters[owl]["fields"]["experience"]["total"] == state(owl)["experience"]["total"]


def test_a_process_listens_to_a_stream_once(join, table: Table):
    group = stream_group(table.world.chronicle.id)
    viewers = [join("mira"), join("vesna"), join("jonas")]
    for viewer in viewers:
        viewer.subscribe(table.stream)
    layer = get_channel_layer()
    assert len(layer.groups[group]) == 1
    for viewer in viewers[:2]:
        viewer.connection.close()
    viewers[2].send(type="unsubscribe", stream=table.stream)
    wait_for(lambda: group not in layer.groups)


def test_a_worker_that_restarts_loses_nothing(join, start_worker, table: Table):
    first = start_worker()
    owl = table.create("mira", "Night Owl")
    viewer = join("vesna", worker=first)
    seq = viewer.subscribe(table.stream)["seq"]
    first.stop()
    assert viewer.close_code() in (1001, 1012)
    for _ in range(5):
        table.adjust("mira", owl, experience=1)
    again = join("vesna", worker=start_worker())
    again.characters = viewer.characters
    assert again.subscribe(table.stream, since=seq)["seq"] == head(table)
    last = table.adjust("mira", owl, experience=1)
    assert again.until_seq(table.stream, last.event.seq) == list(range(seq + 1, last.event.seq + 1))


def test_a_slow_viewer_is_told_to_resync_and_holds_nobody_up(join, start_worker, table: Table, settings):
    settings.GATEWAY |= {"queue_frames": 10, "queue_bytes": 100_000}
    worker = start_worker(send_buffer=16_384)
    owl = table.create("mira", "Night Owl")
    slow = join("mira", worker=worker, receive_buffer=16_384, max_queue=1)
    quick = join("mira", worker=worker)
    for viewer in (slow, quick):
        viewer.subscribe(table.stream)
    waits = []
    for number in range(80):
        began = time.monotonic()
        last = table.set("mira", owl, notes=f"{number} " + "x" * 1900)
        quick.until_seq(table.stream, last.event.seq)
        waits.append(time.monotonic() - began)
        assert _longest_queue() <= 11
    assert max(waits) < 1
    resync = slow.wait("resync")
    assert slow.seqs[table.stream][-1] == resync["seq"]
    assert slow.subscribe(table.stream, since=resync["seq"])["type"] == "synced"
    seqs = slow.until_seq(table.stream, last.event.seq)
    assert all(after == before + 1 for before, after in pairwise(seqs))
    assert slow.characters[owl]["fields"] == quick.characters[owl]["fields"]


def _longest_queue() -> int:
    sessions = [session for process in _running.values() for session in process.sessions]
    return max(len(session.outbox._queue or ()) for session in sessions)


def test_a_large_snapshot_to_a_slow_reader_arrives_whole(join, start_worker, table: Table, settings):
    settings.GATEWAY |= {"queue_frames": 5, "chunk_bytes": 1000}
    worker = start_worker(send_buffer=16_384)
    names = [f"Shadow {number}" for number in range(40)]
    for name in names:
        table.create("mira", name)
    slow = join("mira", worker=worker, receive_buffer=16_384, max_queue=1)
    slow.send(type="subscribe", stream=table.stream)
    time.sleep(0.5)
    owl = next(iter(alive().values_list("id", flat=True)))
    last = table.set("mira", str(owl), hunger=4)
    slow.until_seq(table.stream, last.event.seq)
    assert len(slow.characters) == 40
    assert slow.characters[str(owl)]["fields"]["hunger"] == 4


@pytest.mark.req("S004-36")
def test_connecting_takes_the_same_queries_however_many_characters(
    join, table: Table, world, django_assert_num_queries
):
    from django.core.cache import cache

    from gateway.credentials import Credentials, identify
    from gateway.snapshots import SubscribeRequest, loader
    from gateway.tests.kit import cookie_of

    key = cookie_of(world.mira).partition("=")[2]
    cache.clear()
    for count in (1, 12):
        for number in range(count):
            table.create("mira", f"Shadow {count}.{number}")
        with django_assert_num_queries(6):
            identity, _ = identify(Credentials("cookie", key))
            (result,) = loader(100, 100, 100_000)([SubscribeRequest(identity, table.stream)])
        assert result is not None
        cache.clear()


def test_an_unknown_reference_is_not_found(table: Table, world):
    """The kit's own promise: what the tests change is what the people could change."""
    from rules.errors import NotFound

    with pytest.raises(NotFound):
        table.set("sam", table.create("mira", "Night Owl"), hunger=2)
    assert Reference("x").text == "x"
