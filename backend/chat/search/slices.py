"""Read messages newest first, in slices of time of which none holds too many: for words that are said all the time.

An index of words names every message that has one, which takes as long as there are such messages; those that are
shown are the newest alone.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from chat.models import ChatMessage

# Messages of one slice, and of all that one search reads.
MOST_IN_SLICE, MOST_READ = 4_000, 20_000
FIRST, SHORTEST = timedelta(days=2), timedelta(seconds=1)
# Slices grow and shrink by this factor.
FACTOR = 4
# There was no chat before.
BEGAN = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class Scan:
    """What was found, newest first, and the time down to which everything was read; None: all of it was."""

    found: list[UUID] = field(default_factory=list)
    upto: datetime | None = None


def scan(
    rows: "QuerySet[ChatMessage]",
    counted: "QuerySet[ChatMessage]",
    fits: Callable[[str], bool],
    wanted: int,
    begins: datetime,
    ends: datetime,
) -> Scan:
    """Look for so many whose words fit among `rows` of this time; `counted`: all that the database reads for them."""
    done, read = Scan(), 0
    for start, until, size in slices(counted, begins, ends):
        read += size
        if size:
            part = rows.filter(created_at__gte=start, created_at__lt=until).values_list("pk", "search")
            done.found += [pk for pk, search in part if fits(search)]
        done.upto = start if start > begins else None
        if len(done.found) >= wanted or read >= MOST_READ:
            break
    return done


def slices(
    counted: "QuerySet[ChatMessage]", begins: datetime, ends: datetime
) -> Iterator[tuple[datetime, datetime, int]]:
    """Each with its beginning, its end and how many messages it has; they grow where little was said."""
    width, end = FIRST, ends
    while end > begins:
        start = max(end - width, begins)
        inside = counted.filter(created_at__gte=start, created_at__lt=end).order_by()
        size = inside[: MOST_IN_SLICE + 1].count()
        if size > MOST_IN_SLICE and width > SHORTEST:
            width = (end - start) / FACTOR
            continue
        yield start, end, size
        end = start
        if size * FACTOR <= MOST_IN_SLICE:
            width = min(width * FACTOR, ends - begins)
