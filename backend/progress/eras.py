"""Which reset an event comes after: what a reset took does not count for a badge again, unless the reset is undone."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chronicle.models import Chronicle
from progress.models import NOWHERE, Board, RestorePoint, Season


@dataclass(frozen=True, slots=True)
class _Reset:
    id: UUID
    at: datetime
    stands: bool
    scope: str
    scope_id: UUID


class Eras:
    """The resets there were, the oldest first. Badges per person go by resets of everything alone.

    One of a season is about the badges of its server's chronicles: these are counted from its day on.
    """

    def __init__(self) -> None:
        rows = RestorePoint.objects.order_by("made_at", "id")
        self._resets = [
            _Reset(id, at, undone_at is None, scope, scope_id)
            for id, at, undone_at, scope, scope_id in rows.values_list(
                "id", "made_at", "undone_at", "scope", "scope_id"
            )
        ]
        self._servers: dict[str, UUID] = {}
        seasons = [reset.scope_id for reset in self._resets if reset.scope == Board.SEASON]
        named = Season.objects.filter(pk__in=seasons) if seasons else Season.objects.none()
        self._seasons: dict[UUID, UUID] = dict(named.values_list("pk", "server_id"))

    def of(self, scope: str, at: datetime) -> UUID:
        """The last reset before a moment that was about `scope`; `NOWHERE` if there was none."""
        found = [reset.id for reset in self._resets if reset.at <= at and self._is_about(reset, scope)]
        return found[-1] if found else NOWHERE

    def counting(self, scope: str) -> frozenset[UUID]:
        """The eras whose counts stand now: those since the last reset that was not undone."""
        about = [reset for reset in self._resets if self._is_about(reset, scope)]
        last = max((number for number, reset in enumerate(about) if reset.stands), default=-1)
        found = frozenset(reset.id for reset in about[max(last, 0) :])
        return found if last >= 0 else found | {NOWHERE}

    def _is_about(self, reset: _Reset, scope: str) -> bool:
        if reset.scope == Board.ALL:
            return True
        if not scope:
            return False
        if reset.scope == Board.CHRONICLE:
            return str(reset.scope_id) == scope
        return self._server(scope) == self._server_of(reset)

    def stands(self, scope: str, at: datetime) -> bool:
        """Whether what happened at this moment still counts."""
        return self.of(scope, at) in self.counting(scope)

    def _server_of(self, reset: _Reset) -> UUID:
        return self._seasons.get(reset.scope_id, NOWHERE) if reset.scope == Board.SEASON else reset.scope_id

    def _server(self, chronicle: str) -> UUID:
        if chronicle not in self._servers:
            found = Chronicle.objects.filter(pk=chronicle).values_list("server_id", flat=True).first()
            self._servers[chronicle] = found or NOWHERE
        return self._servers[chronicle]
