"""When an overlay is to be drawn again. Pure: the time is handed in, in seconds.

A picture is always drawn for one moment, that of `delay` ago, and without what was taken off air since. So nothing
waits in a queue that could be out of order, or shown by mistake: what waits is only the time of the next look.
"""

import heapq
import math

# Looks at about the same time are one.
GRAIN = 0.02


class Agenda:
    def __init__(self, delay: float) -> None:
        self.delay = delay
        self._waiting: list[float] = []
        self._known: set[float] = set()

    def heard(self, now: float, takes_off: bool) -> None:
        """Something happened: it shows when the delay is over. What goes off air goes now."""
        if takes_off or not self.delay:
            self.add(now)
        if self.delay:
            self.add(now + self.delay)

    def add(self, at: float) -> None:
        """Look at this time, or a grain later: never before."""
        rounded = math.ceil(at / GRAIN) * GRAIN
        if rounded not in self._known:
            self._known.add(rounded)
            heapq.heappush(self._waiting, rounded)

    def next(self) -> float | None:
        return self._waiting[0] if self._waiting else None

    def take(self, now: float) -> bool:
        """Whether a look is due; those up to now are done by it."""
        is_due = False
        while self._waiting and self._waiting[0] <= now:
            self._known.discard(heapq.heappop(self._waiting))
            is_due = True
        return is_due
