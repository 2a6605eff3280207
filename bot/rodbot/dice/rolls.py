"""Rolls and odds as the bot API answers them. `docs/BOT_API.md`, “Rolls”, describes the JSON."""

from dataclasses import dataclass, field

from contract.notices import StoredNotice, read
from rodbot.core.models import Json
from rodbot.dice.play import Request


@dataclass(frozen=True, slots=True)
class Die:
    value: int
    kind: str = "regular"

    @classmethod
    def read(cls, data: Json) -> "Die":
        return cls(int(data["value"]), data.get("kind") or "regular")


def dice(data: object) -> tuple[Die, ...]:
    return tuple(Die.read(die) for die in data) if isinstance(data, list) else ()


@dataclass(frozen=True, slots=True)
class Chance:
    """One outcome, and its probability from 0 to 1."""

    label: str
    tone: str
    chance: float


@dataclass(frozen=True, slots=True)
class Chances:
    """`win` and `mean` are None where there is nothing to win, or nothing to count."""

    win: float | None
    mean: float | None
    outcomes: tuple[Chance, ...] = ()

    @classmethod
    def read(cls, data: Json | None) -> "Chances | None":
        if not data:
            return None
        outcomes = tuple(
            Chance(o["label"], o.get("tone") or "", float(o["chance"])) for o in data.get("outcomes") or ()
        )
        return cls(data.get("win"), data.get("mean"), outcomes)


@dataclass(frozen=True, slots=True)
class Outcome:
    """`successes` and `margin` are None where there is nothing to count, or where they are hidden."""

    label: str
    tone: str = ""
    colour: str | None = None
    passed: bool = True
    successes: int | None = None
    margin: int | None = None
    choices: tuple[str, ...] = ()
    notices: tuple[StoredNotice, ...] = ()

    @classmethod
    def read(cls, data: Json) -> "Outcome":
        known = {key: data[key] for key in cls.__slots__ if data.get(key) is not None}
        choices, notices = (data.get(key) or () for key in ("choices", "notices"))
        return cls(**{**known, "choices": tuple(choices), "notices": tuple(map(read, notices))})


@dataclass(frozen=True, slots=True)
class Step:
    label: str
    dice: tuple[Die, ...]
    passed: bool | None
    text: str

    @classmethod
    def read(cls, data: Json) -> "Step":
        return cls(data["label"], dice(data.get("dice")), data.get("passed"), data.get("text") or "")


@dataclass(frozen=True, slots=True)
class Roll:
    id: str
    system: str
    kind: str
    title: str
    outcome: Outcome
    roller: str = ""
    roller_id: str = ""
    roller_avatar: str | None = None
    name: str = ""
    portrait: str | None = None
    url: str | None = None
    visibility: str = "public"
    revealed: bool = False
    note: str = ""
    pool_text: str = ""
    options: Json = field(default_factory=dict)
    difficulty: int | None = None
    difficulty_hidden: bool = False
    dice: tuple[Die, ...] = ()
    rerolled: tuple[int, ...] = ()
    before: tuple[Die, ...] = ()
    rerollable: tuple[int, ...] = ()
    pick_most: int = 3
    steps: tuple[Step, ...] = ()
    value: Json = field(default_factory=dict)
    groups: tuple[Json, ...] = ()
    chances: Chances | None = None
    attached: tuple["Roll", ...] = ()
    consequences: tuple["Consequence", ...] = ()
    struck: str = ""
    rights: Json = field(default_factory=dict)

    @classmethod
    def read(cls, data: Json) -> "Roll":
        roller, character, pool = (data.get(key) or {} for key in ("roller", "character", "pool"))
        return cls(
            id=str(data["id"]),
            system=data.get("system") or "",
            kind=data.get("kind") or "roll",
            title=data.get("title") or data.get("label") or "Roll",
            outcome=Outcome.read(data["outcome"]),
            roller=roller.get("name") or "",
            roller_id=str(roller.get("discord_id") or ""),
            roller_avatar=roller.get("avatar_url") or None,
            name=data.get("name") or character.get("name") or "",
            portrait=character.get("thumbnail") or None,
            url=character.get("url") or None,
            visibility=data.get("visibility") or "public",
            revealed=bool(data.get("revealed")),
            note=data.get("note") or "",
            pool_text=pool.get("told") or "",
            options=data.get("options") or {},
            difficulty=data.get("difficulty"),
            difficulty_hidden=bool(data.get("difficulty_hidden")),
            dice=dice(data.get("dice")),
            rerolled=tuple(data.get("rerolled") or ()),
            before=dice(data.get("before")),
            rerollable=tuple(data.get("rerollable") or ()),
            pick_most=data.get("pick_most") or 3,
            steps=tuple(Step.read(s) for s in data.get("steps") or ()),
            value=data.get("value") or {},
            groups=tuple(data.get("groups") or ()),
            chances=Chances.read(data.get("chances")),
            attached=tuple(Roll.read(r) for r in data.get("attached") or ()),
            consequences=tuple(Consequence.read(c) for c in data.get("consequences") or ()),
            struck=_struck(data.get("struck")),
            rights=data.get("rights") or {},
        )


