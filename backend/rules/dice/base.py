"""Types that the dice of every system share: options, dice, outcomes, checks.

A system is a module with `Options` (validated), `roll(options, source) -> Rolled`, `judge(options, dice, choice="") ->
Outcome`, `reroll(options, rolled, picked, source) -> Rolled` and `strategies(options, rolled) -> list[Strategy]`.
Everything is JSON and back (`as_json`, `from_json`), so that a stored roll can be taken up hours later.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any, ClassVar, Self, TypedDict

from contract.translation import _
from rules.dice.source import Source
from rules.errors import Invalid, Problems, Unprocessable
from rules.json import Json, JsonObject
from rules.notices import Notice
from rules.text import clean


class SheetOperation(TypedDict):
    """A change of a sheet that follows from dice, as `rules.traits.Operation` takes it."""

    path: str
    op: str
    value: bool | int | str


Operations = tuple[SheetOperation, ...]

REGULAR = "regular"
HUNGER = "hunger"
RAGE = "rage"
DESPERATION = "desperation"
NIGHTMARE = "nightmare"
CHANCE = "chance"
ROTE = "rote"
EXTRA = "extra"
DROPPED = "dropped"
KINDS = (REGULAR, HUNGER, RAGE, DESPERATION, NIGHTMARE, CHANCE, ROTE, EXTRA, DROPPED)


@dataclass(frozen=True)
class Record:
    """A frozen dataclass that is JSON and back. `parts` names the fields that hold records themselves."""

    parts: ClassVar[Mapping[str, "type[Record]"]] = {}

    def as_json(self) -> JsonObject:
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}

    @classmethod
    def from_json(cls, data: Mapping[str, Json]) -> Self:
        """Raises Invalid for a name that is no field, and for what the class itself refuses."""
        known = {field.name for field in fields(cls)}
        problems = Problems()
        for name in sorted(set(data) - known):
            problems.add(clean(name, 50), _("There is no option “{typed}” here.", typed=clean(name, 50)))
        problems.settle()
        return cls(**{name: cls._value(name, value) for name, value in data.items()})

    @classmethod
    def _value(cls, name: str, value: Any) -> Any:
        part = cls.parts.get(name)
        if isinstance(value, list):
            return tuple(part.from_json(item) if part else item for item in value)
        return part.from_json(value) if part and value is not None else value


def _plain(value: Any) -> Json:
    if isinstance(value, Record | Notice):
        return value.as_json()
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    plain: Json = value
    return plain


@dataclass(frozen=True)
class Die(Record):
    value: int
    kind: str = REGULAR
    sides: int = 10


@lru_cache(maxsize=4096)
def die(value: int, kind: str = REGULAR, sides: int = 10) -> Die:
    """One shared object for each face: rolls are made of few different ones."""
    return Die(value, kind, sides)


@lru_cache(maxsize=64)
def _ten(kind: str) -> tuple[Die, ...]:
    """The faces of a d10."""
    return tuple(die(value, kind) for value in range(1, 11))


def throw(count: int, kind: str, source: Source, sides: int = 10) -> tuple[Die, ...]:
    if sides == 10:
        faces = _ten(kind)
        return tuple([faces[source(10) - 1] for _ in range(count)])
    return tuple([die(source(sides), kind, sides) for _ in range(count)])


@dataclass(frozen=True)
class Rolled(Record):
    """The dice as they lie. `rerolled` are the indexes of those that were rolled again, `before` what they showed.

    `choice` is what a person decided about the outcome afterwards (overreach, despair, brutal_gain).
    """

    parts = {"dice": Die, "before": Die}

    dice: tuple[Die, ...]
    rerolled: tuple[int, ...] = ()
    before: tuple[Die, ...] = ()
    choice: str = ""

    def values(self, kind: str) -> list[int]:
        return [die.value for die in self.dice if die.kind == kind]

    def first(self) -> "Rolled":
        """The dice before any reroll or decision."""
        dice = list(self.dice)
        for index, old in zip(self.rerolled, self.before, strict=True):
            dice[index] = old
        return Rolled(tuple(dice))


@dataclass(frozen=True)
class Verdict:
    """How an outcome is shown: its slug is the key in a system's `VERDICTS`, the colour that of its card."""

    label: str
    tone: str
    colour: str
    passed: bool


