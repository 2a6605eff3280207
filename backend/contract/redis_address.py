"""Addresses of several servers of Redis: Sentinels, who name a master, and the nodes of a Redis Cluster.

    redis+sentinel://user:password@one:26379,two:26379/name-of-the-master/0
    redis+cluster://user:password@one:6379,two:6379/0        (rediss+cluster:// with TLS)

Standard library only, as `contract.variable_kinds`.
"""

import re
from dataclasses import dataclass, field
from urllib.parse import SplitResult, unquote, urlsplit

SENTINEL_PORT, PORT = 26379, 6379
SENTINELS = f"redis+sentinel://:password@one:{SENTINEL_PORT},two:{SENTINEL_PORT}/name-of-the-master/0"
NODES = f"redis+cluster://:password@one:{PORT},two:{PORT}/0"
SCHEME = "redis+sentinel"
# Scheme → that of one of the nodes alone.
CLUSTERS = {"redis+cluster": "redis", "rediss+cluster": "rediss"}
HOST = re.compile(r"(?P<name>[^:\[\]\s]+|\[[0-9A-Fa-f:.]+\])(:(?P<port>\d+)?)?", re.ASCII)
Host = tuple[str, int]


@dataclass(frozen=True)
class Sentinels:
    """`hosts` are the Sentinels, who say where the master is; user and password are the master's."""

    hosts: tuple[Host, ...]
    master: str
    db: int
    username: str | None
    password: str | None = field(repr=False)


@dataclass(frozen=True)
class Cluster:
    """`hosts` are the nodes that are asked for all the others; `first` is the address of the first of them alone."""

    hosts: tuple[Host, ...]
    first: str = field(repr=False)


def split(url: str) -> SplitResult:
    """Take an address apart. Raises ValueError that quotes nothing of it: Python's own shows the password."""
    try:
        return urlsplit(url)
    except ValueError:
        raise ValueError(
            "can’t be read as an address; in a password write [ and ] as %5B and %5D, and letters that are not ASCII "
            "as percent signs with numbers too."
        ) from None


def sentinels(url: str) -> Sentinels | None:
    """Understand such an address; None for another one. Raises ValueError with the shape that it must have."""
    parts = split(url)
    if parts.scheme != SCHEME:
        return None
    login, _, listed = parts.netloc.rpartition("@")
    username, _, password = login.partition(":")
    master, _, db = parts.path.strip("/").partition("/")
    hosts = _hosts(listed, SENTINEL_PORT, SENTINELS)
    if not master or not (db or "0").isdigit() or parts.query:
        raise ValueError(f"must have the shape {SENTINELS}.")
    return Sentinels(
        hosts, unquote(master), int(db or 0), unquote(username) or None, unquote(password) or None
    )


def cluster(url: str) -> Cluster | None:
    """Understand such an address; None for another one. Raises ValueError with the shape that it must have."""
    parts = split(url)
    if parts.scheme not in CLUSTERS:
        return None
    login, at, listed = parts.netloc.rpartition("@")
    hosts = _hosts(listed, PORT, NODES)
    if parts.path.strip("/") not in ("", "0") or re.search(r"(^|&)db=", parts.query):
        raise ValueError("must name no database but 0: a Redis Cluster has no other.")
    name, port = hosts[0]
    shown = f"[{name}]" if ":" in name else name
    query = f"?{parts.query}" if parts.query else ""
    return Cluster(hosts, f"{CLUSTERS[parts.scheme]}://{login}{at}{shown}:{port}/0{query}")


def _hosts(listed: str, usual: int, shape: str) -> tuple[Host, ...]:
    matches = [HOST.fullmatch(host) for host in listed.split(",")]
    hosts = [(match["name"].strip("[]"), int(match["port"] or usual)) for match in matches if match]
    if len(hosts) < len(matches) or not all(0 < port < 65536 for _, port in hosts):
        raise ValueError(f"must have the shape {shape}.")
    return tuple(hosts)
