"""Redis behind Sentinels: channel layer, caches and presence use the master, and after a failover the new one."""

import asyncio
import gc
import signal
from collections.abc import Iterator

import pytest
from django.core.cache import caches
from redis.exceptions import RedisError

from contract.redis_address import sentinels
from delivery.redis_clients import client
from delivery.redis_layer import RedisLayer
from gateway.presence import RedisPresence
from rod.caches import redis_caches
from scripts.common import wait_until
from testing.redis_sentinel import Watched, started

# channels-redis leaves its connections to the Sentinels to the garbage collector.
pytestmark = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"
)


@pytest.fixture(autouse=True)
def collected() -> Iterator[None]:
    yield
    gc.collect()


@pytest.fixture(scope="module")
def watched() -> Iterator[Watched]:
    with started() as found:
        yield found


async def hears(layer: RedisLayer, channel: str, word: str) -> bool:
    """Send until it arrives: what is sent while nobody is master is lost, which the gateway finds by `seq`."""
    for _ in range(150):
        try:
            layer.send_now([("court", {"type": "word", "word": word})])
            async with asyncio.timeout(0.2):
                while (await layer.receive(channel))["word"] != word:
                    pass
            return True
        except (RedisError, OSError, TimeoutError):
            await asyncio.sleep(0.1)
    return False


@pytest.mark.redis
@pytest.mark.req("S004-39", "S004-53")
async def test_everything_uses_the_master_that_the_sentinels_name(watched: Watched, settings) -> None:
    settings.CACHES = redis_caches(watched.url)
    for alias in ("default", "sessions"):
        caches[alias].set("name", alias)
        assert caches[alias].get("name") == alias
    presence = RedisPresence(watched.url)
    change = await presence.touch("mira", "socket", "online", ["court"], 30)
    assert change is not None
    assert await presence.of_stream("court") == {"mira": "online"}
    await presence.stop()
    layer = RedisLayer([watched.url], prefix="rod")
    channel = await layer.new_channel()
    await layer.group_add("court", channel)
    assert await hears(layer, channel, "first")
    await layer.flush()
    with client(watched.url, 5) as connection:
        assert connection.info("keyspace").keys() == {"db3"}


@pytest.mark.redis
@pytest.mark.long
async def test_after_a_failover_messages_go_by_the_new_master(watched: Watched) -> None:
    layer = RedisLayer([watched.url], prefix="rod")
    channel = await layer.new_channel()
    await layer.group_add("court", channel)
    assert await hears(layer, channel, "before")
    watched.processes[0].send_signal(signal.SIGKILL)
    assert await asyncio.to_thread(wait_until, lambda: watched.role(watched.ports[1]) == "master", 30)
    assert await hears(layer, channel, "after")
    await layer.flush()


def test_an_address_of_sentinels_is_understood() -> None:
    found = sentinels("redis+sentinel://rod:p%40ss@one,two:26380/court/2")
    assert found is not None
    assert (found.hosts, found.master, found.db) == ((("one", 26379), ("two", 26380)), "court", 2)
    assert (found.username, found.password) == ("rod", "p@ss")
    assert "p@ss" not in repr(found)
    assert sentinels("redis://one:6379/0") is None


@pytest.mark.parametrize(
    "wrong",
    [
        "one:26379",
        "one/court/x",
        "/court/0",
        "one:0/court",
        "one:99999/court",
        "one,/court",
        "one/court?db=1",
    ],
)
def test_a_broken_one_is_refused_with_the_shape_it_must_have(wrong: str) -> None:
    with pytest.raises(ValueError, match="name-of-the-master"):
        sentinels(f"redis+sentinel://{wrong}")
