"""Whose turn it is to identify to Discord, which takes one shard of each bucket in five seconds."""

from django.core.cache import cache

from chronicle.call import Call
from contract import endpoints
from contract.identify import IdentifyTurn, TurnTaken
from timeline.operations import PROCESS_ALONE, Operation

# Discord counts five seconds by its own clock, between arrivals.
SECONDS = 6


def _take(call: Call, given: IdentifyTurn) -> TurnTaken:
    """Take the turn of this bucket, unless somebody has it: one step in the Redis that all processes share."""
    return TurnTaken(granted=cache.add(f"identify:{given.bucket}", "taken", SECONDS))


TAKE = Operation("identify.take", endpoints.IDENTIFY_TURN, _take, doors=PROCESS_ALONE, reads=True)
