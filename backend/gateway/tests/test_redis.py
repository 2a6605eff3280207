"""Two workers with a real Redis between them; one that is killed; a Redis that dies and comes back."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from channels.layers import channel_layers
from websockets.exceptions import InvalidHandshake

from chronicle.services import remove_member
from gateway.tests.kit import Table, own_process, wait_for
from scripts import services
from scripts.common import free_port
from testing.half_open import Line
from testing.personas import SYSTEM

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.redis]

BACKEND = Path(__file__).parents[2]


@pytest.fixture
def two(with_redis, start_worker, world):
    return start_worker(), start_worker()


@pytest.mark.req("S004-39")
def test_the_channel_layer_is_redis_with_the_chosen_index():
    script = "from rod.settings import *; print(CHANNEL_LAYERS['default'], CACHES['default']['LOCATION'])"
    environment = os.environ | {"USE_REDIS": "1", "REDIS_PORT": "6390", "REDIS_DB_INDEX": "3"}
    output = subprocess.run(
        [sys.executable, "-c", script],
        cwd=BACKEND,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "delivery.redis_layer.RedisLayer" in output
    assert output.count("redis://127.0.0.1:6390/3") == 2


@pytest.mark.req("S004-39")
def test_a_change_reaches_the_viewers_of_every_worker(two, join, table: Table):
    owl = table.create("mira", "Night Owl")
    viewers = [join("vesna", worker=worker) for worker in two for _ in range(2)]
    starts = [viewer.subscribe(table.stream)["seq"] for viewer in viewers]
    for _ in range(20):
        last = table.adjust("mira", owl, experience=1)
    for viewer, start in zip(viewers, starts, strict=True):
        assert viewer.until_seq(table.stream, last.event.seq) == list(range(start + 1, last.event.seq + 1))


@pytest.mark.req("S004-37")
def test_presence_is_one_for_all_workers(two, join, table: Table, world):
    vesna = join("vesna", worker=two[0])
    vesna.subscribe(table.stream)
    tabs = [join("mira", worker=worker) for worker in two]
    for tab in tabs:
        assert str(world.vesna.id) in tab.subscribe(table.stream)["presence"]
    assert vesna.wait("presence", user=str(world.mira.id))["status"] == "online"
    tabs[0].connection.close()
    vesna.quiet(0.6, ignoring=())
    tabs[1].connection.close()
    assert vesna.wait("presence", user=str(world.mira.id))["status"] == "offline"


@pytest.mark.req("S004-40")
def test_a_lost_right_is_lost_on_every_worker(two, join, table: Table, world, settings):
    owl = table.create("mira", "Night Owl")
    viewers = [join("jonas", worker=worker) for worker in two]
    for viewer in viewers:
        viewer.subscribe(table.stream)
    remove_member(world.server, world.jonas.id, cause=SYSTEM)
    table.set("mira", owl, name="Night Crow")
    for viewer in viewers:
        assert viewer.wait("rights")["role"] == "none"
        viewer.quiet()
        assert "Night Crow" not in str(viewer.frames)


def test_a_ticket_of_one_worker_opens_one_socket_at_another(two, join, world):
    from discordauth import tickets

    ticket, _ = tickets.issue(tickets.Grant(str(world.mira.id)))
    join(worker=two[1], query=f"?ticket={ticket}", origin=None)
    assert join(worker=two[0], query=f"?ticket={ticket}", origin=None, hello=False).close_code() == 4001


def test_who_was_on_a_killed_worker_is_offline_soon(with_redis, worker, join, table: Table, world):
    owl = table.create("mira", "Night Owl")
    vesna = join("vesna", worker=worker)
    vesna.subscribe(table.stream)
    with own_process(REDIS_PORT=str(with_redis.port)) as doomed:
        mira = join("mira", worker=doomed)
        seq = mira.subscribe(table.stream)["seq"]
        assert vesna.wait("presence", user=str(world.mira.id))["status"] == "online"
        last = table.set("mira", owl, hunger=2)
        mira.until_seq(table.stream, last.event.seq)
        os.kill(doomed.pid, signal.SIGKILL)
        assert mira.close_code() in (1005, 1006)
        table.set("mira", owl, hunger=3)
    assert vesna.wait("presence", user=str(world.mira.id))["status"] == "offline"
    again = join("mira", worker=worker)
    again.characters = mira.characters
    assert again.subscribe(table.stream, since=last.event.seq)["type"] == "synced"
    assert again.seqs[table.stream] == [seq + 2]
    assert again.characters[owl]["fields"]["hunger"] == 3


def use_redis_at(port: int, settings) -> None:
    settings.REDIS_PORT, settings.REDIS_URL = port, f"redis://127.0.0.1:{port}/0"
    settings.CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "delivery.redis_layer.RedisLayer",
            "CONFIG": {"hosts": [settings.REDIS_URL], "prefix": "rod"},
        }
    }
    channel_layers.backends.clear()


@pytest.fixture
def mortal_redis(with_redis, settings):
    """A Redis of this test's own, that may be stopped; started again, it has the same port and is empty."""
    server = services.start_redis()
    use_redis_at(server.port, settings)
    started = []

    def restart() -> None:
        command = [services.redis_binary(), "--bind", "127.0.0.1", "--port", str(server.port), "--save", ""]
        started.append(subprocess.Popen(command, stdout=subprocess.DEVNULL))
        wait_for(lambda: services.answers_ping("127.0.0.1", server.port))

    server.restart = restart
    yield server
    channel_layers.backends.clear()
    for process in started:
        process.kill()
        process.wait(10)
    server.stop()


