"""Statements that run with every change: their SQL is written once, a call only fills in the values.

For a query of a few joins the ORM takes longer to write it than the database to answer it. It still writes these, so
that each engine gets its own; and whoever adds a column has nothing to change here.
"""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any, TypeVar

import orjson
from django.db import connection
from django.db.models import CharField, Expression, Field, IntegerField, JSONField, Model, QuerySet, TextField
from django.db.models.base import ModelState

# Where the driver takes and hands over JSON as text. A sheet is long enough for the faster library to count.
JSON_IS_TEXT = ("mysql", "sqlite")
# Numbers and text of our own making need no check and no form of their own for any driver.
AS_IT_IS = (CharField, TextField, IntegerField)
Row = tuple[Any, ...]
Some = TypeVar("Some", bound=Model)


class Slot(Expression):
    """Stands in a query for a value that comes with the call."""

    def __init__(self, name: str, field: Field) -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, Any]:
        return "%s", [self]


@dataclass(frozen=True, slots=True)
class _Written:
    sql: str
    params: Sequence[Any]
    # Positions in a row, and what turns the database's value there into ours; nothing is nothing in both.
    converters: Sequence[tuple[int, Callable[[Any], Any]]]

    def filled(self, values: Mapping[str, Any]) -> list[Any]:
        return [
            one.output_field.get_db_prep_value(values[one.name], connection) if isinstance(one, Slot) else one
            for one in self.params
        ]

    def row(self, found: Row, until: int) -> Row:
        values = list(found)
        for position, convert in self.converters:
            if position >= until:
                break
            if values[position] is not None:
                values[position] = convert(values[position])
        return tuple(values)


class Prepared:
    """A query of `values_list`, with `Slot`s; called with their values it gives its rows. Made on first use.

    `polish` is for what the ORM cannot say: it is handed the SQL. From the column `alike` on all rows are the same:
    these values are made ready in the first row alone.
    """

    def __init__(
        self, query: Callable[[], QuerySet], polish: Callable[[str], str] = str, alike: int = sys.maxsize
    ) -> None:
        self._query = query
        self._polish = polish
        self._alike = alike
        self._written: dict[str, _Written] = {}

    def __call__(self, **values: Any) -> list[Row]:
        written = self._written.get(connection.vendor) or self._write()
        with connection.cursor() as cursor:
            cursor.execute(written.sql, written.filled(values))
            rows = cursor.fetchall()
        return [written.row(one, self._alike if number else sys.maxsize) for number, one in enumerate(rows)]

    def _write(self) -> _Written:
        compiler = self._query().query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        converters = compiler.get_converters([one[0] for one in compiler.select])
        written = _Written(
            self._polish(sql),
            params,
            [(position, _reading(*converters[position])) for position in sorted(converters)],
        )
        self._written[connection.vendor] = written
        return written


def _reading(converters: Sequence[Callable[..., Any]], expression: Any) -> Callable[[Any], Any]:
    if isinstance(expression.output_field, JSONField) and connection.vendor in JSON_IS_TEXT:
        return orjson.loads

    def read(value: Any) -> Any:
        for convert in converters:
            value = convert(value, expression, connection)
        return value

    return read


def _to_write(field: Any, value: Any) -> Any:
    if value is None or isinstance(field, AS_IT_IS):
        return value
    if isinstance(field, JSONField) and connection.vendor in JSON_IS_TEXT:
        return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()
    return field.get_db_prep_save(value, connection)


class Columns:
    """A model's columns, or some of them, for `values_list`; `prefix` is the way there. Reads them from a row again."""

    def __init__(self, model: type[Some], prefix: str = "", only: Iterable[str] = ()) -> None:
        self.model = model
        wanted = {*only, model._meta.pk.attname}
        self.names = [one.attname for one in model._meta.concrete_fields if not only or one.attname in wanted]
        self.place_of_key = self.names.index(model._meta.pk.attname)
        self.paths = [prefix + name for name in self.names]

    def read(self, row: Iterator[Any]) -> Any:
        """Takes as many values as there are columns; None where an outer join found nothing."""
        values = list(islice(row, len(self.names)))
        if values[self.place_of_key] is None:
            return None
        # As `from_db` does, but for its signals, which nobody listens to, and a check of each value's place.
        found = self.model.__new__(self.model)
        found.__dict__.update(zip(self.names, values, strict=True))
        found._state = ModelState()
        found._state.adding, found._state.db = False, connection.alias
        return found


def insert(row: Model) -> None:
    """As `row.save(force_insert=True)`, for a model without signals whose key the database need not tell."""
    sql, fields = _insertion(type(row), row.pk is None, connection.vendor)
    values = [_to_write(one, one.pre_save(row, add=True)) for one in fields]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
    row._state.adding, row._state.db = False, connection.alias


@cache
def _insertion(model: type[Model], is_numbered: bool, vendor: str) -> tuple[str, list[Any]]:
    """`is_numbered`: the database gives the key."""
    quoted, options = connection.ops.quote_name, model._meta
    fields: list[Any] = [
        one for one in options.local_concrete_fields if not (is_numbered and one.primary_key)
    ]
    names = ", ".join(quoted(one.column) for one in fields)
    places = ", ".join(["%s"] * len(fields))
    # Only names of tables and columns are put together here.
    return f"INSERT INTO {quoted(options.db_table)} ({names}) VALUES ({places})", fields  # noqa: S608


def update(row: Model, names: Iterable[str]) -> None:
    """Writes these columns of a row, no others; no signals."""
    sql, fields = _update(type(row), frozenset(names), connection.vendor)
    values = [_to_write(one, getattr(row, one.attname)) for one in fields]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


@cache
def _update(model: type[Model], names: frozenset[str], vendor: str) -> tuple[str, list[Any]]:
    quoted, options = connection.ops.quote_name, model._meta
    fields: list[Any] = [*(options.get_field(name) for name in sorted(names)), options.pk]
    changed = ", ".join(f"{quoted(one.column)} = %s" for one in fields[:-1])
    table, key = quoted(options.db_table), quoted(fields[-1].column)
    return f"UPDATE {table} SET {changed} WHERE {key} = %s", fields  # noqa: S608  (as above)
