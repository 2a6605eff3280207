"""Who is online. Several tabs count once; who sends nothing for a while is offline.

Kept in Redis, shared by all gateway processes, or in memory when there is just one. Both know, with an expiry each:
a person's sockets and their status, the streams a person looks at, and the status that was last announced. The caller
that makes a change gets what to announce, and nobody else does: each change is announced once.
"""

import asyncio
import logging
import time
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from django.conf import settings

from delivery.redis_clients import REDIS_ERRORS, async_client

log = logging.getLogger(__name__)

ONLINE, AWAY, OFFLINE = "online", "away", "offline"
# The streams of a person outlive their sockets a little, so that "offline" still finds its audience.
LINGER = 60.0
# So long Redis may take to answer.
SECONDS = 2.0


class StatusChange(NamedTuple):
    """To be announced to the viewers of `streams`. Somebody who was online and came to a stream has no new status."""

    user: str
    status: str
    streams: list[str]
    is_new_status: bool


class Presence(Protocol):
    async def touch(
        self, user: str, socket: str, status: str, streams: list[str], seconds: float
    ) -> StatusChange | None:
        """A sign of life of a socket, good for so many seconds. Returns what to announce."""
        ...

    async def sweep(self) -> list[StatusChange]:
        """Changes of those whose time ran out."""
        ...

    async def of_stream(self, stream: str) -> dict[str, str]:
        """Who is not offline, by user id."""
        ...

    async def statuses(self, users: list[str]) -> dict[str, str]: ...

    async def sockets(self) -> dict[str, int]:
        """How many sockets of whom are open, in all processes."""
        ...

    async def stop(self) -> None: ...


def make() -> Presence:
    return RedisPresence(settings.REDIS_URL) if settings.USE_REDIS else MemoryPresence()


@dataclass
class _Person:
    sockets: dict[str, tuple[float, str]] = field(default_factory=dict)
    streams: dict[str, float] = field(default_factory=dict)
    announced: str = OFFLINE

    def status(self, now: float) -> str:
        self.sockets = {key: value for key, value in self.sockets.items() if value[0] > now}
        alive = {status for _, status in self.sockets.values()}
        return ONLINE if ONLINE in alive else AWAY if alive else OFFLINE


class MemoryPresence:
    def __init__(self) -> None:
        self._people: dict[str, _Person] = {}

    async def touch(
        self, user: str, socket: str, status: str, streams: list[str], seconds: float
    ) -> StatusChange | None:
        now = time.monotonic()
        person = self._people.setdefault(user, _Person())
        person.sockets[socket] = (now + seconds, status)
        person.streams = {name: until for name, until in person.streams.items() if until > now}
        new = [name for name in streams if name not in person.streams]
        person.streams |= dict.fromkeys(streams, now + seconds + LINGER)
        return self._change_of(user, person, new, now)

    async def sweep(self) -> list[StatusChange]:
        now = time.monotonic()
        changes = [self._change_of(user, person, [], now) for user, person in tuple(self._people.items())]
        return [change for change in changes if change]

    async def of_stream(self, stream: str) -> dict[str, str]:
        return {
            user: person.announced
            for user, person in self._people.items()
            if stream in person.streams and person.announced != OFFLINE
        }

    async def statuses(self, users: list[str]) -> dict[str, str]:
        return {user: self._people[user].announced if user in self._people else OFFLINE for user in users}

    async def sockets(self) -> dict[str, int]:
        now = time.monotonic()
        counted = {
            user: sum(until > now for until, _ in person.sockets.values())
            for user, person in self._people.items()
        }
        return {user: count for user, count in counted.items() if count}

    async def stop(self) -> None:
        """Nothing is held."""

    def _change_of(self, user: str, person: _Person, new: list[str], now: float) -> StatusChange | None:
        status = person.status(now)
        if status == OFFLINE:
            self._people.pop(user, None)
        if status != person.announced:
            person.announced = status
            return StatusChange(user, status, list(person.streams), True)
        return StatusChange(user, status, new, False) if new else None


