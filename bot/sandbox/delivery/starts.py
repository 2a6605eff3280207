"""How many sessions may begin: https://discord.com/developers/docs/events/gateway#session-start-limit-object."""

import time
from collections.abc import Callable

from sandbox.errors import Json

DAY = 24 * 3600.0
TOTAL, MAX_CONCURRENCY = 1000, 16
# Of each bucket one shard may identify in so many seconds.
IDENTIFY_SECONDS = 5.0


class SessionStarts:
    """Counts who identifies. `seconds`: 0 lets shards begin as fast as they come; a resume begins nothing.

    `refused` counts those that came too fast.
    """

    def __init__(
        self,
        max_concurrency: int = MAX_CONCURRENCY,
        total: int = TOTAL,
        seconds: float = 0.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.max_concurrency = max_concurrency
        self.total = self.remaining = total
        self.seconds = seconds
        self.refused = 0
        self.clock = clock
        # When which shard identified.
        self.log: list[tuple[float, int]] = []
        self._last: dict[int, float] = {}
        self._resets_at = clock() + DAY

    def show(self) -> Json:
        self._renew()
        return {
            "total": self.total,
            "remaining": self.remaining,
            "reset_after": round((self._resets_at - self.clock()) * 1000),
            "max_concurrency": self.max_concurrency,
        }

    def take(self, shard: int) -> bool:
        """Count a start of this shard; False when another of its bucket has just begun."""
        self._renew()
        now, bucket = self.clock(), shard % self.max_concurrency
        self.remaining = max(self.remaining - 1, 0)
        if now - self._last.get(bucket, -DAY) < self.seconds:
            self.refused += 1
            return False
        self._last[bucket] = now
        self.log.append((now, shard))
        return True

    def _renew(self) -> None:
        if self.clock() >= self._resets_at:
            self.remaining, self._resets_at = self.total, self.clock() + DAY
