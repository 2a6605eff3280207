"""The digest of a tracker channel: how each character changed in a day, and who rolled how often."""

from contract.feed_frames import DigestCharacter, DigestRolls, Summary
from contract.translation import _, n_
from rodbot.characters.cards import kind_lines, trait_lines
from rodbot.core.text import MESSAGE, clip, escape, join_lines, timestamp, units

LINE = 300
LINES = 40


def text(digest: Summary) -> str:
    """The digest as a message. The rolls and the number of those left out are always in it."""
    head = _("**What happened** since {time}", time=timestamp(digest.since, "f"))
    rolls = [f"🎲 {', '.join(map(_rolls, digest.rolls))}"] if digest.rolls else []
    others = [_others(digest.others)] if digest.others else []
    tail = [clip(line, LINE) for line in [*others, *rolls]]
    room = MESSAGE - sum(units(line) + 1 for line in [head, *tail])
    days = join_lines([_line(character) for character in digest.characters], room, LINES)
    return clip("\n".join(filter(None, [head, days, *tail])), MESSAGE)


def _rolls(roller: DigestRolls) -> str:
    name = escape(roller.name, 60)
    return n_(
        "**{name}** {count} roll, {won} won",
        "**{name}** {count} rolls, {won} won",
        roller.rolls,
        name=name,
        won=roller.passed,
    )


def _others(count: int) -> str:
    return n_("… and {count} more character", "… and {count} more characters", count)


def _line(character: DigestCharacter) -> str:
    """`**Night Owl** 4 changes: **Hunger** 1 → 5`"""
    traits = trait_lines(character)
    left = [n_("{count} more", "{count} more", character.more)] if character.more else []
    summary = " · ".join([*kind_lines(character.type), *traits, *left]) or _("all back to what it was")
    name = escape(character.name, 60)
    head = n_("**{name}** {count} change", "**{name}** {count} changes", character.count, name=name)
    return clip(f"{head}: {summary}", LINE)
