"""Whether totals, levels and boards agree with the ledger of points, from which they follow; and making them agree."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Sum

from discordauth.models import CustomUser
from progress.counting import counted
from progress.models import NOWHERE, Board, PlayerProfile, PointEntry, Standing
from progress.services.earners import locked_user
from progress.services.profiles import profile_of
from rules.levels import level_of

CHUNK = 200
Key = tuple[Board, UUID]


@dataclass(frozen=True)
class Difference:
    """`stored` is what stands there, `right` what the entries come to."""

    user: UUID
    what: str
    stored: int
    right: int


@dataclass
class Sums:
    """What the entries of a person come to; on a board in all, and by the week."""

    total: int = 0
    boards: dict[Key, int] = field(default_factory=lambda: defaultdict(int))
    weeks: dict[tuple[Key, date], int] = field(default_factory=lambda: defaultdict(int))


def people() -> int:
    return CustomUser.objects.count()


def check(*, repair: bool = False, report: Callable[[int], None] = lambda done: None) -> Iterator[Difference]:
    """Look at everybody, some at a time; memory stays flat. `repair`: let the entries decide."""
    last: UUID | None = None
    while True:
        rows = (
            CustomUser.objects.order_by("pk")
            if last is None
            else CustomUser.objects.filter(pk__gt=last).order_by("pk")
        )
        users = list(rows.values_list("pk", flat=True)[:CHUNK])
        if not users:
            return
        for user, found in _by_user(_differences(users)).items():
            yield from found
            if repair:
                _repair(user)
        report(len(users))
        last = users[-1]


def _by_user(found: Iterable[Difference]) -> dict[UUID, list[Difference]]:
    listed: dict[UUID, list[Difference]] = {}
    for difference in found:
        listed.setdefault(difference.user, []).append(difference)
    return listed


def _sums(users: Sequence[UUID]) -> dict[UUID, Sums]:
    found: dict[UUID, Sums] = defaultdict(Sums)
    entries = PointEntry.objects.filter(user__in=users).order_by()
    for user, total in entries.values_list("user").annotate(sum=Sum("amount")):
        found[user].total = total
    places = counted(entries).values_list("user", "server", "chronicle", "season", "week")
    for user, server, chronicle, season, week, amount in places.annotate(sum=Sum("amount")):
        ids = {Board.ALL: NOWHERE, Board.SERVER: server, Board.CHRONICLE: chronicle, Board.SEASON: season}
        for board, board_id in ids.items():
            if board_id is not None:
                found[user].boards[board, board_id] += amount
                found[user].weeks[(board, board_id), week] += amount
    return found


def _differences(users: Sequence[UUID]) -> Iterator[Difference]:
    sums = _sums(users)
    stored = CustomUser.objects.filter(pk__in=users).values_list("pk", "total_points")
    for user, total in stored:
        yield from _differs(user, "points", total, sums[user].total)
    for user, level in PlayerProfile.objects.filter(user__in=users).values_list("user", "level"):
        yield from _differs(user, "level", level, level_of(sums[user].total))
    seen = set()
    for place in Standing.objects.filter(user__in=users):
        key = (Board(place.board), place.board_id)
        seen.add((place.user_id, key))
        right, name = sums[place.user_id], f"board {place.board} {place.board_id}"
        yield from _differs(place.user_id, name, place.total_points, right.boards.get(key, 0))
        week = right.weeks.get((key, place.week), 0) if place.week else 0
        yield from _differs(place.user_id, f"{name}, week {place.week}", place.weekly_points, week)
    for user, of_user in sums.items():
        for key, points in of_user.boards.items():
            if points and (user, key) not in seen:
                yield Difference(user, f"board {key[0]} {key[1]}", 0, points)


def _differs(user: UUID, what: str, stored: int, right: int) -> Iterator[Difference]:
    if stored != right:
        yield Difference(user, what, stored, right)


@transaction.atomic
def _repair(pk: UUID) -> None:
    """Under the lock that orders everything that happens to a person's points."""
    user = locked_user(pk)
    right = _sums([pk])[pk]
    user.total_points = right.total
    user.save(update_fields=["total_points"])
    profile = profile_of(user)
    profile.level = level_of(right.total)
    profile.save(update_fields=["level"])
    places = {(Board(row.board), row.board_id): row for row in Standing.objects.filter(user=user)}
    for key, points in right.boards.items():
        place = places.pop(key, None) or Standing(board=key[0], board_id=key[1], user=user)
        if place.week is None:
            place.week = max(week for of, week in right.weeks if of == key)
        place.total_points, place.weekly_points = points, right.weeks.get((key, place.week), 0)
        place.hidden = not profile.on_boards
        place.save()
    for place in places.values():
        place.total_points = place.weekly_points = 0
        place.save(update_fields=["total_points", "weekly_points"])
