"""Whose turn it is to identify to Discord, which takes one shard of each bucket in five seconds."""

import time

from django.core.cache import cache

from chronicle.call import Call
from contract import endpoints
from contract.identify import IdentifyTurn, TurnTaken
from timeline.operations import PROCESS_ALONE, Operation

# Discord counts five seconds by its own clock, between arrivals.
SECONDS = 6
# Clocks of machines may differ by less than that.
SKEW = 60


def _take(call: Call, given: IdentifyTurn) -> TurnTaken:
    """Take the turn of this bucket, unless somebody has it: one step in the Redis that all processes share."""
    key, now = f"identify:{given.bucket}", time.time()
    taken = cache.get(key)
    if taken is not None and not -SKEW <= now - taken <= SECONDS + SKEW:
        # A clock was set back: Redis would keep it for as long as that was.
        cache.delete(key)
    return TurnTaken(granted=cache.add(key, now, SECONDS))


TAKE = Operation("identify.take", endpoints.IDENTIFY_TURN, _take, doors=PROCESS_ALONE, reads=True)
