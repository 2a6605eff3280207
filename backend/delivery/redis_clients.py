"""Clients of the Redis that an address names: one server, the master that Sentinels name at that moment, a Cluster."""

from functools import cache
from typing import Any, Self, TypeVar

from redis import ConnectionPool, Redis
from redis.asyncio import BlockingConnectionPool
from redis.asyncio import Redis as AsyncRedis
from redis.asyncio.cluster import ClusterNode as AsyncClusterNode
from redis.asyncio.cluster import RedisCluster as AsyncCluster
from redis.asyncio.retry import Retry as AsyncRetry
from redis.asyncio.sentinel import Sentinel as AsyncSentinel
from redis.asyncio.sentinel import SentinelConnectionPool as AsyncSentinelConnectionPool
from redis.backoff import NoBackoff
from redis.cluster import ClusterNode, RedisCluster
from redis.connection import SSLConnection, parse_url
from redis.exceptions import RedisClusterException, RedisError
from redis.retry import Retry
from redis.sentinel import Sentinel, SentinelConnectionPool

from contract.redis_address import Cluster, Sentinels, sentinels
from contract.redis_address import cluster as nodes_of

T = TypeVar("T")
# How a Redis fails, of whatever kind it is: that no node of a Cluster answers is no RedisError.
REDIS_ERRORS = (RedisError, RedisClusterException, OSError)
# Each Sentinel that is away costs so long at most; the next one is asked then, and none a second time.
SENTINEL_SECONDS = 0.5
TIMEOUTS = {"socket_timeout": SENTINEL_SECONDS, "socket_connect_timeout": SENTINEL_SECONDS}
ONCE: dict[str, Any] = {**TIMEOUTS, "retry": Retry(NoBackoff(), 0)}
ONCE_ASYNC: dict[str, Any] = {**TIMEOUTS, "retry": AsyncRetry(NoBackoff(), 0)}
# After a node of a Cluster failed its slots are asked for, and the command is tried once more.
AGAIN = 1


def ping(url: str, seconds: float) -> None:
    """Make sure that it answers within so many seconds; of a Cluster one node. Raises REDIS_ERRORS."""
    if nodes_of(url):
        # Without a target all nodes would have to answer.
        cluster(url, seconds).ping(target_nodes=RedisCluster.DEFAULT_NODE)
    else:
        client(url, seconds).ping()


@cache
def client(url: str, seconds: float) -> Redis:
    """One for all threads, of one server. `seconds`: so long it may take to answer."""
    return Redis(connection_pool=pool(url, socket_timeout=seconds, socket_connect_timeout=seconds))


@cache
def cluster(url: str, seconds: float) -> RedisCluster:
    """One for all threads. It asks the nodes for their slots at once. Raises REDIS_ERRORS."""
    found = _understood(nodes_of(url))
    return RedisCluster(
        startup_nodes=[ClusterNode(host, port) for host, port in found.hosts],
        retry=Retry(NoBackoff(), AGAIN),
        **_of_nodes(found, seconds),
    )


def async_cluster(url: str, seconds: float, **options: Any) -> AsyncCluster:
    found = _understood(nodes_of(url))
    return AsyncCluster(
        startup_nodes=[AsyncClusterNode(host, port) for host, port in found.hosts],
        retry=AsyncRetry(NoBackoff(), AGAIN),
        **_of_nodes(found, seconds),
        **options,
    )


def async_client(url: str, seconds: float, connections: int) -> AsyncRedis | AsyncCluster:
    """For texts. Who finds every connection to one server taken waits for one; to a node of a Cluster that fails."""
    if nodes_of(url):
        return async_cluster(url, seconds, decode_responses=True)
    kind = BlockingSentinelPool if sentinels(url) else BlockingConnectionPool
    timeouts = {"socket_timeout": seconds, "socket_connect_timeout": seconds}
    return AsyncRedis.from_pool(
        kind.from_url(url, max_connections=connections, timeout=5, decode_responses=True, **timeouts)
    )


def pool(url: str, **options: Any) -> ConnectionPool:
    return (SentinelPool if sentinels(url) else ConnectionPool).from_url(url, **options)


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
        found = _understood(sentinels(url))
        return cls(found.master, Sentinel(found.hosts, sentinel_kwargs=ONCE), **_of_master(found), **options)


class BlockingSentinelPool(AsyncSentinelConnectionPool, BlockingConnectionPool):
    @classmethod
    def from_url(cls, url: str, **options: Any) -> Self:
        found = _understood(sentinels(url))
        manager = AsyncSentinel(found.hosts, sentinel_kwargs=ONCE_ASYNC)
        return cls(found.master, manager, **_of_master(found), **options)

    async def disconnect(self, inuse_connections: bool = True) -> None:
        await super().disconnect(inuse_connections)
        for sentinel in self.sentinel_manager.sentinels:
            await sentinel.aclose()


def _understood(found: T | None) -> T:
    if found is None:
        raise ValueError("this is an address of another kind")
    return found


def _of_master(found: Sentinels) -> dict[str, Any]:
    return {"db": found.db, "username": found.username, "password": found.password}


def _of_nodes(found: Cluster, seconds: float) -> dict[str, Any]:
    """What holds for the connection to each node: user, password, TLS and timeouts."""
    options: dict[str, Any] = dict(parse_url(found.first))
    secure = options.pop("connection_class", None) is SSLConnection
    for name in ("host", "port", "db"):
        options.pop(name, None)
    # What is on the nodes that answer is served while another one is away.
    options |= {"socket_timeout": seconds, "socket_connect_timeout": seconds, "require_full_coverage": False}
    return options | ({"ssl": True} if secure else {})
