"""Weeks of boards: what is over is kept with its ranks. Every hour each rank is noted, so that pages show who rose."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import partial
from itertools import groupby
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from progress.models import ArchivedWeek, Board, Standing
from rules.streaks import week_of
from timeline.database_outage import retry_lost_transactions

RowT = TypeVar("RowT", bound=Model)
CHUNK = 500
# The last zones in which a day ends: half a day after it ended in UTC.
LAST_ZONE = timedelta(hours=12)
# Of those who opted out: they have none, and are not looked at again.
NO_RANK = 0


def turn(now: datetime | None = None) -> None:
    """Close the weeks that are over everywhere, and note the ranks."""
    this_week = week_of(((now or timezone.now()) - LAST_ZONE).date())
    for board in Board:
        close_weeks(board, this_week)
        note_ranks(board)
    rank_archived(this_week)


def close_weeks(board: Board, this_week: date) -> None:
    """Keep what the weeks before this one came to: once each, whoever comes first (`ledger`)."""
    while retry_lost_transactions(lambda: _close_some(board, this_week)):
        pass


@transaction.atomic
def _close_some(board: Board, this_week: date) -> int:
    # Of one kind of board: who awards points holds at most one row of a kind, so nobody waits in a circle.
    rows = Standing.objects.filter(board=board, week__lt=this_week).select_for_update()
    places = list(rows.order_by("pk")[:CHUNK])
    ArchivedWeek.objects.bulk_create(
        (
            ArchivedWeek(
                board=place.board,
                board_id=place.board_id,
                user_id=place.user_id,
                week=place.week,
                points=place.weekly_points,
            )
            for place in places
            if place.weekly_points and place.week
        ),
        ignore_conflicts=True,
    )
    closed = [place.pk for place in places]
    Standing.objects.filter(pk__in=closed).update(week=this_week, weekly_points=0, weekly_rank=None)
    return len(places)


def rank_archived(this_week: date) -> None:
    """Give the rows of weeks that have ended everywhere their ranks, once."""
    unranked = ArchivedWeek.objects.filter(rank=None, week__lt=this_week)
    boards = list(unranked.order_by().values_list("board", "board_id", "week").distinct())
    for board, board_id, week in boards:
        rows = ArchivedWeek.objects.filter(board=board, board_id=board_id, week=week)
        shown = rows.filter(user__profile__on_boards=True, points__gt=0).order_by("-points", "pk")
        _write(ArchivedWeek, "rank", _ranks(shown.values_list("board_id", "points", "pk", "rank")))
        rows.filter(rank=None).update(rank=NO_RANK)


def note_ranks(board: Board) -> None:
    """Note the rank of everybody on the boards of a kind; only what has changed is written."""
    rows = Standing.objects.filter(board=board)
    total = rows.filter(hidden=False, total_points__gt=0).order_by("board_id", "-total_points", "pk")
    _write(Standing, "rank", _ranks(total.values_list("board_id", "total_points", "pk", "rank")))
    rows.exclude(hidden=False, total_points__gt=0).exclude(rank=None).update(rank=None)
    weekly = rows.filter(hidden=False, weekly_points__gt=0).order_by(
        "board_id", "week", "-weekly_points", "pk"
    )
    found = weekly.values_list("board_id", "week", "weekly_points", "pk", "weekly_rank")
    _write(
        Standing,
        "weekly_rank",
        _ranks(((board_id, week), *rest) for board_id, week, *rest in found.iterator()),
    )
    rows.exclude(hidden=False, weekly_points__gt=0).exclude(weekly_rank=None).update(weekly_rank=None)


def _ranks(rows: Iterable[tuple[Any, ...]]) -> dict[Any, int]:
    """Id → rank, of rows (ladder, points, id, rank until now) from the highest on, where it is another one."""
    changed = {}
    for _ladder, listed in groupby(rows, key=lambda row: row[0]):
        rank, last = 0, None
        for place, (_same, points, pk, before) in enumerate(listed, start=1):
            if points != last:
                rank, last = place, points
            if rank != before:
                changed[pk] = rank
    return changed


def _write(model: type[RowT], column: str, ranks: dict[Any, int]) -> None:
    listed = sorted(ranks)
    for start in range(0, len(listed), CHUNK):
        rows = [model(pk=pk, **{column: ranks[pk]}) for pk in listed[start : start + CHUNK]]
        retry_lost_transactions(partial(model._default_manager.bulk_update, rows, [column]))
