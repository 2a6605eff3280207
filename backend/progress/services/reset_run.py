"""A reset under way: what it covers, where it keeps what it takes, whom it locks, and what is shown of it."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Model, QuerySet

from discordauth.models import CustomUser
from progress.models import RestorePoint, Standing
from progress.services.restore_points import CHUNK, Keeper, chunks
from progress.services.scopes import Scope


class Report:
    """What somebody who waits is shown of a reset; nothing, unless a subclass shows it."""

    def started(self, step: str, total: int) -> None:
        """`total`: so many rows at most."""

    def moved(self, step: str, done: int) -> None: ...

    def finished(self, step: str, count: int) -> None: ...

    def committing(self) -> None: ...


@dataclass
class Run:
    """A reset under way. Without a point it is a dry run: it reads the same rows, and writes none."""

    scope: Scope
    point: RestorePoint | None
    keeper: Keeper | None
    # Questions that somebody answered in drills of one place, which are no longer among theirs.
    answered: Counter[UUID] = field(default_factory=Counter)

    def people(self) -> Iterator[list[UUID]]:
        """Everybody, or those who have anything in the scope."""
        if self.scope.is_all:
            yield from ids_of(CustomUser.objects.all())
        else:
            yield from chunks(self._concerned)

    @cached_property
    def _concerned(self) -> list[UUID]:
        scope = self.scope
        rows: list[QuerySet[Any]] = [
            *(scope.entries(), scope.sessions(), scope.paper_attempts(), scope.rewards()),
            Standing.objects.filter(scope.boards()),
        ]
        found = (ids.order_by().values_list("user", flat=True).distinct() for ids in rows)
        return sorted({user for ids in found for user in ids.iterator(CHUNK)})


def lock(users: Iterable[UUID]) -> None:
    """Lock the rows of users, in the order of their ids. On PostgreSQL others may go on to refer to them."""
    weakly = connection.features.has_select_for_no_key_update
    rows = CustomUser.objects.select_for_update(no_key=weakly).filter(pk__in=users).order_by("pk")
    list(rows.values_list("pk", flat=True))


def ids_of(rows: "QuerySet[Any]", size: int = CHUNK) -> Iterator[list[UUID]]:
    """The ids of rows, some at a time, in their order: rows may go meanwhile."""
    ids = rows.order_by("pk").values_list("pk", flat=True)
    found = list(ids[:size])
    while found:
        yield found
        found = list(ids.filter(pk__gt=found[-1])[:size])


def write(rows: Collection[Model], *columns: str) -> None:
    """Save these columns of rows of one table, each with values of its own: one statement, run for each row.

    `bulk_update` compares every row with every other: with hundreds of them that takes ten times as long.
    """
    if not rows:
        return
    model, quoted = type(next(iter(rows))), connection.ops.quote_name
    fields = [field for field in model._meta.concrete_fields if field.name in columns]
    key = model._meta.pk
    sets = ", ".join(f"{quoted(str(field.column))} = %s" for field in fields)
    table, where = quoted(model._meta.db_table), quoted(str(key.column))
    sql = f"UPDATE {table} SET {sets} WHERE {where} = %s"  # noqa: S608  (names of our own tables and columns)

    def values(row: Model) -> list[Any]:
        saved = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
        return [*saved, key.get_db_prep_value(row.pk, connection)]

    with connection.cursor() as cursor:
        cursor.executemany(sql, [values(row) for row in rows])
