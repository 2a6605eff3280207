"""The reset of progress: one operation, one transaction. What it takes away can be kept in a restore point (`undo`).

It deletes practice sessions with their answers, sat exams and badges; zeroes what users have earned, and boards. The
ledger stays and gets a balance for each user (`balances`), levels follow. All else stays: accounts, profiles, archived
weeks, certificates, attendance, sessions, schedules, supporter tiers and pledges, logs.

A reset of one server, chronicle or season takes away what was earned there alone, and subtracts it elsewhere.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from discordauth.models import CustomUser
from progress.models import (
    NOWHERE,
    Attempt,
    Board,
    PlayerProfile,
    PointEntry,
    PracticeSession,
    RestorePoint,
    Standing,
)
from progress.services import reset_notices, restore_points
from progress.services.balances import balance, counted, sums
from progress.services.restore_points import BOARDS, CHUNK, USERS, Keeper, Row, chunks
from progress.services.scopes import Scope
from rules.levels import level_of
from timeline.services import Cause

# An exam or a badge is a row; a drill has its answers too.
DRILLS = 100
# So many rows with values of their own are written by one statement.
DIFFERENT = 200

# The columns of a user that are zeroed (S001-05…12), with what is left in them. Points and questions are counted, the
# others are kept as they are.
ZEROED: dict[str, int | None] = {
    "total_points": 0,
    "total_questions_attempted": 0,
    "current_streak": 0,
    "longest_streak": 0,
    "last_practice_date": None,
    "last_grace_skip_date": None,
    "grace_skip_week_start": None,
    "last_daily_login_bonus_date": None,
}
STREAKS = tuple(ZEROED)[2:]
EMPTY: dict[str, int | None] = {"total_points": 0, "weekly_points": 0, "rank": None, "weekly_rank": None}


class Report:
    """What somebody who waits is shown of a reset; nothing, unless a subclass shows it."""

    def started(self, step: str, total: int) -> None:
        """`total`: so many rows at most."""

    def moved(self, step: str, done: int) -> None: ...

    def finished(self, step: str, count: int) -> None: ...

    def committing(self) -> None: ...


@dataclass(frozen=True)
class Reset:
    """What was done. `counts`: rows by step. `point` is none after a dry run."""

    counts: dict[str, int]
    point: RestorePoint | None = None

    @property
    def undo_until(self) -> datetime | None:
        return self.point.expires_at if self.point and self.point.summary["kept"] else None


@dataclass
class Run:
    """A reset under way. Without a point it is a dry run: it reads the same rows, and writes none."""

    scope: Scope
    point: RestorePoint | None
    keeper: Keeper | None
    # Questions that somebody answered in drills of one place, which are no longer among theirs.
    answered: Counter[UUID] = field(default_factory=Counter)


def reset(
    scope: Scope,
    cause: Cause,
    *,
    after: UUID,
    dry_run: bool = False,
    keep: bool = True,
    report: Report | None = None,
) -> Reset:
    """Reset the progress in this scope. `after`: the last reset that the caller knows (`restore_points.last_id`).

    `keep`: what is taken away, so that it can be undone. Raises Conflict (`reset_running`).
    """
    report = report or Report()
    if dry_run:
        return Reset(_steps(Run(scope, None, None), report))
    with transaction.atomic():
        point = _point(scope, cause, keep)
        restore_points.begin(after, point)
        with reset_notices.about(scope):
            counts = _steps(Run(scope, point, Keeper(point, keep)), report)
        point.summary = {**counts, "kept": keep}
        point.save(update_fields=["summary"])
        reset_notices.record_event(scope, cause)
        report.committing()
    return Reset(counts, point)


def _point(scope: Scope, cause: Cause, keep: bool) -> RestorePoint:
    now = timezone.now()
    until = now + timedelta(days=settings.RESET_UNDO_DAYS if keep else 0)
    return RestorePoint(
        made_by=cause.actor, scope=scope.kind, scope_id=scope.id, made_at=now, expires_at=until
    )


def _steps(run: Run, report: Report) -> dict[str, int]:
    counts = {}
    for step in STEPS:
        report.started(step.slug, step.rows(run.scope))
        done = 0
        for count in step.work(run):
            done += count
            report.moved(step.slug, done)
        counts[step.slug] = done
        report.finished(step.slug, done)
    return counts


def _drills(run: Run) -> Iterator[int]:
    for ids in _ids(run.scope.sessions(), DRILLS):
        rows, attempts = PracticeSession.objects.filter(pk__in=ids), Attempt.objects.filter(session__in=ids)
        if run.keeper:
            # Nobody answers in them any more: an answer waits, and then finds its drill gone.
            list(rows.select_for_update().order_by("pk").values_list("pk", flat=True))
            run.keeper.keep_rows(rows)
            run.keeper.keep_rows(attempts, "session__user_id")
        if not run.scope.is_all:
            answered = attempts.exclude(answered_at=None).order_by().values_list("session__user")
            run.answered.update(dict(answered.annotate(count=Count("pk"))))
        # The answers go by Django's cascade.
        yield rows.delete()[1].get(PracticeSession._meta.label, 0) if run.keeper else len(ids)


def _deleted(rows: Callable[[Scope], "QuerySet[Any]"]) -> Callable[[Run], Iterator[int]]:
    def work(run: Run) -> Iterator[int]:
        for ids in _ids(rows(run.scope)):
            found = rows(run.scope).model._default_manager.filter(pk__in=ids)
            if run.keeper:
                list(found.select_for_update().order_by("pk").values_list("pk", flat=True))
                run.keeper.keep_rows(found)
                found.delete()
            yield len(ids)

    return work


def _users(run: Run) -> Iterator[int]:
    for ids in _people(run):
        yield _reset_users(run, ids)


def _people(run: Run) -> Iterator[list[UUID]]:
    """Everybody, or those who have earned something in the scope."""
    if run.scope.is_all:
        yield from _ids(CustomUser.objects.all())
    else:
        earned = run.scope.entries().order_by().values_list("user", flat=True).distinct()
        yield from chunks(sorted({*earned.iterator(CHUNK), *run.answered}))


def _reset_users(run: Run, ids: Sequence[UUID]) -> int:
    users = CustomUser.objects.filter(pk__in=ids).order_by("pk").only("timezone", *ZEROED)
    people = list(users.select_for_update() if run.keeper else users)
    earned = sums(counted(run.scope.entries()), ids)
    losses = [(user, loss) for user in people if (loss := _loss(run, user, earned.get(user.pk, 0)))]
    if run.keeper and run.point:
        run.keeper.keep(USERS, (loss for _user, loss in losses))
        balance(run.point, run.scope, _balances(run.scope, people, earned))
        _take(run.scope, losses)
    return len(losses)


def _loss(run: Run, user: CustomUser, earned: int) -> Row:
    """What a user loses, as it is kept; nothing if there is nothing to lose. Only *all* takes streaks."""
    if not run.scope.is_all:
        questions = min(run.answered[user.pk], user.total_questions_attempted)
        return {"user_id": user.pk, "points": earned, "questions": questions} if earned or questions else {}
    if all(getattr(user, name) == nothing for name, nothing in ZEROED.items()):
        return {}
    totals = {"points": user.total_points, "questions": user.total_questions_attempted}
    return {"user_id": user.pk, **totals, **{name: getattr(user, name) for name in STREAKS}}


def _balances(
    scope: Scope, people: Sequence[CustomUser], earned: Mapping[UUID, int]
) -> dict[CustomUser, int]:
    if not scope.is_all:
        return {user: -earned[user.pk] for user in people if user.pk in earned}
    # What other resets left in the sum counts too: afterwards it is nothing.
    held = sums(PointEntry.objects.all(), [user.pk for user in people])
    return {user: -held[user.pk] for user in people if user.pk in earned or held.get(user.pk)}


def _take(scope: Scope, losses: Sequence[tuple[CustomUser, Row]]) -> None:
    users = [user for user, _loss in losses]
    for user, loss in losses:
        user.total_points -= loss["points"]
        user.total_questions_attempted -= loss["questions"]
    if scope.is_all:
        CustomUser.objects.filter(pk__in=[user.pk for user in users]).update(**ZEROED)
    else:
        CustomUser.objects.bulk_update(users, ["total_points", "total_questions_attempted"], DIFFERENT)
    set_levels(users)


def set_levels(users: Iterable[CustomUser]) -> None:
    """Let the levels of these users follow their points."""
    level = {user.pk: level_of(user.total_points) for user in users}
    profiles = list(PlayerProfile.objects.filter(user__in=level))
    changed = [profile for profile in profiles if profile.level != level[profile.user_id]]
    for profile in changed:
        profile.level = level[profile.user_id]
    PlayerProfile.objects.bulk_update(changed, ["level"], DIFFERENT)


def _boards(run: Run) -> Iterator[int]:
    """Zero the boards of the scope; rows stay. From other boards subtract what was earned in it."""
    for ids in _ids(_standing(run.scope)):
        yield _zero(run, ids) if run.keeper else len(ids)
    if not run.scope.is_all:
        for ids in _people(run):
            yield _subtract(run, ids)


def _standing(scope: Scope) -> "QuerySet[Standing]":
    """Places on boards of the scope that are not empty yet."""
    nothing = ~Q(total_points=0) | ~Q(weekly_points=0) | Q(rank__isnull=False) | Q(weekly_rank__isnull=False)
    return Standing.objects.filter(scope.boards(), nothing)


def _zero(run: Run, ids: Sequence[UUID]) -> int:
    places = Standing.objects.filter(pk__in=ids)
    holders = set(places.values_list("user", flat=True))
    _lock(holders)
    # Who earned their first points since the users were reset keeps them.
    since = counted(run.scope.entries()).filter(user__in=holders).values_list("user", flat=True).distinct()
    rows = list(places.exclude(user__in=set(since)).select_for_update().order_by("pk"))
    _keep(run, [(place, place.total_points, place.weekly_points) for place in rows])
    return Standing.objects.filter(pk__in=[place.pk for place in rows]).update(**EMPTY)


def _lock(users: Iterable[UUID]) -> None:
    """Lock the rows of users, which orders all that happens to their points."""
    list(
        CustomUser.objects.select_for_update()
        .filter(pk__in=users)
        .order_by("pk")
        .values_list("pk", flat=True)
    )


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
        Standing.objects.bulk_update([place for place, *_ in changes], [*EMPTY], DIFFERENT)
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


def _ids(rows: "QuerySet[Any]", size: int = CHUNK) -> Iterator[list[UUID]]:
    """The ids of rows, some at a time, in their order: rows may go meanwhile."""
    ids = rows.order_by("pk").values_list("pk", flat=True)
    found = list(ids[:size])
    while found:
        yield found
        found = list(ids.filter(pk__gt=found[-1])[:size])


def _count_people(scope: Scope) -> int:
    if scope.is_all:
        return CustomUser.objects.count()
    return scope.entries().order_by().values("user").distinct().count()


@dataclass(frozen=True)
class Step:
    """`rows`: at most so many does it go through, for a progress bar."""

    slug: str
    rows: Callable[[Scope], int]
    work: Callable[[Run], Iterator[int]]


STEPS = (
    Step("practice_sessions", lambda scope: scope.sessions().count(), _drills),
    Step("paper_attempts", lambda scope: scope.paper_attempts().count(), _deleted(Scope.paper_attempts)),
    Step("rewards", lambda scope: scope.rewards().count(), _deleted(Scope.rewards)),
    Step("users", _count_people, _users),
    Step("leaderboard_entries", lambda scope: _standing(scope).count(), _boards),
)
