"""A ladder: rows from the highest to the lowest, with competition ranks (1, 2, 2, 4), in a constant number of queries.

Whatever is not among the rows counts nowhere, so that nobody can be told of by a gap in the ranks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import F, Func, IntegerField, Model, OuterRef, Q, QuerySet, Subquery

SIZE = 50
# So many neighbours are shown above one's own place, and as many below.
NEIGHBOURS = 2
RowT = TypeVar("RowT", bound=Model)
RankedRow = tuple[int, RowT]


@dataclass(frozen=True)
class Ladder(Generic[RowT]):
    """`rows` have points in `column`, more than 0; ties are in the order of their ids."""

    rows: "QuerySet[RowT]"
    column: str
    size: int = SIZE

    def page(self, number: int) -> tuple[list[RankedRow[RowT]], bool]:
        """A page, from 1, and whether another one follows: one query; two where it begins within a tie."""
        start = (number - 1) * self.size
        # With the row before it, which says whether the first has its rank from its place.
        before = 1 if start else 0
        ordered = self.rows.order_by(f"-{self.column}", "pk")
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
        more = self.rows.filter(**{f"{self.column}__gt": OuterRef(self.column)})
        mine: Any = self.rows.filter(user=user).annotate(above=_count(more)).first()
        return None if mine is None else (mine.above + 1, mine)

    def around(self, user: UUID) -> tuple[RankedRow[RowT] | None, list[RankedRow[RowT]]]:
        """This person's place, and it among its neighbours, in two queries."""
        above = self._up_to(user)
        below = self._from(above[-1], above[0]) if above else []
        if not below:
            return None, []
        top = below[0]
        ranked = self._ranked([*above[:-1], *below], top.above + top.ties, top.above + 1)
        return ranked[len(above) - 1], ranked

    def _up_to(self, user: UUID) -> list[RowT]:
        """Those right above this person, and their own row, last."""
        mine = self.rows.filter(user=user).order_by()
        points, pk = Subquery(mine.values(self.column)), Subquery(mine.values("pk"))
        more = Q(**{f"{self.column}__gt": points}) | Q(pk__lte=pk)
        rows = self.rows.filter(more, **{f"{self.column}__gte": points})
        return list(rows.order_by(self.column, "-pk")[: NEIGHBOURS + 1])[::-1]

    def _from(self, mine: RowT, top: RowT) -> list[Any]:
        """A row and those right below it. With each comes how many have more points than `top` (`above`), and how many
        have as many and stand before it (`ties`): counted once, for `top` alone.
        """
        column, points = self.column, self._points(mine)
        less = Q(**{f"{column}__lt": points}) | Q(pk__gte=mine.pk)
        rows = self.rows.filter(less, **{f"{column}__lte": points})
        of_top = self._points(top)
        more = self.rows.filter(**{f"{column}__gt": of_top})
        ties = self.rows.filter(**{column: of_top}, pk__lt=top.pk)
        counted = rows.annotate(above=_count(more), ties=_count(ties))
        return list(counted.order_by(f"-{column}", "pk")[: NEIGHBOURS + 1])

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
