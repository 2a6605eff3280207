"""Which entries of the ledger count: all, but for those that a reset has balanced."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from progress.models import Board, PointEntry, RestorePoint
from progress.sources import RESET


def counted(entries: "QuerySet[PointEntry]", besides: RestorePoint | None = None) -> "QuerySet[PointEntry]":
    """Those of these entries that count on boards: not what a reset balanced, unless that was undone.

    The ids of one user's entries are in the order in which they were made, as each is made under the lock of the
    user's row. `besides`: as if this reset had not been.
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