@dataclass(frozen=True)
class Outcome(Record):
    """The outcome of a roll.

    `margin` is None when no difficulty was named. `choices` are the decisions that are open to the player;
    `operations` what follows for the character, as changes that a service applies; `notices` what people should know;
    `offers` slugs of what a person may want to do next.
    """

    slug: str
    label: str
    tone: str
    colour: str
    passed: bool
    successes: int
    margin: int | None = None
    choices: tuple[str, ...] = ()
    operations: Operations = ()
    notices: tuple[Notice, ...] = ()
    offers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Strategy(Record):
    """A way to roll again: the indexes of the dice it picks, and why one would.

    `avoids` is the outcome that it is to turn away, where it does not simply want to win.
    """

    slug: str
    label: str
    picked: tuple[int, ...]
    description: str = ""
    avoids: str = ""


@dataclass(frozen=True)
class Step(Record):
    """One part of a check: its dice, whether it held (None: nothing to hold), and what came of it: a
    notice where it has data, else a text.
    """

    parts = {"dice": Die}

    slug: str
    label: str
    dice: tuple[Die, ...] = ()
    passed: bool | None = None
    text: Notice | str = ""


@dataclass(frozen=True)
class Check(Record):
    """A rouse check, a frenzy test, a resonance: what happened, step by step, and what follows for the character.

    `operations` are the changes to apply together; `offers` are slugs of what a person may want to do next.
    `value` holds what the check found out (a resonance, a compulsion), for the card.
    """

    parts = {"steps": Step}

    slug: str
    label: str
    tone: str
    colour: str
    passed: bool
    steps: tuple[Step, ...] = ()
    operations: Operations = ()
    notices: tuple[Notice, ...] = ()
    offers: tuple[str, ...] = ()
    successes: int | None = None
    margin: int | None = None
    value: JsonObject | None = None


def operation(path: str, op: str, value: bool | int | str) -> SheetOperation:
    return {"path": path, "op": op, "value": value}


def adjust(path: str, amount: int) -> Operations:
    """Return one `adjust` operation; none for an amount of 0."""
    return (operation(path, "adjust", amount),) if amount else ()


def difference(before: Operations, after: Operations) -> Operations:
    """Return the operations from one outcome's consequences to another's; what no longer applies is undone."""
    taken_back = tuple(_inverse(operation) for operation in before if operation not in after)
    return taken_back + tuple(operation for operation in after if operation not in before)


def _inverse(change: SheetOperation) -> SheetOperation:
    value = change["value"]
    if isinstance(value, str) or (change["op"] == "set" and not isinstance(value, bool)):
        raise ValueError("only a flag or a step can be taken back")
    return operation(change["path"], change["op"], not value if change["op"] == "set" else -value)


def roll_again(
    rolled: Rolled, picked: Iterable[int], may: Iterable[int], source: Source, most: int = 3
) -> Rolled:
    """Roll the picked dice again; `may` are the indexes that the system allows.

    Raises Invalid for a wrong pick, Unprocessable when it was done before.
    """
    if rolled.rerolled:
        raise Unprocessable(_("This roll was already rerolled."), "rerolled")
    chosen = tuple(sorted(picked))
    if not 1 <= len(chosen) <= most or len(set(chosen)) != len(chosen):
        raise Invalid.field("picked", _("Pick 1 to {most} different dice.", most=most))
    if not set(chosen) <= set(may):
        raise Invalid.field("picked", _("One of these dice can’t be rerolled."))
    dice = list(rolled.dice)
    for index in chosen:
        old = dice[index]
        dice[index] = die(source(old.sides), old.kind, old.sides)
    before = tuple(rolled.dice[index] for index in chosen)
    return Rolled(tuple(dice), chosen, before, rolled.choice)