def test_a_redis_that_dies_and_returns_costs_nothing_but_a_moment(mortal_redis, worker, join, table: Table):
    owl = table.create("mira", "Night Owl")
    viewer = join("vesna", worker=worker)
    start = viewer.subscribe(table.stream)["seq"]
    viewer.until_seq(table.stream, table.adjust("mira", owl, experience=1).event.seq)
    mortal_redis.process.kill()
    mortal_redis.process.wait(10)
    began = time.monotonic()
    for _ in range(5):
        last = table.adjust("mira", owl, experience=1)
    assert time.monotonic() - began < 2, "a change waited for Redis"
    assert viewer.until_seq(table.stream, last.event.seq) == list(range(start + 1, last.event.seq + 1))
    late = join("mira", worker=worker)
    assert late.subscribe(table.stream)["seq"] == last.event.seq
    mortal_redis.restart()
    for _ in range(3):
        last = table.adjust("mira", owl, experience=1)
    assert viewer.until_seq(table.stream, last.event.seq) == list(range(start + 1, last.event.seq + 1))
    assert late.until_seq(table.stream, last.event.seq)[-3:] == viewer.seqs[table.stream][-3:]
    wait_for(lambda: _listens(mortal_redis, 2), 15)
    viewer.quiet()


def test_safe_05_a_redis_whose_line_is_cut_is_called_again(
    with_redis, settings, start_worker, join, table: Table, world
):
    """Neither end learns of it. Events come from the database meanwhile; presence comes through Redis alone."""
    settings.GATEWAY |= {"layer_silence": 1}
    with Line(with_redis.port) as line:
        use_redis_at(line.port, settings)
        worker = start_worker()
        owl = table.create("mira", "Night Owl")
        mira, vesna = join("mira", worker=worker), join("vesna", worker=worker)
        for viewer in (mira, vesna):
            viewer.subscribe(table.stream)
        line.cut()
        last = table.set("mira", owl, hunger=2)
        vesna.until_seq(table.stream, last.event.seq)
        line.heal()

        def sees(status: str) -> bool:
            mira.send(type="presence", status=status)
            with suppress(TimeoutError):
                vesna.wait("presence", 0.5, user=str(world.mira.id), status=status)
                return True
            return False

        wait_for(lambda: sees("away") or sees("online"))


def _listens(server, least: int) -> bool:
    """Whether the worker's subscriptions are back: control, and the stream."""
    import redis

    with redis.Redis(port=server.port) as client:
        return len(client.pubsub_channels("*gateway*")) >= least


def test_a_worker_that_starts_without_redis_finds_it_later(
    mortal_redis, start_worker, world, join, table: Table
):
    mortal_redis.process.kill()
    mortal_redis.process.wait(10)
    worker = start_worker()
    owl = table.create("mira", "Night Owl")
    viewer = join("vesna", worker=worker)
    viewer.subscribe(table.stream)
    last = table.set("mira", owl, hunger=2)
    viewer.until_seq(table.stream, last.event.seq)
    mortal_redis.restart()
    wait_for(lambda: _listens(mortal_redis, 2), 15)


def test_no_socket_where_there_is_no_worker(join):
    with pytest.raises((OSError, InvalidHandshake)):
        join("mira", worker=type("Nowhere", (), {"port": free_port()}))
