"""The caches on a Redis Cluster (`rod.caches`): each key is on the node of its slot, several are on several."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache, RedisCacheClient, RedisSerializer

from delivery.redis_clients import REDIS_ERRORS, cluster
from rod.sessions import remembered

log = logging.getLogger(__name__)


class ClusterCacheClient(RedisCacheClient):
    _serializer: RedisSerializer

    def __init__(self, servers: list[str], *, seconds: float) -> None:
        super().__init__(servers)
        (self._address,) = servers
        self._seconds = seconds

    def get_client(self, key: object = None, *, write: bool = False) -> Any:
        return cluster(self._address, self._seconds)

    def get_many(self, keys: Iterable[Any]) -> dict[Any, Any]:
        wanted = list(keys)
        found = self.get_client().mget_nonatomic(wanted) if wanted else []
        return {
            key: self._serializer.loads(value)
            for key, value in zip(wanted, found, strict=True)
            if value is not None
        }

    def set_many(self, data: Mapping[Any, Any], timeout: Any) -> None:
        for key, value in data.items():
            self.set(key, value, timeout)


class ClusterCache(RedisCache):
    """Its failures are redis-py's, which its callers know."""

    def __init__(self, server: list[str], params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = ClusterCacheClient


class ClusterSessionCache(ClusterCache):
    """One that is away is empty: the database is asked then."""

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        with _quietly():
            return super().get(key, default, version)
        return default

    def get_many(self, keys: Iterable[str], version: int | None = None) -> dict[str, Any]:
        with _quietly():
            return super().get_many(keys, version)
        return {}

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        with _quietly():
            super().set(key, value, remembered(timeout), version)

    def delete(self, key: str, version: int | None = None) -> bool:
        with _quietly():
            return super().delete(key, version)
        return False

    def has_key(self, key: str, version: int | None = None) -> bool:
        with _quietly():
            return super().has_key(key, version)
        return False


@contextmanager
def _quietly() -> Iterator[None]:
    try:
        yield
    except REDIS_ERRORS as error:
        log.warning("sessions are read from the database: %s", error or type(error).__name__)
