"""Which processes are alive: each worker, and the Discord process, writes a row every few seconds."""

from collections.abc import Mapping
from datetime import timedelta

from django.utils import timezone

from background.models import Heartbeat, Kind

EVERY = 10  # seconds
# Three beats missed. What a worker was at is another's after twice that time: a slow database is no death.
ALIVE = timedelta(seconds=30)
DEAD = timedelta(seconds=60)


def beat(process_id: str, kind: Kind, state: Mapping[str, object]) -> None:
    values = {"kind": kind, "seen_at": timezone.now(), "state": dict(state)}
    Heartbeat.objects.update_or_create(pk=process_id, defaults=values)


def ended(process_id: str) -> None:
    """It said goodbye: nobody has to wait until it is found dead."""
    Heartbeat.objects.filter(pk=process_id).delete()


def alive(kind: Kind) -> list[Heartbeat]:
    """Return the processes of this kind that are alive, the one heard last first."""
    rows = Heartbeat.objects.filter(kind=kind, seen_at__gt=timezone.now() - ALIVE)
    return list(rows.order_by("-seen_at")[:100])
