"""The caches on Redis: one whose failure its caller hears of, one whose failure is logged and costs no request.

`memory` is each process's own: limits are counted there while Redis is away.
"""

from typing import Any

from contract.redis_address import cluster, sentinels

# A Redis that hangs must not hold up a request for longer.
SECONDS = 1
MEMORY = {
    "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
    "OPTIONS": {"MAX_ENTRIES": 100_000},
}


def layer_of(address: str) -> str:
    """Return the class of the channel layer on that Redis."""
    return "delivery.cluster_layer.ClusterLayer" if cluster(address) else "delivery.redis_layer.RedisLayer"


def redis_caches(address: str) -> dict[str, dict[str, Any]]:
    may_fail: dict[str, Any] = {
        "SOCKET_TIMEOUT": SECONDS,
        "SOCKET_CONNECT_TIMEOUT": SECONDS,
        "IGNORE_EXCEPTIONS": True,
    }
    fails: dict[str, Any] = {"socket_timeout": SECONDS, "socket_connect_timeout": SECONDS}
    if sentinels(address):
        may_fail["CONNECTION_POOL_CLASS"] = fails["pool_class"] = "delivery.redis_clients.SentinelPool"
    kinds: dict[str, tuple[str, dict[str, Any]]] = {
        "default": ("django.core.cache.backends.redis.RedisCache", fails),
        "sessions": ("rod.sessions.SessionCache", may_fail),
    }
    if cluster(address):
        kinds = {
            "default": ("rod.cluster_caches.ClusterCache", {"seconds": SECONDS}),
            "sessions": ("rod.cluster_caches.ClusterSessionCache", {"seconds": SECONDS}),
        }
    return {"memory": MEMORY} | {
        alias: {"BACKEND": backend, "LOCATION": [address], "KEY_PREFIX": "rod", "OPTIONS": options}
        for alias, (backend, options) in kinds.items()
    }


def rq_queue(address: str) -> dict[str, Any]:
    """Return the address as django-rq takes it. Tasks are JSON: rq's pickles would run whatever is put into Redis."""
    form = {"SERIALIZER": "rq.serializers.JSONSerializer"}
    found = sentinels(address)
    if found is None:
        return form | {"URL": address}
    return form | {
        "SENTINELS": list(found.hosts),
        "MASTER_NAME": found.master,
        "DB": found.db,
        "USERNAME": found.username,
        "PASSWORD": found.password,
        "SENTINEL_KWARGS": {"socket_timeout": SECONDS, "socket_connect_timeout": SECONDS},
    }
