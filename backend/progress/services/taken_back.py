"""Awards that no longer stand: taken back by an opposite entry, or marked while a reset has taken them anyway.

What happens to an award while a reset stands leaves entries of nothing, its marks: by turns it was taken back and
stands again. An undo of the reset goes by the last of them.
"""

import re
from collections.abc import Collection, Sequence
from itertools import groupby
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
    """Let an award stand again that was taken back while a reset had taken it; whether there was such a one."""
    locked = locked_user(user.pk)
    entries = PointEntry.objects.filter(user=locked)
    given, marks = _given(entries.filter(key=key)), _marks(entries, key)
    if given is None or not len(marks) % 2 or marks[-1].amount or _is_settled(entries, marks[-1].key):
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
    """Take back from these (locked) users what could not be while a reset had taken it, and counts again by now."""
    marks = PointEntry.objects.filter(user__in=users, amount=0, key__contains=f":{UNDONE}")
    named = sorted(((mark.user_id, _award_of(mark.key)), mark.pk, mark.key) for mark in marks)
    for (user, award), found in groupby(named, key=lambda mark: mark[0]):
        keys = [key for _award, _pk, key in found]
        if len(keys) % 2:
            _take_back_late(user, award, keys[-1], cause)


def _take_back_late(user: UUID, award: str, mark: str, cause: Cause) -> None:
    entries = PointEntry.objects.filter(user=user)
    given = _given(counted(entries.filter(key=award)))
    if given is not None and not _is_settled(entries, mark):
        entry = _opposite(given, locked_user(user), _late(mark))
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


def _is_settled(entries: "QuerySet[PointEntry]", mark: str) -> bool:
    return entries.filter(key=_late(mark)).exists()


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
