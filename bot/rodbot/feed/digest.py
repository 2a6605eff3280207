"""The digest of a tracker channel: how each character changed in a day, and who rolled how often."""

from dataclasses import dataclass, replace

from rodbot.characters.cards import changed
from rodbot.core.models import Event, Json
from rodbot.core.text import MESSAGE, clip, escape, join_lines, timestamp, units

LINE = 300
LINES = 40


@dataclass(frozen=True, slots=True)
class Day:
    """One character: how often it changed, and how it differs now."""

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
    # How many characters are left out.
    others: int
    # Name, number of rolls, how many of them passed.
    rolls: tuple[tuple[str, int, int], ...]

    @classmethod
    def read(cls, data: Json) -> "Digest":
        rolls = tuple(
            (str(roller["name"]), int(roller["rolls"]), int(roller["passed"])) for roller in data["rolls"]
        )
        days = tuple(Day.read(day) for day in data["characters"])
        return cls(data["since"], data["until"], days, int(data["others"]), rolls)


def text(digest: Digest) -> str:
    """The digest as a message. The rolls and the number of those left out are always in it."""
    head = f"**What happened** since {timestamp(digest.since, 'f')}"
    rolls = [f"🎲 {', '.join(_rolls(*roller) for roller in digest.rolls)}"] if digest.rolls else []
    others = [f"… and {digest.others} more characters"] if digest.others else []
    tail = [clip(line, LINE) for line in [*others, *rolls]]
    room = MESSAGE - sum(units(line) + 1 for line in [head, *tail])
    days = join_lines([_line(day) for day in digest.days], room, LINES)
    return clip("\n".join(filter(None, [head, days, *tail])), MESSAGE)


def _rolls(name: str, rolls: int, passed: int) -> str:
    return f"**{escape(name, 60)}** {_counted(rolls, 'roll')}, {passed} won"


def _line(day: Day) -> str:
    """`**Night Owl** 4 changes: **Hunger** 1 → 5`"""
    became = changed(replace(day.event, changes={})) if day.event.type != "character.updated" else []
    traits = changed(replace(day.event, type="character.updated"))
    left = [f"{day.more} more"] if day.more else []
    summary = " · ".join([*became, *traits, *left]) or "all is as it was before"
    return clip(f"**{escape(day.name, 60)}** {_counted(day.count, 'change')}: {summary}", LINE)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
