"""A Redis Cluster of three masters with three replicas between the processes: events, presence, limits, tickets and
sessions; and a master that is killed.
"""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from channels.layers import channel_layers
from django.core.cache import caches

from delivery import redis_clients
from delivery.cluster_layer import ClusterLayer
from discordauth import tickets
from gateway.constants import stream_group
from gateway.presence import PREFIX, RedisPresence
from gateway.tests.kit import BACKEND, QUICK, Table, own_process, wait_for
from rod import readiness
from rod.caches import layer_of, redis_caches
from rules.errors import Limit
from scripts.redis import PING
from testing.redis_cluster import Node, RedisCluster, started
from timeline import limits

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.redis,
    pytest.mark.long,
    pytest.mark.timeout(300),
]


@pytest.fixture(scope="module")
def cluster() -> Iterator[RedisCluster]:
    with started() as running:
        yield running


@pytest.fixture
def with_cluster(cluster: RedisCluster, settings: Any) -> Iterator[RedisCluster]:
    """Everything on the cluster, emptied first."""
    settings.USE_REDIS, settings.REDIS_URL = True, cluster.url
    settings.CACHES = redis_caches(cluster.url)
    config = {"hosts": [cluster.url], "prefix": "rod"}
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": layer_of(cluster.url), "CONFIG": config}}
    channel_layers.backends.clear()
    redis_clients.cluster(cluster.url, 1).flushall()
    limits._away_until = 0.0
    yield cluster
    channel_layers.backends.clear()
    limits._away_until = 0.0


def environment(cluster: RedisCluster, **options: float) -> dict[str, str]:
    """Of a process that has to hear by Redis: it asks the database for events that never came once a minute."""
    gateway = QUICK | {"heartbeat_interval": 20, "poll_interval": 60} | options
    return {"REDIS_URL": cluster.url, "GATEWAY": json.dumps(gateway)}


def test_a_change_in_one_process_is_seen_in_another(with_cluster, join, table: Table, world) -> None:
    owl = table.create("mira", "Night Owl")
    with (
        own_process(**environment(with_cluster)) as first,
        own_process(**environment(with_cluster)) as second,
    ):
        mira, vesna = join("mira", worker=first), join("vesna", worker=second)
        start = vesna.subscribe(table.stream)["seq"]
        mira.subscribe(table.stream)
        assert vesna.wait("presence", user=str(world.mira.id))["status"] == "online"
        for _ in range(20):
            last = table.adjust("mira", owl, experience=1)
        for viewer in (mira, vesna):
            assert viewer.until_seq(table.stream, last.event.seq) == list(
                range(start + 1, last.event.seq + 1)
            )
        mira.connection.close()
        assert vesna.wait("presence", user=str(world.mira.id))["status"] == "offline"


def test_a_ticket_is_redeemed_once_whoever_comes_first(with_cluster, world) -> None:
    for _ in range(10):
        ticket, _ = tickets.issue(tickets.Grant(str(world.mira.id)))
        with ThreadPoolExecutor(8) as threads:
            granted = list(threads.map(tickets.redeem, [ticket] * 8))
        assert [grant.user_id for grant in granted if grant] == [str(world.mira.id)]


def test_limits_are_counted_by_all_processes_together(with_cluster, settings) -> None:
    """Names with an account and with an address lie on two nodes."""
    settings.THROTTLE_USER = "600/min"
    both = {"login by account": "mira", "login by address": "10.0.0.1"}
    with ThreadPoolExecutor(5) as threads:
        assert list(threads.map(limits.spend, [both] * 10)) == [None] * 10
    with pytest.raises(Limit):
        limits.spend(both)
    assert len(keys(with_cluster, "rod:limit:*")) == 2
    assert limits.count("requests", "mira", 60) == (1, 60)
    limits.spend_on("rolls.roll", "mira", "web")
    assert len(keys(with_cluster, "rod:limit:*roll*")) == 2
    assert limits._away_until == 0.0


def keys(cluster: RedisCluster, pattern: str) -> list[bytes]:
    return list(redis_clients.cluster(cluster.url, 1).scan_iter(pattern))


def test_caches_and_sessions_take_several_keys_of_several_nodes(with_cluster) -> None:
    for alias in ("default", "sessions"):
        cache = caches[alias]
        cache.set_many({f"key {number}".replace(" ", "-"): number for number in range(30)}, 30)
        names = [f"key-{number}" for number in range(40)]
        assert cache.get_many(names) == {f"key-{number}": number for number in range(30)}
        assert "key-3" in cache
        assert cache.delete("key-3")
        assert not cache.delete("key-3")
        assert cache.get("key-3", "gone") == "gone"
    assert all("rod" in name.decode() for name in keys(with_cluster, "*"))


