"""Conflicts as the bot API answers them (`docs/BOT_API.md`, “Conflicts”)."""

from dataclasses import dataclass
from typing import Any

from contract.notices import StoredNotice, read
from rodbot.core.models import Json

GATHER, ORDER, DECLARE, ACT = "gather", "order", "declare", "act"
CURRENT, DONE, SKIPPED = "current", "done", "skipped"


@dataclass(frozen=True, slots=True)
class Participant:
    """`roll` is the roll in words, as far as the caller may see it; `value` is what counts of it."""

    id: str
    name: str
    joined: bool
    rolled: bool
    hidden: bool
    gone: bool
    yours: bool
    roll: str
    value: int | None

    @classmethod
    def read(cls, data: Json) -> "Participant":
        roll = data.get("roll") or {}
        return cls(
            id=str(data["id"]),
            name=data["name"],
            joined=bool(data.get("joined")),
            rolled=bool(data.get("rolled")),
            hidden=bool(data.get("hidden")),
            gone=bool(data.get("gone")),
            yours=bool(data.get("yours")),
            roll=roll.get("text") or "",
            value=roll.get("value"),
        )


@dataclass(frozen=True, slots=True)
class Turn:
    """`together` is the same for turns at the same moment; `ready` when the turn can be taken now."""

    participant: str
    name: str
    extra: bool
    number: int
    together: Any
    state: str
    ready: bool
    action: str
    category: str

    @classmethod
    def read(cls, data: Json) -> "Turn":
        return cls(
            participant=str(data["participant"]),
            name=data["name"],
            extra=bool(data.get("extra")),
            number=data.get("number") or 0,
            together=data.get("together"),
            state=data.get("state") or "",
            ready=bool(data.get("ready")),
            action=data.get("action") or "",
            category=data.get("category") or "",
        )


@dataclass(frozen=True, slots=True)
class Effect:
    id: str
    text: str
    name: str
    label: str

    @classmethod
    def read(cls, data: Json) -> "Effect":
        return cls(str(data["id"]), data["text"], data.get("name") or "", data.get("label") or "")


@dataclass(frozen=True, slots=True)
class Move:
    """`mark` is the state for which the move was offered."""

    move: str
    label: str
    style: str
    mark: str

    @classmethod
    def read(cls, data: Json) -> "Move":
        return cls(data["move"], data["label"], data.get("style") or "", str(data.get("mark") or ""))


@dataclass(frozen=True, slots=True)
class Conflict:
    """`categories` are pairs of a slug and its label; `mention` is the Discord id of whoever acts now; `rolls` is what
    is rolled (`die`, `pool`), or nothing."""

    id: str
    url: str
    label: str
    title: str
    rolls: str
    phase: str
    phase_label: str
    round: int
    open: bool
    participants: tuple[Participant, ...]
    turns: tuple[Turn, ...]
    mention: int | None
    starter: int | None
    effects: tuple[Effect, ...]
    categories: tuple[tuple[str, str], ...]
    moves: tuple[Move, ...]
    runs: bool
    notices: tuple[StoredNotice, ...]
    hint: str

    @classmethod
    def read(cls, data: Json) -> "Conflict":
        mention, starter = data.get("mention"), data["starter"].get("discord_id")
        return cls(
            id=str(data["id"]),
            url=data.get("url") or "",
            label=data.get("label") or "",
            title=data.get("title") or "",
            rolls=data.get("rolls") or "",
            phase=data["phase"],
            phase_label=data.get("phase_label") or "",
            round=data.get("round") or 1,
            open=bool(data.get("open")),
            participants=tuple(
                Participant.read(participant) for participant in data.get("participants") or ()
            ),
            turns=tuple(Turn.read(turn) for turn in data.get("turns") or ()),
            mention=int(mention) if mention else None,
            starter=int(starter) if starter else None,
            effects=tuple(Effect.read(effect) for effect in data.get("effects") or ()),
            categories=tuple(
                (category["slug"], category["label"]) for category in data.get("categories") or ()
            ),
            moves=tuple(Move.read(move) for move in data.get("moves") or ()),
            runs=bool((data.get("rights") or {}).get("run")),
            notices=tuple(map(read, data.get("notices") or ())),
            hint=data.get("hint") or "",
        )


@dataclass(frozen=True, slots=True)
class Done:
    """The answer to a command: the conflict, and the participant that it was about, if one."""

    conflict: Conflict
    participant: Participant | None

    @classmethod
    def read(cls, data: Json) -> "Done":
        conflict, about = Conflict.read(data["conflict"]), data.get("participant")
        return cls(
            conflict,
            next((participant for participant in conflict.participants if participant.id == about), None),
        )

    @property
    def name(self) -> str:
        return self.participant.name if self.participant else ""
