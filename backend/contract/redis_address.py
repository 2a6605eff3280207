"""Addresses of Redis behind Sentinels: `redis+sentinel://user:password@one:26379,two:26379/name-of-the-master/0`.

Standard library only, as `contract.variable_kinds`.
"""

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

SCHEME = "redis+sentinel"
PORT = 26379
SHAPE = f"{SCHEME}://:password@one:{PORT},two:{PORT}/name-of-the-master/0"


@dataclass(frozen=True)
class Sentinels:
    """`hosts` are the Sentinels, who say where the master is; user and password are the master's."""

    hosts: tuple[tuple[str, int], ...]
    master: str
    db: int
    username: str | None
    password: str | None = field(repr=False)


def sentinels(url: str) -> Sentinels | None:
    """Understand such an address; None for another one. Raises ValueError with the shape that it must have."""
    parts = urlsplit(url)
    if parts.scheme != SCHEME:
        return None
    login, _, listed = parts.netloc.rpartition("@")
    username, _, password = login.partition(":")
    master, _, db = parts.path.strip("/").partition("/")
    hosts = tuple(_host(host) for host in listed.split(","))
    if not master or not (db or "0").isdigit() or parts.query:
        raise ValueError(f"must have the shape {SHAPE}.")
    return Sentinels(
        hosts, unquote(master), int(db or 0), unquote(username) or None, unquote(password) or None
    )


def _host(text: str) -> tuple[str, int]:
    name, _, port = text.partition(":")
    if not name or not (port or "1").isdigit() or not 0 < int(port or PORT) < 65536:
        raise ValueError(f"must have the shape {SHAPE}.")
    return name, int(port or PORT)
