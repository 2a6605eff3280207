"""Clients of the Redis that an address names: one server, or the master that Sentinels name at that moment."""

from typing import Any, Self

from redis import ConnectionPool, Redis
from redis.asyncio import BlockingConnectionPool
from redis.asyncio.retry import Retry as AsyncRetry
from redis.asyncio.sentinel import Sentinel as AsyncSentinel
from redis.asyncio.sentinel import SentinelConnectionPool as AsyncSentinelConnectionPool
from redis.backoff import NoBackoff
from redis.retry import Retry
from redis.sentinel import Sentinel, SentinelConnectionPool

from contract.redis_address import Sentinels, sentinels

# Each Sentinel that is away costs so long at most; the next one is asked then, and none a second time.
SENTINEL_SECONDS = 0.5
TIMEOUTS = {"socket_timeout": SENTINEL_SECONDS, "socket_connect_timeout": SENTINEL_SECONDS}
ONCE: dict[str, Any] = {**TIMEOUTS, "retry": Retry(NoBackoff(), 0)}
ONCE_ASYNC: dict[str, Any] = {**TIMEOUTS, "retry": AsyncRetry(NoBackoff(), 0)}


def client(url: str, **options: Any) -> Redis:
    return Redis(connection_pool=pool(url, **options))


def pool(url: str, **options: Any) -> ConnectionPool:
    return (SentinelPool if sentinels(url) else ConnectionPool).from_url(url, **options)


def blocking_pool(url: str, **options: Any) -> BlockingConnectionPool:
    """For asyncio: who finds every connection taken waits for one."""
    kind = BlockingSentinelPool if sentinels(url) else BlockingConnectionPool
    return kind.from_url(url, **options)


def host_of_layer(url: str) -> str | dict[str, Any]:
    """The address as channels-redis takes it in `hosts`."""
    found = sentinels(url)
    if found is None:
        return url
    names = {"sentinels": list(found.hosts), "master_name": found.master}
    return names | {"sentinel_kwargs": ONCE_ASYNC} | _of_master(found)


class SentinelPool(SentinelConnectionPool):
    """Made by an address, as caches make their pools."""

    @classmethod
    def from_url(cls, url: str, **options: Any) -> Self:
        found = _understood(url)
        return cls(found.master, Sentinel(found.hosts, sentinel_kwargs=ONCE), **_of_master(found), **options)


class BlockingSentinelPool(AsyncSentinelConnectionPool, BlockingConnectionPool):
    @classmethod
    def from_url(cls, url: str, **options: Any) -> Self:
        found = _understood(url)
        manager = AsyncSentinel(found.hosts, sentinel_kwargs=ONCE_ASYNC)
        return cls(found.master, manager, **_of_master(found), **options)

    async def disconnect(self, inuse_connections: bool = True) -> None:
        await super().disconnect(inuse_connections)
        for sentinel in self.sentinel_manager.sentinels:
            await sentinel.aclose()


def _understood(url: str) -> Sentinels:
    found = sentinels(url)
    if found is None:
        raise ValueError("this is no address of Sentinels")
    return found


def _of_master(found: Sentinels) -> dict[str, Any]:
    return {"db": found.db, "username": found.username, "password": found.password}
