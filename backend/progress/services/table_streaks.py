"""Streaks of a table: worked out again from its sessions whenever one ends or a tick changes, so corrections count."""

from bisect import bisect_left
from collections.abc import Collection, Iterator
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from chronicle import rights
from chronicle.models import Attendance, Chronicle, Episode
from chronicle.principal import Principal
from chronicle.services.schedules import schedule_of
from progress.models import TableStreak
from rules.table_streak import Session, table_streak

MOST = 100
State, Status = Attendance.State, Episode.Status


def recompute(chronicle: Chronicle, users: Collection[UUID]) -> None:
    """Work out the streaks of these people in a (locked) chronicle, in a constant number of queries."""
    played = _played(chronicle)
    ticks = Attendance.objects.filter(episode__chronicle=chronicle, user_id__in=users).exclude(state="")
    states = {(row.user_id, row.episode_id): row.state for row in ticks}
    known = {row.user_id: row for row in TableStreak.objects.filter(chronicle=chronicle, user_id__in=users)}
    rows = [known.get(user) or TableStreak(chronicle=chronicle, user_id=user) for user in sorted(users)]
    for row in rows:
        streak = table_streak(_sessions_of(row.user_id, played, states))
        row.current, row.longest, row.grace = streak.current, streak.longest, streak.grace
        row.last_episode = played[-1][0] if played else None
    TableStreak.objects.bulk_create([row for row in rows if row.user_id not in known])
    TableStreak.objects.bulk_update(known.values(), ["current", "longest", "grace", "last_episode"])


def streaks_for(principal: Principal, chronicle: Chronicle) -> list[TableStreak]:
    """Return the streaks that this person may see, the longest running first: all for storytellers, else their own."""
    rows = TableStreak.objects.filter(chronicle=chronicle, longest__gt=0).select_related("user")
    if not rights.can(principal, "chronicle.characters", chronicle):
        rows = rows.filter(user_id=principal.id)
    return list(rows.order_by("-current", "-longest", "user_id")[:MOST])


def attended(chronicle: Chronicle) -> set[UUID]:
    """Return everybody who was ticked in a session of the chronicle."""
    rows = Attendance.objects.filter(episode__chronicle=chronicle).exclude(state="")
    return set(rows.values_list("user_id", flat=True))


Played = tuple[UUID, date, int | None, int]


def _played(chronicle: Chronicle) -> list[Played]:
    """Id, day, weeks of the rhythm, and how many were called off before it: of each session that is over, in order."""
    schedule = schedule_of(chronicle)
    zone = schedule.zone if schedule else ZoneInfo("UTC")
    rows = Episode.objects.filter(chronicle=chronicle).order_by("planned_for", "id")
    cancelled = list(rows.filter(status=Status.CANCELLED).values_list("planned_for", flat=True))
    played: list[Played] = []
    before: datetime | None = None
    for pk, begins, weeks in rows.filter(status=Status.DONE).values_list("pk", "planned_for", "weeks"):
        first = bisect_left(cancelled, before) if before else 0
        called_off = bisect_left(cancelled, begins) - first
        played.append((pk, begins.astimezone(zone).date(), weeks, called_off))
        before = begins
    return played


def _sessions_of(
    user: UUID, played: Collection[Played], states: dict[tuple[UUID, UUID], str]
) -> Iterator[Session]:
    for pk, day, weeks, called_off in played:
        state = states.get((user, pk))
        yield Session(day, state == State.CAME, state == State.EXCUSED, weeks, called_off)
