"""Awards for what counts once, however often somebody wins it: a badge, an exam passed.

It can be won again after a reset. When that is undone, what was won before counts again and the later award goes.
"""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import transaction

from discordauth.models import CustomUser
from progress.counting import counted
from progress.models import PointEntry
from progress.services import ledger
from progress.services.earners import locked_user
from progress.services.taken_back import standing, take_back
from rules.notices import Notice
from timeline.services import Cause

# The second award for a thing, and each after it, has its number behind this sign.
AGAIN = "#"


@transaction.atomic(savepoint=False)
def award_once(
    user: CustomUser, amount: int, source: str, reason: Notice, thing: str, cause: Cause, **place: Any
) -> PointEntry | None:
    """As `ledger.award`; nothing where an award for this thing counts already."""
    locked_user(user.pk)
    awards = _awards(user, thing)
    if any(is_counted for is_counted in awards.values()):
        return None
    key = f"{thing}{AGAIN}{len(awards) + 1}" if awards else thing
    return ledger.award(user, amount, source, reason, key, cause, **place)


def keep_one(users: Collection[UUID], cause: Cause) -> None:
    """Of the awards of these users for the same thing let the first one that counts stand."""
    rows = PointEntry.objects.filter(user__in=users, key__contains=AGAIN).order_by("pk")
    things = {(row.user_id, row.key.partition(AGAIN)[0]): row.user for row in rows.select_related("user")}
    for (_id, thing), user in things.items():
        counting = [key for key, is_counted in _awards(user, thing).items() if is_counted]
        for key in counting[1:]:
            take_back(user, key, cause)


def _awards(user: CustomUser, thing: str) -> dict[str, bool]:
    """The awards for a thing, and whether each counts: it stands, and no reset has taken it."""
    awards = {
        key: stands
        for key, stands in standing(user, thing).items()
        if key == thing or key.startswith(thing + AGAIN)
    }
    rows = counted(PointEntry.objects.filter(user=user, key__in=awards))
    counting = set(rows.values_list("key", flat=True))
    return {key: stands and key in counting for key, stands in awards.items()}
