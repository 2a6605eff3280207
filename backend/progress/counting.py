"""Which entries of the ledger count: all, but for those that a reset has balanced."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from discordauth.models import CustomUser
from progress.models import Board, PointEntry, RestorePoint
from progress.sources import RESET


def counted(entries: "QuerySet[PointEntry]", besides: RestorePoint | None = None) -> "QuerySet[PointEntry]":
    """Those of these entries that count on boards: not what a reset balanced, unless that was undone.

    The ids of one user's entries are in the order in which they were made (`put_last`). `besides`: as if this reset
    had not been.
    """
    covers = Q(reset__scope=Board.ALL)
    for board in (Board.SERVER, Board.CHRONICLE, Board.SEASON):
        covers |= Q(reset__scope=board, reset__scope_id=OuterRef(f"{board}_id"))
    balances = PointEntry.objects.filter(
        covers, user=OuterRef("user"), source=RESET, id__gt=OuterRef("id"), reset__undone_at=None
    )
    if besides is not None:
        balances = balances.exclude(reset=besides)
    return entries.exclude(source=RESET).exclude(Exists(balances))


def put_last(entries: Sequence[PointEntry]) -> None:
    """Let these new entries, one each of users whose rows are locked, come after all others of their user.

    Ids are made of the time, which two machines see differently, and a clock may be set back.
    """
    newest = PointEntry.objects.filter(user=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    users = CustomUser.objects.filter(pk__in=[entry.user_id for entry in entries])
    last = dict(users.values_list("pk", Subquery(newest)))
    for entry in entries:
        entry.pk = after(last[entry.user_id], entry.pk)


def after(newest: UUID | None, new: UUID) -> UUID:
    """The id of a new entry, or the next one after their newest where it would not come after that."""
    return new if newest is None or new > newest else UUID(int=newest.int + 1)
