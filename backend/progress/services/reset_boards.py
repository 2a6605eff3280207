"""What a reset does to boards: rows stay, and hold nothing of what it takes."""

from collections.abc import Iterator, Sequence
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from progress.counting import counted
from progress.models import NOWHERE, Board, Standing
from progress.services.reset_run import Run, ids_of, lock, write
from progress.services.restore_points import BOARDS
from progress.services.scopes import Scope

EMPTY: dict[str, int | None] = {"total_points": 0, "weekly_points": 0, "rank": None, "weekly_rank": None}


def work(run: Run) -> Iterator[int]:
    """Zero the boards of the scope; rows stay. From other boards subtract what was earned in it."""
    for ids in ids_of(standing(run.scope)):
        yield _zero(run, ids) if run.keeper else len(ids)
    if not run.scope.is_all:
        for ids in run.people():
            yield _subtract(run, ids)


def standing(scope: Scope) -> "QuerySet[Standing]":
    """Places on boards of the scope that are not empty yet."""
    nothing = ~Q(total_points=0) | ~Q(weekly_points=0) | Q(rank__isnull=False) | Q(weekly_rank__isnull=False)
    return Standing.objects.filter(scope.boards(), nothing)


def _zero(run: Run, ids: Sequence[UUID]) -> int:
    places = Standing.objects.filter(pk__in=ids)
    holders = set(places.values_list("user", flat=True))
    lock(holders)
    # Who earned their first points since the users were reset keeps them.
    since = counted(run.scope.entries()).filter(user__in=holders).values_list("user", flat=True).distinct()
    rows = list(places.exclude(user__in=set(since)).select_for_update().order_by("pk"))
    _keep(run, [(place, place.total_points, place.weekly_points) for place in rows])
    return Standing.objects.filter(pk__in=[place.pk for place in rows]).update(**EMPTY)


def _subtract(run: Run, ids: Sequence[UUID]) -> int:
    lost = _lost(run, ids)
    places = Standing.objects.filter(user__in={user for _board, _id, user in lost}).order_by("pk")
    changes = []
    for place in places.select_for_update() if run.keeper else places:
        total, weeks = lost.get((Board(place.board), place.board_id, place.user_id), (0, {}))
        weekly = weeks.get(place.week, 0)
        if not run.scope.holds(place) and (total or weekly):
            changes.append((place, total, weekly))
    if run.keeper:
        _keep(run, changes)
        for place, total, weekly in changes:
            place.total_points -= total
            place.weekly_points -= weekly
            place.rank = place.weekly_rank = None
        write([place for place, *_ in changes], *EMPTY)
    return len(changes)


def _lost(
    run: Run, ids: Sequence[UUID]
) -> dict[tuple[Board, UUID, UUID], tuple[int, dict[date | None, int]]]:
    """What these users lose on each board: in all, and by week."""
    entries = counted(run.scope.entries(), besides=run.point).filter(user__in=ids).order_by()
    rows = entries.values_list("user", "server", "chronicle", "season", "week").annotate(sum=Sum("amount"))
    lost: dict[tuple[Board, UUID, UUID], tuple[int, dict[date | None, int]]] = {}
    for user, server, chronicle, season, week, amount in rows:
        places = {Board.ALL: NOWHERE, Board.SERVER: server, Board.CHRONICLE: chronicle, Board.SEASON: season}
        for board, board_id in places.items():
            if board_id is not None:
                total, weeks = lost.get((board, board_id, user), (0, {}))
                lost[board, board_id, user] = total + amount, {**weeks, week: weeks.get(week, 0) + amount}
    return lost


def _keep(run: Run, changes: Sequence[tuple[Standing, int, int]]) -> None:
    """Keep what places lose, with their ranks."""
    if run.keeper:
        run.keeper.keep(
            BOARDS,
            (
                {
                    "id": place.pk,
                    "user_id": place.user_id,
                    "total": total,
                    "weekly": weekly,
                    "week": place.week,
                    "rank": place.rank,
                    "weekly_rank": place.weekly_rank,
                }
                for place, total, weekly in changes
            ),
        )
