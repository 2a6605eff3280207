"""A ladder: rows from the highest to the lowest, with competition ranks (1, 2, 2, 4), in a constant number of queries.

Whatever is not among the rows counts nowhere, so that nobody can be told of by a gap in the ranks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import Case, F, Func, IntegerField, Model, OuterRef, Q, QuerySet, Subquery, When

SIZE = 50
# So many neighbours are shown above one's own place, and as many below.
NEIGHBOURS = 2
RowT = TypeVar("RowT", bound=Model)
RankedRow = tuple[int, RowT]


@dataclass(frozen=True)
class Ladder(Generic[RowT]):
    """Those of `everybody` who are `here`, by the points in `column`; those with none are on no ladder.

    Ties are in the order of their ids.
    """

    everybody: "QuerySet[RowT]"
    here: Q
    column: str
    size: int = SIZE

    @property
    def rows(self) -> "QuerySet[RowT]":
        return self.everybody.filter(self.here)

    @property
    def _listed(self) -> "QuerySet[RowT]":
        return self.rows.filter(**{f"{self.column}__gt": 0})

    def page(self, number: int) -> tuple[list[RankedRow[RowT]], bool]:
        """A page, from 1, and whether another one follows: one query; two where it begins within a tie."""
        start = (number - 1) * self.size
        # With the row before it, which says whether the first has its rank from its place.
        before = 1 if start else 0
        ordered = self._listed.order_by(f"-{self.column}", "pk")
        found = list(ordered[start - before : start + self.size + 1])
        shown = found[before : before + self.size]
        if not shown:
            return [], False
        is_tied = bool(before) and self._points(found[0]) == self._points(shown[0])
        first = self.rank_of(self._points(shown[0])) if is_tied else start + 1
        return self._ranked(shown, start, first), len(found) > before + self.size

    def rank_of(self, points: int) -> int:
        """The rank of so many points: one more than there are with more."""
        return self.rows.filter(**{f"{self.column}__gt": points}).count() + 1

    def place_of(self, user: UUID) -> RankedRow[RowT] | None:
        """This person's place, in one query."""
        mine: Any = self._listed.filter(user=user).annotate(above=_count(self._more_than_outer)).first()
        return None if mine is None else (mine.above + 1, mine)

    def around(self, user: UUID) -> tuple[RankedRow[RowT] | None, list[RankedRow[RowT]]]:
        """This person's place, and it among its neighbours, in two queries."""
        counts = {"above": _count(self._more_than_outer), "ties": _count(self._tied_before_outer)}
        mine: Any = self._listed.filter(user=user).annotate(**counts).first()
        if mine is None:
            return None, []
        neighbours = sorted(self._beside(mine), key=self._order)
        higher = [row for row in neighbours if self._order(row) < self._order(mine)]
        rows = [*higher, mine, *neighbours[len(higher) :]]
        position = mine.above + mine.ties - len(higher)
        first = position - higher[0].ties + 1 if higher and higher[0].ties is not None else mine.above + 1
        ranked = self._ranked(rows, position, first)
        return ranked[len(higher)], ranked

    def _beside(self, mine: RowT) -> "QuerySet[Any]":
        """Those next to a row, in no order. Of those with more points, `ties` have as many and stand before them.

        Each is looked up by itself, by its id alone: so MariaDB dives into the index right there, while it walks there
        from an end of the board for several rows with all that is shown of them. Then by nothing but these ids: told
        of the board too, SQLite would walk along that.
        """
        column, points = self.column, self._points(mine)
        above = Q(**{f"{column}__gt": points}) | Q(pk__lt=mine.pk)
        below = Q(**{f"{column}__lt": points}) | Q(pk__gt=mine.pk)
        higher = self.rows.filter(above, **{f"{column}__gte": points}).order_by(column, "-pk").values("pk")
        lower = (
            self._listed.filter(below, **{f"{column}__lte": points}).order_by(f"-{column}", "pk").values("pk")
        )
        found = [Subquery(rows[n : n + 1]) for rows in (higher, lower) for n in range(NEIGHBOURS)]
        more = When(**{f"{column}__gt": points}, then=_count(self._tied_before_outer))
        return self.everybody.filter(pk__in=found).annotate(ties=Case(more, output_field=IntegerField()))

    @property
    def _more_than_outer(self) -> "QuerySet[RowT]":
        return self.rows.filter(**{f"{self.column}__gt": OuterRef(self.column)})

    @property
    def _tied_before_outer(self) -> "QuerySet[RowT]":
        return self.rows.filter(**{self.column: OuterRef(self.column)}, pk__lt=OuterRef("pk"))

    def _order(self, row: RowT) -> tuple[int, UUID]:
        return -self._points(row), row.pk

    def _ranked(self, rows: Sequence[RowT], position: int, first: int) -> list[RankedRow[RowT]]:
        """Number rows that follow each other: the first has this rank, and so many stand before it."""
        ranked: list[RankedRow[RowT]] = []
        for place, row in enumerate(rows):
            is_tied = bool(ranked) and self._points(ranked[-1][1]) == self._points(row)
            ranked.append((ranked[-1][0] if is_tied else position + place + 1 if ranked else first, row))
        return ranked

    def _points(self, row: RowT) -> int:
        points: int = getattr(row, self.column)
        return points


def _count(rows: "QuerySet[Any]") -> Subquery:
    counted = rows.order_by().select_related(None).annotate(number=Func(F("pk"), function="COUNT"))
    return Subquery(counted.values("number"), output_field=IntegerField())
