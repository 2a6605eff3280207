"""A limit for each person, far above what anybody types: nobody gets to flood the backend through us."""

import time
from collections import OrderedDict
from collections.abc import Callable

AT_ONCE = 100
A_SECOND = 5.0
PEOPLE = 10_000


class Throttle:
    """A bucket of `at_once` for each person, filled again by `a_second`."""

    def __init__(
        self,
        at_once: float = AT_ONCE,
        a_second: float = A_SECOND,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._at_once = at_once
        self._a_second = a_second
        self._clock = clock
        self._left: OrderedDict[int, tuple[float, float]] = OrderedDict()

    def allows(self, person: int) -> bool:
        now = self._clock()
        left, since = self._left.pop(person, (self._at_once, now))
        left = min(self._at_once, left + (now - since) * self._a_second)
        allowed = left >= 1
        self._left[person] = (left - 1 if allowed else left, now)
        if len(self._left) > PEOPLE:
            self._left.popitem(last=False)
        return allowed
