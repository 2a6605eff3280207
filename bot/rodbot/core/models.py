"""What the answers of every area share: JSON objects and events of the timeline."""

from dataclasses import dataclass, field
from typing import Any

from contract.notices import StoredNotice, read

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Event:
    """One row of the timeline. `changes`: path → (before, after); `labels`: path → words for people."""

    id: str
    type: str
    seq: int = 0
    version: int = 0
    at: str = ""
    door: str = ""
    actor: str = ""
    command: str = ""
    changes: Json = field(default_factory=dict)
    labels: Json = field(default_factory=dict)
    notices: tuple[StoredNotice, ...] = ()
    undoes: str | None = None
    undone_by: str | None = None

    @classmethod
    def read(cls, data: Json) -> "Event":
        return cls(
            id=str(data["id"]),
            type=data.get("type") or "character.updated",
            seq=data.get("seq") or 0,
            version=data.get("version") or 0,
            at=data.get("at") or "",
            door=data.get("door") or "",
            actor=_by(data),
            command=data.get("command") or "",
            changes=data.get("changes") or {},
            labels=data.get("labels") or {},
            notices=tuple(map(read, data.get("notices") or ())),
            undoes=data.get("undoes"),
            undone_by=data.get("undone_by"),
        )


def _by(data: Json) -> str:
    """`Mira`, or `Vesna for Mira`."""
    name = (data.get("actor") or {}).get("name") or ""
    absent = (data.get("acting_for") or {}).get("name") or ""
    return f"{name} for {absent}" if name and absent else name
