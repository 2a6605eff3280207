"""The day of a tracker channel in one message: what became of each character, and who rolled how often."""

from dataclasses import dataclass, replace

from rodbot.characters import cards
from rodbot.characters.history import when
from rodbot.core.models import Event, Json
from rodbot.core.text import MESSAGE, clip, joined, plain, units

LINE = 300
LINES = 40


@dataclass(frozen=True, slots=True)
class Day:
    """What became of one character: how often it changed, and how it differs now."""

    name: str
    count: int
    event: Event
    more: int

    @classmethod
    def read(cls, data: Json) -> "Day":
        event = Event(data["id"], data["type"], changes=data["changes"], labels=data["labels"])
        return cls(str(data["name"]), int(data["count"]), event, int(data["more"]))


@dataclass(frozen=True, slots=True)
class Digest:
    since: str
    until: str
    days: tuple[Day, ...]
    # So many characters are not among them.
    others: int
    # Who, how many rolls, how many of them passed.
    rolls: tuple[tuple[str, int, int], ...]

    @classmethod
    def read(cls, data: Json) -> "Digest":
        rolls = tuple((str(one["name"]), int(one["rolls"]), int(one["passed"])) for one in data["rolls"])
        days = tuple(Day.read(one) for one in data["characters"])
        return cls(data["since"], data["until"], days, int(data["others"]), rolls)


def text(digest: Digest) -> str:
    head = f"**What happened** since {when(digest.since, 'f')}"
    dice = [f"🎲 {', '.join(_rolled(*one) for one in digest.rolls)}"] if digest.rolls else []
    more = [f"… and {digest.others} more characters"] if digest.others else []
    # The dice and what is left out are told in any case.
    tail = [clip(one, LINE) for one in [*more, *dice]]
    room = MESSAGE - sum(units(one) + 1 for one in [head, *tail])
    days = joined([_line(one) for one in digest.days], room, LINES)
    return clip("\n".join(filter(None, [head, days, *tail])), MESSAGE)


def _rolled(name: str, rolls: int, passed: int) -> str:
    return f"**{plain(name, 60)}** {_many(rolls, 'roll')}, {passed} won"


def _line(day: Day) -> str:
    """`**Night Owl** 4 changes: **Hunger** 1 → 5`"""
    became = cards.changed(replace(day.event, changes={})) if day.event.type != "character.updated" else []
    told = cards.changed(replace(day.event, type="character.updated"))
    left = [f"{day.more} more"] if day.more else []
    what = " · ".join([*became, *told, *left]) or "all is as it was before"
    return clip(f"**{plain(day.name, 60)}** {_many(day.count, 'change')}: {what}", LINE)


def _many(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