@dataclass(frozen=True, slots=True)
class Consequence:
    """What a roll did to its character."""

    changes: Json
    labels: dict[str, str]
    notices: tuple[StoredNotice, ...]

    @classmethod
    def read(cls, data: Json) -> "Consequence":
        notices = tuple(map(read, data.get("notices") or ()))
        return cls(data.get("changes") or {}, data.get("labels") or {}, notices)


def _struck(data: object) -> str:
    return str(data.get("reason") or "struck") if isinstance(data, dict) else ""


@dataclass(frozen=True, slots=True)
class Strategy:
    """A way to roll again, what it costs and exactly what it would do.

    `win` is the chance of its `aim`, which is to win if it is empty; `gain` is what it adds to the chance to win.
    """

    slug: str
    label: str
    dice: tuple[int, ...]
    description: str = ""
    cost: str = ""
    win: float | None = None
    gain: float | None = None
    aim: str = ""

    @classmethod
    def read(cls, data: Json) -> "Strategy":
        win = (data.get("odds") or {}).get("win")
        return cls(
            slug=data["slug"],
            label=data["label"],
            dice=tuple(data.get("dice") or ()),
            description=data.get("description") or "",
            cost=data.get("cost") or "",
            win=data["chance"] if data.get("aim") else win,
            gain=data.get("gain"),
            aim=data.get("aim") or "",
        )


@dataclass(frozen=True, slots=True)
class FollowUp:
    check: str
    label: str
    options: Json

    @classmethod
    def read(cls, data: Json) -> "FollowUp":
        return cls(data["check"], data["label"], data.get("options") or {})


@dataclass(frozen=True, slots=True)
class RollAnswer:
    roll: Roll
    strategies: tuple[Strategy, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    chosen: str = ""
    text_mode: bool = False
    request: Request | None = None

    @classmethod
    def read(cls, data: Json) -> "RollAnswer":
        asked = data.get("request")
        return cls(
            roll=Roll.read(data["roll"]),
            strategies=tuple(Strategy.read(s) for s in data.get("strategies") or ()),
            follow_ups=tuple(FollowUp.read(f) for f in data.get("follow_ups") or ()),
            chosen=data.get("chosen") or "",
            text_mode=bool(data.get("text_mode")),
            request=Request.read(asked) if isinstance(asked, dict) else None,
        )


@dataclass(frozen=True, slots=True)
class Odds:
    """`chart` is a PNG in base64, or nothing; `chances` is None where the dice are too many to be counted exactly."""

    system: str
    pool_text: str
    options: Json
    chances: Chances | None
    with_reroll: Chances | None
    notices: tuple[StoredNotice, ...] = ()
    chart: str = ""
    text_mode: bool = False

    @classmethod
    def read(cls, data: Json) -> "Odds":
        return cls(
            system=data.get("system") or "",
            pool_text=(data.get("pool") or {}).get("told") or "",
            options=data.get("options") or {},
            chances=Chances.read(data.get("chances")),
            with_reroll=Chances.read(data.get("with_reroll")),
            notices=tuple(map(read, data.get("notices") or ())),
            chart=data.get("chart") or "",
            text_mode=bool(data.get("text_mode")),
        )
