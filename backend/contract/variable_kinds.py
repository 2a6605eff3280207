"""The kinds of variables of the environment, as parsers.

A parser raises ValueError with what a value must be; the name and the place of the variable are put before that.
Standard library only, as the scripts read variables before anything is installed.
"""

import json
import re
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import parse_qsl

from contract.redis_address import cluster, sentinels, split

T = TypeVar("T")
Parser = Callable[[str], T]
YES, NO = ("1", "true", "yes", "on"), ("0", "false", "no", "off")
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
HOST = re.compile(r"\.?[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\]")
RATE = re.compile(r"[1-9]\d*/(s|sec|second|m|min|minute|h|hour|d|day)", re.ASCII)
MOST = 1_000_000_000  # seconds, bytes and frames alike
MOST_DATABASES = 9999
DOTTED = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+", re.ASCII)


def text(value: str) -> str:
    if any(ord(sign) < 32 for sign in value):
        raise ValueError("must be one line of text without control characters.")
    return value


def flag(value: str) -> bool:
    if value.lower() not in YES + NO:
        raise ValueError("must be 1 or 0 (yes or no, true or false, on or off).")
    return value.lower() in YES


def number(low: int, high: int) -> Parser[int]:
    def parse(value: str) -> int:
        if not (value.isascii() and value.isdigit() and len(value) < 12 and low <= int(value) <= high):
            raise ValueError(f"must be a whole number from {low} to {high}.")
        return int(value)

    return parse


port = number(1, 65535)
database_of_redis = number(0, MOST_DATABASES)


def days(value: str) -> int:
    """How long something is kept; 0: for good. Retries, notifications and undo need the last week."""
    if not re.fullmatch(r"\d{1,5}", value, re.ASCII) or 0 < int(value) < 7:
        raise ValueError("must be a whole number of days from 7 on, or 0 to keep everything.")
    return int(value)


def choice(*values: str, **others: str) -> Parser[str]:
    """One of these; `others` are further names of them."""

    def parse(value: str) -> str:
        if value in values:
            return value
        if value in others:
            return others[value]
        raise ValueError(f"must be one of {', '.join(values)}.")

    return parse


def level(value: str) -> str:
    return choice(*LEVELS, WARN="WARNING", FATAL="CRITICAL")(value.upper())


def address(*schemes: str) -> Parser[str]:
    """An address of a server, without the slash at its end."""

    def parse(value: str) -> str:
        beginnings = " or ".join(f"{scheme}://" for scheme in schemes)
        if split(value).scheme not in schemes or not _host_and_port(value) or re.search(r"\s", value):
            raise ValueError(f"must be an address beginning with {beginnings}, with a host after it.")
        return value.rstrip("/")

    return parse


web = address("http", "https")


def origin(value: str) -> str:
    parts = split(web(value).lower())
    if parts[2:] != ("", "", ""):
        raise ValueError("must be scheme, host and port alone, such as https://play.example:8443.")
    usual = {"http": ":80", "https": ":443"}[parts.scheme]  # which browsers leave out
    return f"{parts.scheme}://{parts.netloc.removesuffix(usual)}"


def host(value: str) -> str:
    if value != "*" and not HOST.fullmatch(value):
        raise ValueError("must be names of hosts, without https://, port or path, such as play.example.")
    return value.lower()


def several(parse: Parser[T]) -> Parser[list[T]]:
    """Values with commas between them."""
    return lambda values: [parse(value.strip()) for value in values.split(",") if value.strip()]


def rate(value: str) -> str:
    if not RATE.fullmatch(value):
        raise ValueError("must be a number and a period, such as 600/min or 10/s.")
    return value


def seconds(value: str) -> float:
    if not re.fullmatch(r"\d{1,6}(\.\d{1,6})?", value, re.ASCII):
        raise ValueError("must be a number of seconds, such as 0.5.")
    return float(value)


def dotted(value: str) -> str:
    if not DOTTED.fullmatch(value):
        raise ValueError("must be the name of a Python class, such as storages.backends.s3.S3Storage.")
    return value


def channel(value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) <= 20):
        raise ValueError("must be the id of a channel, digits only.")
    return int(value)


def numbers(value: str) -> dict[str, float]:
    """Numbers above 0 by name. JSON as Python reads it has NaN and Infinity too, and lets a name stand twice."""
    try:
        pairs = json.loads(value, object_pairs_hook=list)
    except (ValueError, RecursionError):
        pairs = None
    if not (isinstance(pairs, list) and value.startswith("{") and all(_is_amount(part) for _, part in pairs)):
        raise ValueError(
            f'must be a JSON object of numbers above 0 and up to {MOST:,}, such as {{"poll_interval": 2}}.'
        )
    if len(found := dict(pairs)) < len(pairs):
        raise ValueError("must name each number once.")
    return found


def _is_amount(part: object) -> bool:
    return isinstance(part, int | float) and not isinstance(part, bool) and 0 < part <= MOST


DATABASES = ("sqlite", "mysql", "mariadb", "postgres", "postgresql")


def database(value: str) -> str:
    parts = split(value)
    name = parts.path.strip("/") or (parts.scheme == "sqlite" and parts.netloc == ":memory:")
    if parts.scheme not in DATABASES or not name:
        raise ValueError(
            "must be an address such as postgresql://user:password@host:5432/name or sqlite:///file;"
            " write signs like # / ? @ in a password as %23 %2F %3F %40."
        )
    if parts.scheme != "sqlite" and not _port_is_right(value):
        raise ValueError("must have a number from 1 to 65535 as its port.")
    return value


def redis(value: str) -> str:
    if sentinels(value) or cluster(value):
        return value
    parts = split(value)
    by_path = parts.scheme == "unix" and bool(parts.path.strip("/"))
    if not by_path and (parts.scheme not in ("redis", "rediss") or not _host_and_port(value)):
        raise ValueError(
            "must be an address such as redis://:password@host:6379/0, rediss:// (TLS), unix:///path?db=0, "
            "redis+sentinel://one:26379,two:26379/name-of-the-master/0 or redis+cluster://one:6379,two:6379."
        )
    _check_database_of_redis(parts.query, "" if by_path else parts.path.strip("/"))
    return value


def _check_database_of_redis(query: str, path: str) -> None:
    """Refuse what redis-py would read as another database than was written, or stumble over at its first call."""
    try:
        asked = parse_qsl(query, keep_blank_values=True, strict_parsing=True) if query else []
        named = [path] * bool(path) + [number for name, number in asked if name == "db"]
        for index in named:
            database_of_redis(index)
    except ValueError:
        raise ValueError(
            f"must have a number from 0 to {MOST_DATABASES} as its database, such as redis://host:6379/0."
        ) from None
    if len(named) > 1:
        raise ValueError("must name its database once.")


def _port_is_right(value: str) -> bool:
    try:
        return split(value).port != 0
    except ValueError:
        return False


def _host_and_port(value: str) -> bool:
    return bool(split(value).hostname) and _port_is_right(value)
