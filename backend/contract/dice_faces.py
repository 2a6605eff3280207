"""What one die shows, as a shape and as a word: the same on the page and in Discord.

Shape and word carry the meaning, colour carries none. Winning dice are full shapes, lost ones hollow or crossed; each
kind of special dice has shapes of its own.
"""

from collections.abc import Mapping
from typing import NamedTuple

from contract.roll_fields import Value
from contract.rolls import Die
from contract.translation import N_

ACE = 10
WINS = 6

Options = Mapping[str, Value | None]


class Face(NamedTuple):
    """`shape` is one character, `word` what it means."""

    shape: str
    word: str


LOST, WON, TEN = Face("◇", N_("failure")), Face("◆", N_("success")), Face("✦", N_("critical"))
HUNGRY_LOST, HUNGRY_WON, HUNGRY_TEN = (
    Face("○", N_("failure")),
    Face("●", N_("success")),
    Face("✹", N_("critical")),
)
BESTIAL, DESPAIR = Face("☠", N_("bestial")), Face("✖", N_("despair"))
BRUTAL, RAGING_LOST, RAGING_WON = Face("▼", N_("brutal")), Face("▽", N_("failure")), Face("▲", N_("success"))
CANCELS, DOUBLE = Face("✖", N_("cancels")), Face("✦", N_("counts twice"))
NIGHTMARE = Face("☾", N_("nightmare"))
AGAIN, DRAMATIC = Face("✦", N_("rolls again")), Face("✖", N_("dramatic"))
NOTHING = Face("·", N_("dropped"))

# The option that decides which dice count. It is None where it is hidden: then no die is marked.
DECIDES = {"wod20": "difficulty", "cod": "target"}


def face(system: str, die: Die, options: Options) -> Face | None:
    """The face of a die; None for a die that is just a number."""
    if die.kind == "dropped":
        return NOTHING
    if options.get(DECIDES.get(system, ""), 0) is None:
        return None
    if system in ("v5", "w5", "h5"):
        return _fifth(die)
    if system == "wod20":
        return _twentieth(die, options)
    return _chronicles(die, options) if system == "cod" else None


def _fifth(die: Die) -> Face:
    if die.kind == "rage":
        return _by_value(die.value, BRUTAL, 2, RAGING_LOST, RAGING_WON)
    if die.kind == "hunger":
        return _by_value(die.value, BESTIAL, 1, HUNGRY_LOST, HUNGRY_WON)
    if die.kind == "desperation":
        return _by_value(die.value, DESPAIR, 1, HUNGRY_LOST, HUNGRY_WON)
    return TEN if die.value == ACE else WON if die.value >= WINS else LOST


def _by_value(value: int, worst: Face, upto: int, lost: Face, won: Face) -> Face:
    if value <= upto:
        return worst
    return HUNGRY_TEN if value == ACE else won if value >= WINS else lost


def _twentieth(die: Die, options: Options) -> Face:
    if die.value == 1 and not options.get("no_botch"):
        return CANCELS
    if die.value == ACE and die.kind == "nightmare":
        return NIGHTMARE
    if die.value == ACE and options.get("specialty"):
        return DOUBLE
    return WON if die.value >= int(options.get("difficulty") or 6) else LOST


def _chronicles(die: Die, options: Options) -> Face:
    """On a chance die, and on the rote die after it, only a 10 succeeds."""
    if die.kind == "chance" or options.get("chance"):
        return WON if die.value == ACE else DRAMATIC if die.value == 1 else LOST
    if die.value >= int(options.get("again") or ACE):
        return AGAIN
    return WON if die.value >= int(options.get("target") or 8) else LOST