async def test_presence_is_on_one_node(with_cluster) -> None:
    presence = RedisPresence(with_cluster.url)
    change = await presence.touch("mira", "socket", "online", ["court", "crypt"], 0.3)
    assert change is not None
    assert await presence.of_stream("court") == {"mira": "online"}
    assert await presence.touch("mira", "other", "online", ["court"], 0.3) is None
    for _ in range(100):
        if gone := await presence.sweep():
            break
        await asyncio.sleep(0.05)
    assert [(change.user, change.status) for change in gone] == [("mira", "offline")]
    await asyncio.gather(
        *(presence.touch(f"{number}", "socket", "online", ["court"], 30) for number in range(200))
    )
    assert len(await presence.of_stream("court")) == 200
    await presence.stop()


def test_a_process_is_ready_while_the_cluster_answers(with_cluster) -> None:
    readiness.redis()
    env = os.environ | {"REDIS_URL": with_cluster.url, "PYTHONPATH": str(BACKEND)}
    asked = subprocess.run([sys.executable, "-c", PING], env=env, capture_output=True, text=True, check=False)
    assert asked.returncode == 0, asked.stderr


@pytest.fixture
def doomed(with_cluster: RedisCluster) -> Node:
    """The master that has presence: killed in the last tests of this file."""
    return with_cluster.node_of(PREFIX)


def test_a_master_that_dies_costs_no_event_and_wedges_no_process(
    with_cluster: RedisCluster, doomed: Node, join, table: Table, world, tmp_path: Path, caplog
) -> None:
    owl = table.create("mira", "Night Owl")
    logs = [tmp_path / "first", tmp_path / "second"]
    options = {"layer_silence": 4.0}
    with (
        own_process(logs[0], **environment(with_cluster, **options)) as first,
        own_process(logs[1], **environment(with_cluster, **options)) as second,
    ):
        viewers = [join(name, worker=worker) for name in ("mira", "vesna") for worker in (first, second)]
        start = [viewer.subscribe(table.stream)["seq"] for viewer in viewers][-1]
        for _ in range(5):
            table.adjust("mira", owl, experience=1)
        channel = f"rod__group__{stream_group(table.stream.partition(':')[2])}"
        wait_for(lambda: sum(with_cluster.listeners(channel).values()) == 2)
        with_cluster.kill(doomed)
        for _ in range(10):
            table.adjust("mira", owl, experience=1)
        readiness.redis()  # the others answer
        assert limits.count("requests", "mira", 60)[0] >= 1
        wait_for(lambda: with_cluster.took_over(doomed), 60)
        # What is published now is heard by Redis again, in every process.
        wait_for(lambda: sum(with_cluster.listeners(channel).values()) == 2, 60)
        for _ in range(5):
            last = table.adjust("mira", owl, experience=1)
        for viewer in viewers:
            assert viewer.until_seq(table.stream, last.event.seq) == list(
                range(start + 1, last.event.seq + 1)
            )
        limits._away_until = 0.0
        assert limits.count("after", "mira", 60) == (1, 60)
        assert keys(with_cluster, "rod:limit:after*")
        ticket, _ = tickets.issue(tickets.Grant(str(world.mira.id)))
        late = join(worker=second, query=f"?ticket={ticket}", origin=None)
        late.subscribe(table.stream)
        assert tickets.redeem(ticket) is None
        readiness.redis()
    for log in logs:
        text = log.read_text()
        assert "Traceback" not in text
        # Each part of the process says it once: what stands behind the time, before the error.
        said = [line.split(" ", 2)[2].partition(":")[0] for line in text.splitlines()]
        assert len(set(said)) == len(said), text


async def test_a_process_whose_own_node_dies_listens_on_another(with_cluster: RedisCluster) -> None:
    layer = ClusterLayer([with_cluster.url], prefix="own")
    channel = await layer.new_channel()
    await layer.group_add("court", channel)
    await layer.group_send("court", {"word": "before"})
    assert await layer.receive(channel) == {"word": "before"}
    (port,) = with_cluster.listeners(channel)
    with_cluster.kill(next(node for node in with_cluster.nodes if node.port == port))
    with pytest.raises(redis_clients.REDIS_ERRORS):
        await layer.receive(channel)
    channel = await called_again(layer)
    await layer.group_add("court", channel)
    layer.send_now([("court", {"word": "after"})])
    assert await layer.receive(channel) == {"word": "after"}
    await layer.group_discard("court", channel)
    await layer.send(channel, {"word": "own"})
    assert await layer.receive(channel) == {"word": "own"}
    await layer.flush()


async def called_again(layer: ClusterLayer) -> str:
    """Call as the hub does: until a master was chosen in place of a dead one it may fail."""
    for _ in range(100):
        await layer.flush()
        try:
            return await layer.new_channel()
        except redis_clients.REDIS_ERRORS:
            await asyncio.sleep(0.2)
    raise AssertionError("no node answers")
