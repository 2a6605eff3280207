"""Which processes are alive: each worker and each Discord process writes a row every few seconds."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.utils import timezone

from background.models import Heartbeat, Kind
from contract.shards import Shards

EVERY = 10  # seconds
# Three beats missed. What a worker was at is another's after twice that time: a slow database is no death.
ALIVE = timedelta(seconds=30)
DEAD = timedelta(seconds=60)
MOST_PROCESSES = 1000


def beat(process_id: str, kind: Kind, state: Mapping[str, object]) -> None:
    values = {"kind": kind, "seen_at": timezone.now(), "state": dict(state)}
    Heartbeat.objects.update_or_create(pk=process_id, defaults=values)


def ended(process_id: str) -> None:
    """It said goodbye: nobody has to wait until it is found dead."""
    Heartbeat.objects.filter(pk=process_id).delete()


def around(now: datetime, patience: timedelta) -> tuple[datetime, datetime]:
    """When a living process was seen. One seen in the future spoke before the clock was set back, and speaks again."""
    return now - patience, now + patience


def alive(kind: Kind) -> list[Heartbeat]:
    """Return the processes of this kind that are alive, the one heard last first."""
    rows = Heartbeat.objects.filter(kind=kind, seen_at__range=around(timezone.now(), ALIVE))
    return list(rows.order_by("-seen_at")[:MOST_PROCESSES])


def shards_of(running: Iterable[Heartbeat]) -> tuple[int, int]:
    """How many of the bot's shards are connected by these Discord processes, and how many it has."""
    states = [process.state for process in running if process.state.get("shards")]
    count = max((Shards.read(state["shards"]).count for state in states), default=0)
    connected = {number for state in states for number in state.get("connected_shards", ())}
    return len(connected.intersection(range(count))), count
