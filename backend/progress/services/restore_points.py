"""Restore points: what a reset takes away, kept in chunks of rows as JSON, until it can no longer be undone.

Each kept row names its person as `user_id`, so that nothing of somebody whose account goes is brought back.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID, uuid5

from django.conf import settings
from django.db import DatabaseError, IntegrityError, reset_queries
from django.db.models import ForeignKey, Model, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from contract.translation import N_, _
from discordauth.models import CustomUser
from progress.models import NOWHERE, Attempt, KeptRows, PaperAttempt, PracticeSession, RestorePoint, Reward
from rules.errors import Conflict
from timeline.database_outage import is_repeatable

T = TypeVar("T")
Row = dict[str, Any]
CHUNK = 500
BUSY = N_(
    "Another reset, or its undo, is running or has just ended. Look at what it did before you try again."
)
NO_POINT = N_("There’s no reset to undo.")
UNDONE = N_("This reset has been undone already.")
NOT_KEPT = N_("The last reset kept no restore point, so it can’t be undone.")
LATER = N_("There was another reset after this one. Undo that one first.")
TOO_LATE = N_("The last reset can’t be undone any more: its restore point has expired.")

# Rows that a reset deletes, the referred ones first. What else it keeps are the changes of users and boards.
DELETED: tuple[type[Model], ...] = (PracticeSession, Attempt, PaperAttempt, Reward)
USERS, BOARDS = "users", "leaderboard"


def last_id() -> UUID:
    """The id of the last reset; that of nothing where there was none."""
    last = RestorePoint.objects.order_by("-made_at").values_list("pk", flat=True).first()
    return last or NOWHERE


def begin(after: UUID, point: RestorePoint) -> None:
    """Save a new point and hold it alone until the transaction ends. Raises Conflict (`reset_running`).

    `after` is the last reset as it was before the transaction began. The id follows from it, so two that begin at
    once make the same row, and one of them is refused; on SQLite, which lets one wait, too.
    """
    try:
        # An undo of that one that runs at this moment holds its row.
        last = RestorePoint.objects.select_for_update(nowait=True).order_by("-made_at").first()
        if (last.pk if last else NOWHERE) != after:
            raise Conflict(_(BUSY), "reset_running")
        if last:  # whatever the clock says
            point.made_at = max(point.made_at, last.made_at + timedelta(microseconds=1))
        point.pk = uuid5(after, "reset")
        point.save(force_insert=True)
    except DatabaseError as error:
        raise _busy(error) from error


def _busy(error: DatabaseError) -> Exception:
    """The error of somebody else's lock or row as one for people; any other as it is."""
    lost = isinstance(error, IntegrityError) or is_repeatable(error)
    return Conflict(_(BUSY), "reset_running") if lost else error


def to_undo() -> RestorePoint:
    """The last reset that stands. Raises Conflict where there is none, or none that can be undone."""
    point = RestorePoint.objects.filter(undone_at=None).order_by("-made_at").first()
    if point is None:
        raise Conflict(_(NO_POINT), "nothing_to_undo")
    return usable(point)


def usable(point: RestorePoint) -> RestorePoint:
    if not point.summary.get("kept"):
        raise Conflict(_(NOT_KEPT), "no_restore_point")
    if point.expires_at <= timezone.now():
        raise Conflict(_(TOO_LATE), "undo_too_late")
    return point


def take(point_id: UUID) -> RestorePoint:
    """Mark the point as undone, and hold it alone until the transaction ends. Raises Conflict."""
    try:
        # A reset that runs at this moment holds the last row.
        list(RestorePoint.objects.select_for_update(nowait=True).order_by("-made_at")[:1])
        point = RestorePoint.objects.select_for_update(nowait=True).filter(pk=point_id).first()
    except DatabaseError as error:
        raise _busy(error) from error
    if point is None:
        raise Conflict(_(NO_POINT), "nothing_to_undo")
    if point.undone_at is not None:
        raise Conflict(_(UNDONE), "already_undone")
    if RestorePoint.objects.filter(undone_at=None, made_at__gt=point.made_at).exists():
        raise Conflict(_(LATER), "later_reset")
    usable(point).undone_at = timezone.now()
    point.save(update_fields=["undone_at"])
    return point


