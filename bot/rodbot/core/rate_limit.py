"""A rate limiter for each person, far above what anybody types: nobody floods the backend through the bot."""

from aiolimiter import AsyncLimiter
from cachetools import LRUCache

BURST = 100
PER_SECOND = 5.0
PEOPLE = 10_000


class RateLimiter:
    """A leaky bucket for each person: `burst` interactions at once, `per_second` on average."""

    def __init__(self, burst: float = BURST, per_second: float = PER_SECOND) -> None:
        self._burst = burst
        self._period = burst / per_second
        self._limiters: LRUCache[int, AsyncLimiter] = LRUCache(PEOPLE)

    async def allows(self, person: int) -> bool:
        """Count an interaction of this person, if there is room for it. Never waits."""
        limiter = self._limiters.get(person)
        if limiter is None:
            limiter = self._limiters[person] = AsyncLimiter(self._burst, self._period)
        if not limiter.has_capacity():
            return False
        await limiter.acquire()
        return True
