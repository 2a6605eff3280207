"""An event as the rules of badges read it: what happened, to whom, and a roll only as the whole table saw it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from contract.events import EventType
from timeline.models import Event

FIELDS = (
    *("id", "seq", "type", "stream_id", "stream__kind", "entity_id", "actor_id", "created_at"),
    *("subject", "changes", "notices", "undoes_id"),
)


@dataclass(frozen=True)
class Seen:
    """`FIELDS` of an event, in their order."""

    id: UUID
    seq: int
    type: str
    stream_id: UUID
    stream_kind: str
    entity_id: UUID
    actor_id: UUID | None
    at: datetime
    subject: Mapping[str, Any]
    changes: Mapping[str, Any]
    notices: list[Any]
    undoes: UUID | None

    @cached_property
    def owner(self) -> str:
        """The id of the user whom it is about; empty where there is none, or where that account is gone."""
        return str(self.subject.get("owner") or "")

    @property
    def actor(self) -> str:
        return str(self.actor_id or "")

    @cached_property
    def chronicle(self) -> str:
        return str(self.stream_id) if self.stream_kind == "chronicle" else ""

    @cached_property
    def roll(self) -> Mapping[str, Any]:
        """The roll that the whole table saw; empty for any other, and for an event that is about no roll."""
        roll = self.after("roll")
        is_open = isinstance(roll, dict) and roll.get("visibility") == "public"
        return roll if is_open and self.chronicle else {}

    @property
    def counts_as_of(self) -> datetime:
        """The moment that says in which era it counts: that of its roll, whatever becomes of the roll later."""
        try:
            return datetime.fromisoformat(self.roll["at"])
        except (
            LookupError,
            TypeError,
            ValueError,
        ):  # about no roll, or of a version that wrote rolls otherwise
            return self.at

    @property
    def takes_back(self) -> bool:
        """Whether it excludes a roll from what counts."""
        return self.type == EventType.ROLL_STRUCK and bool(self.roll.get("struck"))

    def after(self, path: str) -> Any:
        return self.changes.get(path, (None, None))[1]

    def notice_of(self, code: str) -> Mapping[str, Any]:
        """The data of its notice of this code; empty without one."""
        for notice in self.notices:
            if isinstance(notice, dict) and notice.get("code") == code:
                return notice.get("data") or {}
        return {}


def seen_after(stream_id: UUID, seq: int, until: int, types: frozenset[str], limit: int) -> list[Seen]:
    """The events of these types in a stream, the oldest first; one query."""
    rows = Event.objects.filter(stream_id=stream_id, seq__gt=seq, seq__lte=until, type__in=types)
    return [Seen(*row) for row in rows.order_by("seq").values_list(*FIELDS)[:limit]]
