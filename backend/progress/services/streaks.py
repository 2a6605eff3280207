"""The daily streak and the daily bonus, as they stand on a user. How days count, `rules.streaks` says."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from discordauth.models import CustomUser
from progress.models import ProfileChange
from progress.services import ledger
from progress.services.earners import locked_user
from rules import streaks
from rules.notices import notice
from rules.streaks import Streak
from timeline.services import Cause

BONUS = 5
# A change of the time zone moves the streak with it once in so long: nobody keeps a streak by changing zones.
MOVES_EVERY = timedelta(days=7)
# Of a user → of a streak.
COLUMNS = {
    "current_streak": "current",
    "longest_streak": "longest",
    "last_practice_date": "last",
    "last_grace_skip_date": "last_skip",
    "grace_skip_week_start": "skip_week",
}


def streak_of(user: CustomUser) -> Streak:
    return Streak(**{name: getattr(user, column) for column, name in COLUMNS.items()})


def current(user: CustomUser, now: datetime) -> int:
    """How long the streak is by now; 0 where it is over, although the column still has its last length."""
    return streaks.current_at(streak_of(user), now, user.zone)


@transaction.atomic(savepoint=False)
def practised(user: CustomUser, now: datetime, cause: Cause | None = None) -> Streak:
    """Count a practice towards the daily streak, and give the daily bonus. Call it after locks of your own."""
    locked = locked_user(user.pk)
    before = streak_of(locked)
    after = streaks.practised(before, now, locked.zone)
    if after != before:
        _save(locked, after)
    _give_bonus(locked, now, cause or Cause(user, "system"))
    _copy(locked, user)
    return after


@transaction.atomic
def logged_in(user: CustomUser, now: datetime, cause: Cause | None = None) -> bool:
    """Give the daily bonus, at most once a day of the user's own; whether it was given."""
    locked = locked_user(user.pk)
    given = _give_bonus(locked, now, cause or Cause(user, "system"))
    _copy(locked, user)
    return given


def zone_changed(user: CustomUser, now: datetime, before: ZoneInfo) -> None:
    """Let the days of this (locked) user go on in the new zone: what was done today stays done today.

    Call it before the change is noted: only the first in seven days does anything.
    """
    lately = ProfileChange.objects.filter(user=user, at__gt=now - MOVES_EVERY)
    if any("timezone" in change.changes for change in lately):
        return
    days = {name: getattr(user, name) for name in ("last_practice_date", "last_daily_login_bonus_date")}
    for name, day in days.items():
        setattr(user, name, streaks.moved(day, now, before, user.zone))
    user.save(update_fields=list(days))


def _give_bonus(user: CustomUser, now: datetime, cause: Cause) -> bool:
    today = streaks.day_of(now, user.zone)
    last = user.last_daily_login_bonus_date
    if last is not None and today <= last:
        return False
    user.last_daily_login_bonus_date = today
    user.save(update_fields=["last_daily_login_bonus_date"])
    reason = notice("points_login", streak=user.longest_streak)
    return ledger.award(user, BONUS, "login", reason, f"login:{today}", cause, now=now) is not None


def _save(user: CustomUser, streak: Streak) -> None:
    for column, name in COLUMNS.items():
        setattr(user, column, getattr(streak, name))
    user.save(update_fields=list(COLUMNS))


def _copy(locked: CustomUser, user: CustomUser) -> None:
    for name in (*COLUMNS, "last_daily_login_bonus_date", "total_points"):
        setattr(user, name, getattr(locked, name))
