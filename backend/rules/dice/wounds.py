"""What wounds take from a pool, of the 20th anniversary edition and of Chronicles of Darkness."""

from typing import NamedTuple

from contract.translation import N_
from rules.dice.pool import PoolLine
from rules.traits.damage20 import BOXES
from rules.traits.damage20 import LEVELS as LEVELS20


class Wound(NamedTuple):
    """`penalty` is at least 0: dice taken away. `moves` is how the character can still move; "" for freely."""

    name: str
    penalty: int
    moves: str = ""


MOVES = (
    "",
    "",
    "",
    "moves at half running speed",
    "cannot run; moves or attacks",
    "can only hobble, three yards a turn",
    "can only crawl, one yard a turn",
    "cannot move and is likely unconscious",
)
# By level. Who is incapacitated hardly acts at all: what a storyteller lets them roll still (to wake up, to soak)
# suffers as much as before, rather than nothing.
LEVELS = tuple(Wound(name, penalty, moves) for (name, penalty), moves in zip(LEVELS20, MOVES, strict=True))
INCAPACITATED = len(LEVELS) - 1


def level20th(boxes: int, damage: int) -> int:
    """The level of so many filled boxes. Boxes above seven are further Bruised ones."""
    if damage <= 0:
        return 0
    return min(max(1, damage - (boxes - BOXES)), INCAPACITATED)


def lines20th(level: int) -> tuple[PoolLine, ...]:
    """The wound as a named line of a pool; none where it takes nothing."""
    name, penalty, _ = LEVELS[level]
    return (PoolLine(name, -penalty),) if penalty else ()


def lines_cod(penalty: int) -> tuple[PoolLine, ...]:
    return (PoolLine(N_("Wounds"), -penalty),) if penalty else ()
