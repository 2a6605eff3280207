"""What a player has earned, as they see it themselves: points with their reasons, streak, level, the last weeks."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import cast
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from contract import points as shapes
from contract.base import Named
from contract.notices import read
from discordauth.models import CustomUser
from progress.counting import counted
from progress.honours import given_to
from progress.models import NOWHERE, Board, PointEntry, Standing
from progress.selectors.boards import SHOWN
from progress.selectors.ladder import Ladder
from progress.services.profiles import home_of, profile_of
from progress.services.streaks import streak_of
from progress.sources import RESET_LABEL, SOURCES
from rules import streaks
from rules.levels import level_of, points_for
from rules.streaks import DAY

WEEKS = 12
RECENT = 5


def entries(user: CustomUser) -> "QuerySet[PointEntry]":
    """One's own, the newest first; those of nothing say nothing to anybody."""
    rows = PointEntry.objects.filter(user=user).exclude(amount=0).select_related("server", "chronicle")
    return rows.order_by("-pk")


def listed(user: CustomUser, before: UUID | None, limit: int) -> shapes.Points:
    rows = entries(user)
    page = list((rows if before is None else rows.filter(pk__lt=before))[: limit + 1])
    shown = page[:limit]
    return shapes.Points(
        total=user.total_points,
        results=[shown_entry(entry) for entry in shown],
        next=shown[-1].pk if len(page) > limit else None,
        url=f"{settings.SITE_URL}/progress/points/",
    )


def shown_entry(entry: PointEntry) -> shapes.PointEntry:
    source = SOURCES.get(entry.source)
    place = entry.chronicle or entry.server
    return shapes.PointEntry(
        id=entry.pk,
        amount=entry.amount,
        source=entry.source,
        label=source.label if source else RESET_LABEL,
        reason=read(entry.reason),
        place=place.name if place else "",
        day=entry.day,
        at=entry.created_at,
    )


def progress_of(user: CustomUser, now: datetime | None = None) -> shapes.Progress:
    now = now or timezone.now()
    profile = profile_of(user)
    weeks = weeks_of(user, streaks.week_of(streaks.day_of(now, user.zone)))
    home = home_of(user)
    return shapes.Progress(
        user=user.as_person(),
        public_id=profile.public_id,
        home=Named(id=home.pk, name=home.name) if home else None,
        points=user.total_points,
        week_points=weeks[-1].points,
        rank=_rank(user),
        level=shown_level(user.total_points),
        streak=shown_streak(user, now),
        timezone=user.timezone,
        questions=user.total_questions_attempted,
        on_boards=profile.on_boards,
        weeks=weeks,
        badges=given_to(user),
        recent=[shown_entry(entry) for entry in entries(user)[:RECENT]],
        url=f"{settings.SITE_URL}/progress/",
    )


def _rank(user: CustomUser) -> int | None:
    """Among everybody who is on boards, oneself or not."""
    if user.total_points < 1:
        return None
    everywhere = Q(board=Board.ALL, board_id=NOWHERE)
    return Ladder(Standing.objects.all(), everywhere & SHOWN, "total_points").rank_of(user.total_points)


def weeks_of(user: CustomUser, week: date) -> list[shapes.WeekPoints]:
    """The points of this and the last weeks, each from its Monday on, the oldest first; as boards count them."""
    mondays = [week - 7 * number * DAY for number in range(WEEKS)][::-1]
    rows = counted(PointEntry.objects.filter(user=user, week__gte=mondays[0])).order_by()
    sums = dict(cast("Iterable[tuple[date, int]]", rows.values_list("week").annotate(sum=Sum("amount"))))
    return [shapes.WeekPoints(week=monday, points=sums.get(monday, 0)) for monday in mondays]


def shown_level(points: int) -> shapes.Level:
    level = level_of(points)
    return shapes.Level(level=level, begins=points_for(level), next=points_for(level + 1))


def shown_streak(user: CustomUser, now: datetime) -> shapes.Streak:
    streak, today = streak_of(user), streaks.day_of(now, user.zone)
    return shapes.Streak(
        current=streaks.current_at(streak, now, user.zone),
        longest=streak.longest,
        last=streak.last,
        today=streak.last is not None and streak.last >= today,
        forgives=streak.skip_week != streaks.week_of(today),
    )