class Keeper:
    """Writes kept rows of one point, a chunk at a time. Without a point, or where none is wanted, it keeps nothing."""

    def __init__(self, point: RestorePoint, wanted: bool) -> None:
        self._point = point
        self._wanted = wanted
        self._numbers: Counter[str] = Counter()

    def keep_rows(self, rows: "QuerySet[Any]", owner: str = "user_id") -> None:
        """Whole rows of a table, read as they are written. `owner`: whose a row is, by its path."""
        if not self._wanted:
            return
        columns = [field.attname for field in rows.model._meta.concrete_fields]
        found = rows.order_by("pk").values_list(*columns, owner).iterator(CHUNK)
        named = (dict(zip([*columns, "user_id"], row, strict=True)) for row in found)
        self.keep(rows.model._meta.db_table, named)

    def keep(self, table: str, rows: Iterable[Row]) -> None:
        if not self._wanted:
            return
        for chunk in chunks(rows):
            self._numbers[table] += 1
            plain = [{name: _plain(value) for name, value in row.items()} for row in chunk]
            KeptRows.objects.create(point=self._point, table=table, number=self._numbers[table], rows=plain)
            _forget_statements()


def _forget_statements() -> None:
    """In development Django remembers each statement with its values: of a million rows that would be all of them."""
    if settings.DEBUG:
        reset_queries()


def chunks(rows: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    left = iter(rows)
    while chunk := list(islice(left, size)):
        yield chunk


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value  # a datetime is a date


def kept(point: RestorePoint, table: str) -> Iterator[list[Row]]:
    """The chunks in their order; one at a time is in memory."""
    rows = KeptRows.objects.filter(point=point, table=table).order_by("number")
    for number in rows.values_list("number", flat=True):
        yield rows.get(number=number).rows
        _forget_statements()


def count(point: RestorePoint, table: str) -> int:
    """How many rows are kept of a table, to the next chunk: for a progress bar."""
    return KeptRows.objects.filter(point=point, table=table).count() * CHUNK


def bring_back(model: type[Model], rows: Sequence[Row]) -> int:
    """Insert kept rows again, but those that belong to what is gone by now. Returns how many."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    made = [model(**{name: field.to_python(row[name]) for name, field in fields.items()}) for row in rows]
    for field in model._meta.concrete_fields:
        if isinstance(field, ForeignKey):
            made = _with_target(made, field)
    if model is Reward:
        made = _not_earned_again(made)
    model._default_manager.bulk_create(made, ignore_conflicts=model is Reward)
    return len(made)


def _with_target(made: list[Any], field: "ForeignKey[Any, Any]") -> list[Any]:
    """Rows whose target is still there; where the column may be empty it is emptied instead."""
    wanted = {getattr(row, field.attname) for row in made} - {None}
    there = set(field.related_model._default_manager.filter(pk__in=wanted).values_list("pk", flat=True))
    gone = wanted - there
    if field.null:
        for row in made:
            if getattr(row, field.attname) in gone:
                setattr(row, field.attname, None)
    return [row for row in made if getattr(row, field.attname) not in gone]


def _not_earned_again(made: list[Any]) -> list[Any]:
    owners = {row.user_id for row in made}
    there = set(Reward.objects.filter(user__in=owners).values_list("user_id", "badge", "scope"))
    return [row for row in made if (row.user_id, row.badge, row.scope) not in there]


def forget_expired() -> int:
    """Delete what expired points kept. The points stay: the ledger names them, and they say who reset what."""
    return KeptRows.objects.filter(point__expires_at__lte=timezone.now()).delete()[0]


def rows_with(person: CustomUser) -> "QuerySet[KeptRows]":
    """Chunks that name this person."""
    return KeptRows.objects.alias(text=Cast("rows", TextField())).filter(text__contains=str(person.pk))


def forget_person(person: CustomUser) -> None:
    for chunk in rows_with(person).iterator(1):
        chunk.rows = [_without(row, str(person.pk)) for row in chunk.rows if row["user_id"] != str(person.pk)]
        chunk.save(update_fields=["rows"])


def _without(row: Mapping[str, Any], person: str) -> Row:
    """Somebody else's row, which may name who approved it."""
    return {name: None if value == person else value for name, value in row.items()}
