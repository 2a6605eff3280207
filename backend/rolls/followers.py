"""Who else shows rolls and requests, and has to know in the same transaction when one changes.

Apps above this one put their functions into these lists when they are ready.
"""

from collections.abc import Callable

from contract.events import EventType
from rolls.models import Roll, RollRequest

# Called after the event of a roll.
ROLLS: list[Callable[[Roll, EventType], None]] = []
# Called when somebody has answered a request, or it was closed.
REQUESTS: list[Callable[[RollRequest], None]] = []


def roll_changed(roll: Roll, type: EventType) -> None:
    for follow in ROLLS:
        follow(roll, type)


def request_changed(row: RollRequest) -> None:
    for follow in REQUESTS:
        follow(row)
