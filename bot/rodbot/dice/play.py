"""Luck, macros and roll requests as the bot API answers them. `docs/BOT_API.md`, “Rolls”, describes the JSON."""

from dataclasses import dataclass

from rodbot.core.models import Json


@dataclass(frozen=True, slots=True)
class Tally:
    """How often something came, and how often it was to be expected."""

    label: str
    count: int
    expected: float


@dataclass(frozen=True, slots=True)
class LuckOf:
    """The rolls of one system."""

    label: str
    rolls: int
    mean: float
    expected: float
    outcomes: tuple[Tally, ...]

    @classmethod
    def read(cls, data: Json) -> "LuckOf":
        outcomes = tuple(Tally(o["label"], o["count"], o["expected"]) for o in data.get("outcomes") or ())
        return cls(data["label"], data["rolls"], data["mean"] or 0, data["expected"] or 0, outcomes)


@dataclass(frozen=True, slots=True)
class Luck:
    name: str
    text: str
    rolls: int
    struck: int
    systems: tuple[LuckOf, ...]
    checks: tuple[Tally, ...]
    cut: bool = False
    chart: str = ""
    text_mode: bool = False

    @classmethod
    def read(cls, data: Json) -> "Luck":
        checks = (
            Tally(f"{c['label']} held, of {c['rolls']}", c["passed"], c["expected"])
            for c in data.get("checks") or ()
        )
        return cls(
            name=(data.get("of") or {}).get("name") or "",
            text=data.get("text") or "",
            rolls=data.get("rolls") or 0,
            struck=data.get("struck") or 0,
            systems=tuple(LuckOf.read(s) for s in data.get("systems") or ()),
            checks=tuple(checks),
            cut=bool(data.get("cut")),
            chart=data.get("chart") or "",
            text_mode=bool(data.get("text_mode")),
        )


@dataclass(frozen=True, slots=True)
class Macro:
    id: str
    name: str
    label: str
    character: str
    shared: bool

    @classmethod
    def read(cls, data: Json) -> "Macro":
        character = (data.get("character") or {}).get("name") or ""
        return cls(
            str(data["id"]),
            data["name"],
            data.get("label") or data["name"],
            character,
            bool(data.get("shared")),
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """One player of a request; `discord_id` is empty for who has no account there."""

    name: str
    discord_id: str
    summary: str
    answered: bool


@dataclass(frozen=True, slots=True)
class Request:
    id: str
    text: str
    storyteller: str
    storyteller_id: str
    pool: str
    difficulty: int | None
    difficulty_hidden: bool
    deadline: str
    open: bool
    players: tuple[Asked, ...]

    @classmethod
    def read(cls, data: Json) -> "Request":
        storyteller, pool = data.get("storyteller") or {}, data.get("pool")
        return cls(
            id=str(data["id"]),
            text=data.get("text") or "",
            storyteller=storyteller.get("name") or "",
            storyteller_id=str(storyteller.get("discord_id") or ""),
            pool=str(pool.get("text") or "") if isinstance(pool, dict) else str(pool or ""),
            difficulty=data.get("difficulty"),
            difficulty_hidden=bool(data.get("difficulty_hidden")),
            deadline=data.get("deadline") or "",
            open=bool(data.get("open")),
            players=tuple(_asked(p) for p in data.get("players") or ()),
        )


def _asked(data: Json) -> Asked:
    user = data.get("user") or {}
    return Asked(
        name=user.get("name") or "",
        discord_id=str(user.get("discord_id") or ""),
        summary=data.get("summary") or "",
        answered=bool(data.get("answered_at")),
    )
