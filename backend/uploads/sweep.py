"""Remove stored files that nothing points to: what a process that died left, what was released, what was forgotten."""

import logging
from collections.abc import Iterable, Iterator
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from uploads.kinds import KINDS, Kind
from uploads.models import StoredFile
from uploads.storing import remove_objects

log = logging.getLogger(__name__)
WINDOW = 500
# No door takes so long from storing a file to claiming it.
SETTLED = timedelta(hours=1)


def sweep() -> int:
    """Remove them, and return how many there were."""
    return remove_unclaimed() + sum(_remove_forgotten(kind) for kind in KINDS.values() if kind.in_use)


def remove_unclaimed() -> int:
    """Those that nobody claimed, or that were released."""
    rows = StoredFile.objects.filter(claimed_at=None, created_at__lt=timezone.now() - SETTLED, kind__in=KINDS)
    return sum(_remove(window) for window in _windows(rows))


def _remove_forgotten(kind: Kind) -> int:
    """Those that are claimed, and whose row is gone with what it belonged to."""
    removed, in_use = 0, kind.in_use
    assert in_use is not None
    for window in _windows(
        StoredFile.objects.filter(kind=kind.name, claimed_at__lt=timezone.now() - SETTLED)
    ):
        used = in_use([row.path for row in window])
        removed += _remove(row for row in window if row.path not in used)
    return removed


def _windows(rows: "QuerySet[StoredFile]") -> Iterator[list[StoredFile]]:
    """The rows by their keys, so many at a time: what cannot be removed now is passed by."""
    window = list(rows.order_by("pk")[:WINDOW])
    while window:
        last = window[-1].pk
        yield window
        window = list(rows.filter(pk__gt=last).order_by("pk")[:WINDOW])


def _remove(rows: Iterable[StoredFile]) -> int:
    removed = 0
    for row in rows:
        try:
            remove_objects(row)
            removed += 1
        except OSError as error:
            log.warning("%s cannot be removed now: %s", row.path, error)
    return removed
