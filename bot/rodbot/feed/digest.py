"""The digest of a tracker channel: how each character changed in a day, and who rolled how often."""

from contract.feed_frames import DigestCharacter, DigestRolls, Summary
from rodbot.characters.cards import kind_lines, trait_lines
from rodbot.core.text import MESSAGE, clip, escape, join_lines, timestamp, units

LINE = 300
LINES = 40


def text(digest: Summary) -> str:
    """The digest as a message. The rolls and the number of those left out are always in it."""
    head = f"**What happened** since {timestamp(digest.since, 'f')}"
    rolls = [f"🎲 {', '.join(map(_rolls, digest.rolls))}"] if digest.rolls else []
    others = [f"… and {digest.others} more characters"] if digest.others else []
    tail = [clip(line, LINE) for line in [*others, *rolls]]
    room = MESSAGE - sum(units(line) + 1 for line in [head, *tail])
    days = join_lines([_line(character) for character in digest.characters], room, LINES)
    return clip("\n".join(filter(None, [head, days, *tail])), MESSAGE)


def _rolls(roller: DigestRolls) -> str:
    return f"**{escape(roller.name, 60)}** {_counted(roller.rolls, 'roll')}, {roller.passed} won"


def _line(character: DigestCharacter) -> str:
    """`**Night Owl** 4 changes: **Hunger** 1 → 5`"""
    traits = trait_lines(character.changes, character.labels)
    left = [f"{character.more} more"] if character.more else []
    summary = " · ".join([*kind_lines(character.type), *traits, *left]) or "all is as it was before"
    return clip(f"**{escape(character.name, 60)}** {_counted(character.count, 'change')}: {summary}", LINE)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
