"""Discord's rate limits: buckets of routes, the limit over all of them, and how many commands are new in a day.

Off unless the sandbox is asked for them: a person who plays, and most tests, would only wait. Discord publishes the
global limit and the one of commands; those of buckets are what it announces in its headers, which are not promised.
https://discord.com/developers/docs/topics/rate-limits
"""

import re
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sandbox.errors import Json

PER_SECOND = 50
CREATIONS, DAY = 200, 24 * 3600.0
# Answers to interactions are outside of the global limit.
UNLIMITED = re.compile(r"^/(interactions|webhooks)/")


@dataclass(frozen=True, slots=True)
class Bucket:
    """So many requests in so many seconds, counted apart for each major parameter (a channel, a guild, a webhook)."""

    name: str
    method: str
    path: re.Pattern[str]
    limit: int
    seconds: float


def _bucket(name: str, method: str, path: str, limit: int, seconds: float) -> Bucket:
    return Bucket(name, method, re.compile(path), limit, seconds)


BUCKETS = (
    _bucket("messages", "POST", r"^/(channels/\d+)/messages$", 5, 5.0),
    _bucket("message", "PATCH", r"^/(channels/\d+)/messages/\d+$", 5, 5.0),
    _bucket("pins", "PUT", r"^/(channels/\d+)/messages/pins/\d+$", 5, 5.0),
    _bucket("webhook", "POST", r"^/(webhooks/\d+/[^/]+)$", 5, 2.0),
    _bucket("webhook-message", "PATCH", r"^/(webhooks/\d+/[^/]+)/messages/\d+$", 5, 2.0),
    _bucket("direct", "POST", r"^/users/@me/(channels)$", 10, 10.0),
    _bucket("commands", "PUT", r"^/applications/\d+/(guilds/\d+)/commands$", 2, 20.0),
    _bucket("commands-read", "GET", r"^/applications/\d+/(guilds/\d+)/commands$", 5, 5.0),
    _bucket("global-commands", "PUT", r"^/applications/(\d+)/commands$", 2, 60.0),
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`wait` is 0 for a request that may pass; `everywhere` when the limit over all routes was reached."""

    wait: float
    headers: Mapping[str, str]
    everywhere: bool = False

    @property
    def body(self) -> Json:
        message = "You are being rate limited."
        return {"message": message, "retry_after": self.wait, "global": self.everywhere, "code": 0}


@dataclass
class RateLimits:
    """Counts the bot's requests; `clock` in seconds. `asked` and `refused` say how a storm went."""

    clock: Callable[[], float]
    per_second: int = PER_SECOND
    asked: int = 0
    refused: int = 0
    _all: deque[float] = field(default_factory=deque)
    _windows: dict[tuple[str, str], tuple[float, int]] = field(default_factory=dict)
    _creations: dict[str, deque[tuple[float, int]]] = field(default_factory=dict)

    def take(self, method: str, path: str) -> Verdict:
        """Count a request to this path (without the API's prefix), or say how long it has to wait."""
        self.asked += 1
        verdict = self._globally(path) or self._in_bucket(method, path)
        self.refused += verdict.wait > 0
        return verdict

    def _globally(self, path: str) -> Verdict | None:
        if UNLIMITED.match(path):
            return None
        now = self.clock()
        while self._all and now - self._all[0] >= 1:
            self._all.popleft()
        if len(self._all) >= self.per_second:
            wait = max(round(1 - (now - self._all[0]), 3), 0.001)
            return Verdict(wait, {"X-RateLimit-Global": "true", "X-RateLimit-Scope": "global"}, True)
        self._all.append(now)
        return None

    def _in_bucket(self, method: str, path: str) -> Verdict:
        for bucket in BUCKETS:
            match = bucket.path.match(path)
            if match and method == bucket.method:
                return self._count(bucket, match[1])
        return Verdict(0, {})

    def _count(self, bucket: Bucket, major: str) -> Verdict:
        now = self.clock()
        started, used = self._windows.get((bucket.name, major), (now, 0))
        if now - started >= bucket.seconds:
            started, used = now, 0
        left = started + bucket.seconds - now
        full = used >= bucket.limit
        used += not full
        self._windows[bucket.name, major] = started, used
        headers = {
            "X-RateLimit-Limit": str(bucket.limit),
            "X-RateLimit-Remaining": str(bucket.limit - used),
            "X-RateLimit-Reset-After": f"{left:.3f}",
            "X-RateLimit-Reset": f"{now + left:.3f}",
            "X-RateLimit-Bucket": bucket.name,
        }
        return Verdict(left if full else 0, headers | ({"X-RateLimit-Scope": "user"} if full else {}))

    def may_create(self, guild_id: str, new: int) -> bool:
        """Count commands that are new in a guild; False past a day's number."""
        now = self.clock()
        made = self._creations.setdefault(guild_id, deque())
        while made and now - made[0][0] >= DAY:
            made.popleft()
        if sum(count for _, count in made) + new > CREATIONS:
            return False
        made.append((now, new))
        return True
