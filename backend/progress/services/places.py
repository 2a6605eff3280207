"""Move a person's places on boards by what one entry of the ledger is worth, closing weeks that are over."""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, QuerySet, UUIDField

from progress.models import NOWHERE, ArchivedWeek, Board, PointEntry, Standing
from timeline.prepared import Columns, Prepared, Slot

PLACE = Columns(Standing)
# An entry counts on as many boards at most.
SLOTS = ("all", "server", "chronicle", "season")


def _places_to_lock() -> QuerySet[Standing, tuple[object, ...]]:
    boards: Any = [Slot(name, UUIDField()) for name in SLOTS]
    rows = Standing.objects.select_for_update().filter(user=Slot("user", UUIDField()), board_id__in=boards)
    return rows.values_list(*PLACE.paths)


_find_and_lock = Prepared(_places_to_lock)


def boards_of(entry: PointEntry) -> Iterator[tuple[Board, UUID]]:
    """The boards on which an entry counts."""
    yield Board.ALL, NOWHERE
    for board, board_id in (
        (Board.SERVER, entry.server_id),
        (Board.CHRONICLE, entry.chronicle_id),
        (Board.SEASON, entry.season_id),
    ):
        if board_id is not None:
            yield board, board_id


def move(entry: PointEntry, *, hidden: bool) -> None:
    """Move the person's places on all boards of the entry: in one statement where no week has to be closed."""
    boards = list(boards_of(entry))
    places = {(place.board, place.board_id): place for place in _locked(entry)}
    running = [places[board].pk for board in boards if board in places and places[board].week == entry.week]
    _add(entry.amount, running)
    for board, board_id in boards:
        place = places.get((board, board_id))
        if place is None:
            place = Standing(board=board, board_id=board_id, user=entry.user, hidden=hidden, week=entry.week)
        elif place.pk in running:
            continue
        _move_to_week(place, entry)


def _locked(entry: PointEntry) -> Iterator[Standing]:
    boards = {board.value: board_id for board, board_id in boards_of(entry)}
    # A board that the entry is not on stands for one that it is on: the statement is the same for all.
    asked = {name: boards.get(name, NOWHERE) for name in SLOTS}
    for row in _find_and_lock(user=entry.user_id, **asked):
        yield PLACE.read(iter(row))


def _add(points: int, places: Iterable[UUID]) -> None:
    """To the total and the week of (locked) places, in one statement, which the ORM would take longer to write."""
    key = Standing._meta.pk
    ids = [key.get_db_prep_value(pk, connection) for pk in places]
    if not ids:
        return
    added = "total_points = total_points + %s, weekly_points = weekly_points + %s"
    asked = ", ".join(["%s"] * len(ids))
    with connection.cursor() as cursor:
        sql = f"UPDATE {Standing._meta.db_table} SET {added} WHERE id IN ({asked})"  # noqa: S608  (names of our own)
        cursor.execute(sql, [points, points, *ids])


def _move_to_week(place: Standing, entry: PointEntry) -> None:
    if place.week is None or place.week < entry.week:
        archive(place)
        place.week, place.weekly_points = entry.week, 0
    place.total_points += entry.amount
    if place.week == entry.week:
        place.weekly_points += entry.amount
    else:
        _correct(place, entry)
    place.save()


def _correct(place: Standing, entry: PointEntry) -> None:
    """Of a week that is over: what is taken back, and what somebody earns who flew west on a Monday."""
    week = {"board": place.board, "board_id": place.board_id, "user_id": place.user_id, "week": entry.week}
    if not ArchivedWeek.objects.filter(**week).update(points=F("points") + entry.amount):
        ArchivedWeek.objects.create(points=entry.amount, **week)


def archive(place: Standing) -> None:
    """Keep what a week that is over came to, once."""
    if place.week is not None and place.weekly_points:
        ArchivedWeek.objects.update_or_create(
            board=place.board,
            board_id=place.board_id,
            user_id=place.user_id,
            week=place.week,
            defaults={"points": place.weekly_points},
        )