# KEYS: the person's sockets, the person's streams, the status announced of everybody, whose time runs out when, and
# who is in each of the streams.
# ARGV: user, socket ("" for a sweep), status, seconds, linger, streams…
# Answers {status, "1" when it changed, streams to tell…}, or nothing.
_SCRIPT = """
local t = redis.call('TIME')
local now = t[1] + t[2] / 1000000
local user, socket, status = ARGV[1], ARGV[2], ARGV[3]
local seconds, linger = tonumber(ARGV[4]), tonumber(ARGV[5])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
local new = {}
if socket ~= '' then
  redis.call('ZREM', KEYS[1], socket .. ':online', socket .. ':away')
  redis.call('ZADD', KEYS[1], now + seconds, socket .. ':' .. status)
  redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
  for i = 6, #ARGV do
    local there = KEYS[i - 1]
    if redis.call('ZADD', KEYS[2], now + seconds + linger, ARGV[i]) == 1 then new[#new + 1] = ARGV[i] end
    redis.call('ZREMRANGEBYSCORE', there, '-inf', now)
    redis.call('ZADD', there, now + seconds + linger, user)
    redis.call('EXPIRE', there, math.ceil(seconds + linger))
  end
end
local sockets = redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')
local is = 'offline'
for i = 1, #sockets, 2 do
  if string.sub(sockets[i], -7) == ':online' then is = 'online' elseif is == 'offline' then is = 'away' end
end
if is == 'offline' then
  redis.call('ZREM', KEYS[4], user)
else
  redis.call('ZADD', KEYS[4], sockets[2], user)
  redis.call('EXPIRE', KEYS[1], math.ceil(sockets[#sockets] - now) + 1)
  redis.call('EXPIRE', KEYS[2], math.ceil(seconds + linger) + 1)
end
local announced = redis.call('HGET', KEYS[3], user) or 'offline'
if is == announced then
  if #new == 0 then return false end
  return {is, '0', unpack(new)}
end
if is == 'offline' then redis.call('HDEL', KEYS[3], user) else redis.call('HSET', KEYS[3], user, is) end
return {is, '1', unpack(redis.call('ZRANGE', KEYS[2], 0, -1))}
"""


# KEYS: whose time runs out when. Answers those whose time ran out.
_DUE = """
local t = redis.call('TIME')
return redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', t[1] + t[2] / 1000000, 'LIMIT', 0, 200)
"""
# In braces: one script changes several of the keys, so a Redis Cluster has to keep all of them on one node.
PREFIX = "rod:{presence}:"
CONNECTIONS = 8


class RedisPresence:
    """Every process sweeps; the script makes each change happen, and be announced, in one of them only."""

    def __init__(self, url: str, prefix: str = PREFIX) -> None:
        self._prefix = prefix
        self._redis = async_client(url, SECONDS, CONNECTIONS)
        self._script = self._redis.register_script(_SCRIPT)
        self._due = self._redis.register_script(_DUE)
        # A burst of arrivals waits its turn for a few connections; without the limit each would open one.
        self._turns = asyncio.Semaphore(CONNECTIONS)

    async def touch(
        self, user: str, socket: str, status: str, streams: list[str], seconds: float
    ) -> StatusChange | None:
        try:
            return await self._change(user, socket, status, seconds, streams)
        except REDIS_ERRORS as error:
            log.warning("presence of %s not kept: %s", user, error)
            return None

    async def sweep(self) -> list[StatusChange]:
        try:
            due: list[str] = await self._due([self._prefix + "due"])
            changes = [await self._change(user, "", "", 0, []) for user in due]
        except REDIS_ERRORS as error:
            log.warning("presence not swept: %s", error)
            return []
        return [change for change in changes if change]

    async def of_stream(self, stream: str) -> dict[str, str]:
        try:
            async with self._turns:
                users: Any = await self._redis.zrange(f"{self._prefix}in:{stream}", 0, -1)
        except REDIS_ERRORS as error:
            log.warning("presence in %s unknown: %s", stream, error)
            return {}
        known = await self.statuses(users)
        return {user: status for user, status in known.items() if status != OFFLINE}

    async def statuses(self, users: list[str]) -> dict[str, str]:
        if not users:
            return {}
        try:
            async with self._turns:
                announced: Any = await self._redis.hmget(self._prefix + "announced", users)
        except REDIS_ERRORS as error:
            log.warning("presence unknown: %s", error)
            return {}
        return {user: status or OFFLINE for user, status in zip(users, announced, strict=True)}

    async def sockets(self) -> dict[str, int]:
        try:
            async with self._turns:
                users: Any = await self._redis.hkeys(self._prefix + "announced")
                pipeline = self._redis.pipeline(transaction=False)
                seconds, micros = await self._redis.time()
                for user in users:
                    pipeline.zcount(f"{self._prefix}{user}:sockets", seconds + micros / 1_000_000, "+inf")
                counts = await pipeline.execute() if users else []
        except REDIS_ERRORS as error:
            log.warning("sockets not counted: %s", error)
            return {}
        return {user: count for user, count in zip(users, counts, strict=True) if count}

    async def stop(self) -> None:
        await self._redis.aclose()

    async def _change(
        self, user: str, socket: str, status: str, seconds: float, streams: list[str]
    ) -> StatusChange | None:
        own = self._prefix + user
        keys = [f"{own}:sockets", f"{own}:streams", f"{self._prefix}announced", f"{self._prefix}due"]
        keys += [f"{self._prefix}in:{stream}" for stream in streams]
        async with self._turns:
            answer = await self._script(keys, [user, socket, status, seconds, LINGER, *streams])
        return StatusChange(user, answer[0], answer[2:], answer[1] == "1") if answer else None
