"""The storyteller's desk as this process sees it; `docs/BOT_API.md` describes the JSON."""

from dataclasses import dataclass
from typing import Any

from rodbot.core.models import Json


@dataclass(frozen=True, slots=True)
class Line:
    """A character on the desk."""

    id: str
    name: str
    owner: str
    splat: str
    locked: bool
    waiting: bool

    @classmethod
    def read(cls, data: Json) -> "Line":
        owner = data["owner"].get("name") or ""
        return cls(
            data["id"],
            data["name"],
            owner,
            data["splat_label"],
            bool(data["locked"]),
            data["submission"] is not None,
        )


@dataclass(frozen=True, slots=True)
class Desk:
    url: str
    total: int
    waiting: int
    characters: tuple[Line, ...]

    @classmethod
    def read(cls, data: Json) -> "Desk":
        lines = tuple(Line.read(line) for line in data["characters"])
        return cls(data["url"], data["total"], len(data["submissions"]), lines)


@dataclass(frozen=True, slots=True)
class Submission:
    """`diff` holds (label, before, after); `problem` says why it cannot be approved as it stands."""

    id: str
    kind: str
    state: str
    text: str
    character: str
    author: str
    diff: tuple[tuple[str, Any, Any], ...]
    problem: str
    reason: str
    decided_by: str
    comments: tuple[tuple[str, str], ...]
    may_decide: bool
    may_withdraw: bool

    @classmethod
    def read(cls, data: Json) -> "Submission":
        return cls(
            id=data["id"],
            kind=data["kind"],
            state=data["state"],
            text=data["text"],
            character=data["character"]["name"],
            author=data["author"].get("name") or "",
            diff=tuple((change["label"], change["from"], change["to"]) for change in data["diff"]),
            problem=data["problem"],
            reason=data["reason"],
            decided_by=(data["decided_by"] or {}).get("name") or "",
            comments=tuple(
                (comment["author"].get("name") or "", comment["text"]) for comment in data["comments"]
            ),
            may_decide=bool(data["rights"]["decide"]),
            may_withdraw=bool(data["rights"]["withdraw"]),
        )


@dataclass(frozen=True, slots=True)
class Note:
    id: str
    title: str
    text: str
    character: str
    author: str

    @classmethod
    def read(cls, data: Json) -> "Note":
        about = (data["character"] or {}).get("name") or ""
        return cls(data["id"], data["title"], data["text"], about, data["author"].get("name") or "")
