"""The undo of a reset: brings back what its restore point kept, and keeps what was earned since."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from discordauth.models import CustomUser
from progress.models import ArchivedWeek, Board, RestorePoint, Standing
from progress.services import balances, once, reset_notices, restore_points, taken_back
from progress.services.reset_boards import EMPTY
from progress.services.reset_run import Report, lock, write
from progress.services.reset_users import ZEROED, set_levels
from progress.services.restore_points import BOARDS, DELETED, USERS, Row, bring_back, kept
from progress.services.scopes import Scope
from progress.services.streaks import COLUMNS, streak_of
from rules import streaks
from rules.errors import NotFound
from timeline.services import Cause

SYSTEM = Cause(actor=None, door="system")
BONUS = "last_daily_login_bonus_date"


@dataclass(frozen=True)
class Undone:
    """`counts`: rows by step of the reset."""

    counts: dict[str, int]
    point: RestorePoint


def undo(point_id: UUID, cause: Cause, report: Report | None = None) -> Undone:
    """Undo a reset (`restore_points.to_undo`). Raises Conflict."""
    report = report or Report()
    with transaction.atomic():
        point = restore_points.take(point_id)
        for rows in kept(point, USERS):
            lock([row["user_id"] for row in rows])
        counts = {model._meta.db_table: _step(point, model._meta.db_table, report) for model in DELETED}
        del counts["attempts"]
        counts["users"] = _step(point, USERS, report)
        _balance_back(point)
        counts["leaderboard_entries"] = _step(point, BOARDS, report)
        for entries in balances.of(point):
            users = [entry.user_id for entry in entries]
            taken_back.after_undo(users, SYSTEM)
            once.keep_one(users, SYSTEM)
        scope = _scope(point)
        reset_notices.after_undo(scope)
        reset_notices.record_event(scope, cause, undone=True)
        report.committing()
    return Undone(counts, point)


def _step(point: RestorePoint, table: str, report: Report) -> int:
    """Bring back what one table lost, chunk by chunk."""
    models = {model._meta.db_table: model for model in DELETED}
    report.started(table, restore_points.count(point, table))
    done = 0
    for rows in kept(point, table):
        if table in models:
            done += bring_back(models[table], rows)
        else:
            done += _users(rows) if table == USERS else _places(rows)
        report.moved(table, done)
    report.finished(table, done)
    return done


def _scope(point: RestorePoint) -> Scope:
    """What was reset; without a name if it is gone."""
    try:
        return Scope.of(point.scope, point.scope_id)
    except NotFound:
        return Scope(Board(point.scope), point.scope_id)


def _locked(ids: Iterable[Any]) -> dict[UUID, CustomUser]:
    """Those of these users who still have an account, with their rows locked."""
    users = CustomUser.objects.filter(pk__in=ids, erased_at=None)
    lock(users.values_list("pk", flat=True))
    return {user.pk: user for user in users.only("timezone", *ZEROED)}


def _users(rows: Sequence[Row]) -> int:
    users = _locked([row["user_id"] for row in rows])
    for row in rows:
        if user := users.get(UUID(row["user_id"])):
            _give_back(user, row)
    write(users.values(), *ZEROED)
    set_levels(users.values())
    return len(users)


def _give_back(user: CustomUser, row: Row) -> None:
    user.total_points += row["points"]
    user.total_questions_attempted += row["questions"]
    if BONUS not in row:  # only a reset of everything takes streaks
        return
    days = {
        name: _day(row[column]) for column, name in COLUMNS.items() if column.startswith(("last", "grace"))
    }
    earlier = streaks.Streak(row["current_streak"], row["longest_streak"], **days)
    both = streaks.joined(earlier, streak_of(user), user.zone)
    for column, name in COLUMNS.items():
        setattr(user, column, getattr(both, name))
    user.last_daily_login_bonus_date = max(
        filter(None, (_day(row[BONUS]), user.last_daily_login_bonus_date)), default=None
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _balance_back(point: RestorePoint) -> None:
    for entries in balances.of(point):
        users = _locked([entry.user_id for entry in entries])
        balances.balance_back(point, [entry for entry in entries if entry.user_id in users], users)


def _places(rows: Sequence[Row]) -> int:
    """Give places on boards back what they lost; what counted in a week that is over by now goes where it ended."""
    places = Standing.objects.select_for_update().filter(pk__in=[row["id"] for row in rows]).order_by("pk")
    found = {str(place.pk): place for place in places}
    for row in rows:
        if place := found.get(row["id"]):
            place.total_points += row["total"]
            if place.week == _day(row["week"]):
                place.weekly_points += row["weekly"]
            elif row["weekly"]:
                _into_archive(place, row)
            if place.rank is None:
                place.rank = row["rank"]
            if place.weekly_rank is None and place.week == _day(row["week"]):
                place.weekly_rank = row["weekly_rank"]
    write(found.values(), *EMPTY)
    return len(found)


def _into_archive(place: Standing, row: Row) -> None:
    names = {
        "board": place.board,
        "board_id": place.board_id,
        "user_id": place.user_id,
        "week": _day(row["week"]),
    }
    kept_week, _new = ArchivedWeek.objects.get_or_create(**names, defaults={"points": 0})
    kept_week.points += row["weekly"]
    kept_week.save(update_fields=["points"])
