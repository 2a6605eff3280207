"""Awards that no longer stand: taken back by an opposite entry, or marked while a reset has taken them anyway.

What happens to an award while a reset stands leaves entries of nothing, its marks: by turns it was taken back and
stands again. An undo of the reset goes by the last of them.
"""

import re
from collections.abc import Collection, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from discordauth.models import CustomUser
from progress.counting import after, counted
from progress.models import PointEntry
from progress.services import ledger
from progress.services.earners import Earner, earner_of, locked_user
from rules.notices import notice
from timeline.prepared import insert
from timeline.services import Cause

UNDONE = "undone"
MARK = re.compile(rf"(?P<award>.+):{UNDONE}(:\d+)?")


@transaction.atomic(savepoint=False)
def take_back(user: CustomUser, key: str, cause: Cause) -> PointEntry | None:
    """Take an award back, as of a roll that was undone: append the opposite entry. None where there is none to take.

    What a reset has taken already is marked: if that is undone, it is taken back then (`after_undo`).
    """
    locked = locked_user(user.pk)
    entries = PointEntry.objects.filter(user=locked)
    given, marks = _given(entries.filter(key=key)), _marks(entries, key)
    if given is None or len(marks) % 2:
        return None
    entry = _opposite(given, locked, _mark(key, len(marks) + 1))
    if not counted(entries.filter(pk=given.pk)).exists():
        _append_mark(entry)
        return None
    ledger.enter(entry, _earner(entry), cause)
    user.total_points = locked.total_points
    return entry


@transaction.atomic(savepoint=False)
def let_stand(user: CustomUser, key: str) -> bool:
    """Let an award stand again that was taken back, while a reset has taken it; whether there was such a one."""
    locked = locked_user(user.pk)
    entries = PointEntry.objects.filter(user=locked)
    given, marks = _given(entries.filter(key=key)), _marks(entries, key)
    if given is None or not len(marks) % 2 or counted(entries.filter(pk=given.pk)).exists():
        return False
    _append_mark(_opposite(given, locked, _mark(key, len(marks) + 1)))
    return True


def standing(user: CustomUser, start: str) -> dict[str, bool]:
    """The awards whose keys begin so, in their order, and whether each stands."""
    keys = PointEntry.objects.filter(user=user, key__startswith=start).order_by("pk")
    found: dict[str, bool] = {}
    for key in keys.values_list("key", flat=True):
        mark = MARK.fullmatch(key)
        found[mark["award"] if mark else key] = not (mark and found.get(mark["award"], True))
    return found


def after_undo(users: Collection[UUID], cause: Cause) -> None:
    """Of these (locked) users take back, or give again, what could not be while a reset had taken it, and counts."""
    marks = PointEntry.objects.filter(user__in=users, amount=0, key__contains=f":{UNDONE}")
    for user, award in sorted({(mark.user_id, _award_of(mark.key)) for mark in marks}):
        _settle_late(user, award, cause)


def _settle_late(user: UUID, award: str, cause: Cause) -> None:
    """Enter what an award lacks, or has too much, after what became of it in the end."""
    entries = PointEntry.objects.filter(user=user)
    given, marks = _given(counted(entries.filter(key=award))), _marks(entries, award)
    if given is None:
        return
    late = _late(_mark(award, 1))
    entered = entries.filter(Q(key=late) | Q(key__startswith=f"{late}:")).values_list("amount", flat=True)
    has = given.amount + sum(mark.amount for mark in marks) + sum(entered)
    lacks = (0 if len(marks) % 2 else given.amount) - has
    if lacks:
        entry = _opposite(given, locked_user(user), _late(marks[-1].key))
        entry.amount = lacks
        if lacks > 0:
            entry.reason = given.reason
        ledger.enter(entry, _earner(entry), cause)


def _award_of(key: str) -> str:
    mark = MARK.fullmatch(key)
    return mark["award"] if mark else key


def _given(rows: "QuerySet[PointEntry]") -> PointEntry | None:
    return rows.select_related("server", "chronicle__server", "season").first()


def _marks(entries: "QuerySet[PointEntry]", key: str) -> Sequence[PointEntry]:
    """What took an award back, or let it stand again, in its order."""
    marks = entries.filter(Q(key=_mark(key, 1)) | Q(key__startswith=f"{_mark(key, 1)}:"))
    return list(marks.order_by("pk"))


def _mark(key: str, number: int) -> str:
    return f"{key}:{UNDONE}" if number == 1 else f"{key}:{UNDONE}:{number}"


def _late(mark: str) -> str:
    return f"again:{mark}"


def _append_mark(entry: PointEntry) -> None:
    entry.amount = 0
    entry.pk = after(_earner(entry).newest, entry.pk)
    insert(entry)


def _earner(entry: PointEntry) -> Earner:
    return earner_of(entry.user, entry.key, entry.source, entry.day)


def _opposite(given: PointEntry, user: CustomUser, key: str) -> PointEntry:
    return PointEntry(
        user=user,
        amount=-given.amount,
        source=given.source,
        reason=notice("points_taken_back").as_json(),
        key=key,
        server=given.server,
        chronicle=given.chronicle,
        season=given.season,
        day=given.day,
        week=given.week,
        created_at=timezone.now(),
    )
