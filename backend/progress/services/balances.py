"""How the ledger takes a reset: no entry goes; each user gets one more, the balance, which makes the sum right again.

An undo appends the opposite. Boards count what no reset has balanced (`counted`), a user's total counts everything.
"""

from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

from django.db.models import QuerySet, Sum
from django.utils import timezone

from discordauth.models import CustomUser
from progress.counting import put_last
from progress.models import Board, PointEntry, RestorePoint
from progress.services.ledger import Day
from progress.services.restore_points import CHUNK
from progress.services.scopes import Scope
from progress.sources import RESET
from rules.notices import Notice, notice


def sums(entries: "QuerySet[PointEntry]", users: Iterable[UUID]) -> dict[UUID, int]:
    """Points by user, of those who have any entry among these."""
    rows = entries.filter(user__in=users).order_by().values_list("user").annotate(sum=Sum("amount"))
    return dict(rows)


def balance(point: RestorePoint, scope: Scope, amounts: Mapping[CustomUser, int]) -> None:
    """Append one entry a (locked) user."""
    _append(
        _entry(point, user, amount, notice("points_reset"), _key(point), scope)
        for user, amount in amounts.items()
    )


def of(point: RestorePoint) -> Iterator[list[PointEntry]]:
    """The balances of a reset, some at a time."""
    rows = PointEntry.objects.filter(reset=point, key=_key(point)).order_by("pk")
    found = list(rows[:CHUNK])
    while found:
        yield found
        found = list(rows.filter(pk__gt=found[-1].pk)[:CHUNK])


def balance_back(
    point: RestorePoint, entries: Iterable[PointEntry], users: Mapping[UUID, CustomUser]
) -> None:
    """Append the opposite of each balance of these (locked) users."""
    _append(
        _entry(
            point,
            users[entry.user_id],
            -entry.amount,
            notice("points_restored"),
            f"{entry.key}:undone",
            entry,
        )
        for entry in entries
    )


def _append(made: Iterable[PointEntry]) -> None:
    entries = list(made)
    put_last(entries)
    PointEntry.objects.bulk_create(entries)


def _key(point: RestorePoint) -> str:
    return f"reset:{point.pk}"


def _entry(
    point: RestorePoint,
    user: CustomUser,
    amount: int,
    reason: Notice,
    key: str,
    place: Scope | PointEntry,
) -> PointEntry:
    now = timezone.now()
    at = Day.of(user, now)
    entry = PointEntry(
        user=user,
        amount=amount,
        source=RESET,
        reason=reason.as_json(),
        key=key,
        reset=point,
        day=at.day,
        week=at.week,
        created_at=now,
    )
    if isinstance(place, PointEntry):
        entry.server_id, entry.chronicle_id, entry.season_id = (
            place.server_id,
            place.chronicle_id,
            place.season_id,
        )
    elif not place.is_all:
        entry.server = place.server
        entry.season = place.season
        entry.chronicle_id = place.id if place.kind is Board.CHRONICLE else None
    return entry
