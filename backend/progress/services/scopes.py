"""What a reset covers: everything, or what was earned in one server, chronicle or season."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import cached_property
from uuid import UUID

from django.db.models import Q, QuerySet

from chronicle.models import Chronicle, Server
from contract.translation import ENGLISH, _
from progress.models import (
    NOWHERE,
    Board,
    PaperAttempt,
    PointEntry,
    PracticeSession,
    Reward,
    Season,
    Standing,
)
from rules.errors import Invalid, NotFound


@dataclass(frozen=True)
class Scope:
    """`id` is that of the server, chronicle or season, as on a board; `name` is for people."""

    kind: Board
    id: UUID = NOWHERE
    name: str = ""
    server: Server | None = None
    season: Season | None = None

    @classmethod
    def of(cls, kind: str, id: UUID | None = None) -> "Scope":
        """Raises NotFound, and Invalid where something must be named, or nothing can be."""
        board = Board(kind)
        if (board is Board.ALL) != (id is None or id == NOWHERE):
            raise Invalid.field(
                "id",
                _("Name the server, chronicle or season that you want to reset, or none for everything."),
            )
        return _FIND[board](id or NOWHERE)

    @property
    def is_all(self) -> bool:
        return self.kind is Board.ALL

    @property
    def language(self) -> str:
        return self.server.language if self.server and self.server.language else ENGLISH

    def sessions(self) -> "QuerySet[PracticeSession]":
        rows = PracticeSession.objects.all()
        if self.season:
            return rows.filter(self._during("started_at"), server=self.server)
        return rows if self.is_all else rows.filter(**{self.kind.value: self.id})

    def paper_attempts(self) -> "QuerySet[PaperAttempt]":
        """Those of a storyteller's own exams belong to their chronicle, the standard ones to everything alone."""
        rows = PaperAttempt.objects.all()
        if self.kind is Board.CHRONICLE:
            return rows.filter(paper__chronicle=self.id)
        rows = rows if self.is_all else rows.filter(paper__chronicle__server=self.server)
        return rows.filter(self._during("started_at")) if self.season else rows

    def rewards(self) -> "QuerySet[Reward]":
        rows = Reward.objects.all()
        if self.is_all:
            return rows
        places = [self.id] if self.kind is Board.CHRONICLE else [*self._chronicles, self._server_id]
        rows = rows.filter(scope__in=[str(place) for place in places])
        return rows.filter(self._during("given_at")) if self.season else rows

    def entries(self) -> "QuerySet[PointEntry]":
        rows = PointEntry.objects.all()
        return rows if self.is_all else rows.filter(**{self.kind.value: self.id})

    def boards(self) -> Q:
        """The boards that hold nothing else: those are zeroed, from others what was earned here is subtracted."""
        if self.is_all:
            return Q()
        inside = Q()
        for board, board_id in self._inside:
            inside |= Q(board=board, board_id=board_id)
        return inside

    def holds(self, place: Standing) -> bool:
        return self.is_all or (Board(place.board), place.board_id) in self._inside

    @cached_property
    def _inside(self) -> frozenset[tuple[Board, UUID]]:
        inside = {(self.kind, self.id)}
        if self.kind is Board.SERVER:
            seasons = Season.objects.filter(server=self.id).values_list("pk", flat=True)
            inside |= {(Board.CHRONICLE, pk) for pk in self._chronicles} | {
                (Board.SEASON, pk) for pk in seasons
            }
        return frozenset(inside)

    @cached_property
    def _chronicles(self) -> list[UUID]:
        return list(Chronicle.objects.filter(server=self.server).values_list("pk", flat=True))

    @property
    def _server_id(self) -> UUID:
        return self.server.pk if self.server else NOWHERE

    def _during(self, moment: str) -> Q:
        """In the days of the season, by UTC: what is deleted, unlike a point, has no day of its own."""
        if self.season is None:
            return Q()
        starts = datetime.combine(self.season.starts, time.min, UTC)
        ends = self.season.ends and datetime.combine(self.season.ends, time.min, UTC)
        until = Q(**{f"{moment}__lt": ends}) if ends else Q()
        return Q(**{f"{moment}__gte": starts}) & until


def _everything(id: UUID) -> Scope:
    return Scope(Board.ALL)


def _server(id: UUID) -> Scope:
    if (server := Server.objects.filter(pk=id).first()) is None:
        raise NotFound(_("There’s no such server."))
    return Scope(Board.SERVER, server.pk, server.name, server)


def _chronicle(id: UUID) -> Scope:
    chronicle = Chronicle.objects.select_related("server").filter(pk=id).first()
    if chronicle is None:
        raise NotFound(_("There’s no such chronicle."))
    return Scope(Board.CHRONICLE, chronicle.pk, chronicle.name, chronicle.server)


def _season(id: UUID) -> Scope:
    season = Season.objects.select_related("server").filter(pk=id).first()
    if season is None:
        raise NotFound(_("There’s no such season."))
    return Scope(Board.SEASON, season.pk, season.name, season.server, season)


_FIND: dict[Board, Callable[[UUID], Scope]] = {
    Board.ALL: _everything,
    Board.SERVER: _server,
    Board.CHRONICLE: _chronicle,
    Board.SEASON: _season,
}
