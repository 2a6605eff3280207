"""What wounds take from a pool, of the 20th anniversary edition and of Chronicles of Darkness."""

from typing import NamedTuple

from rules.dice.pool import PoolLine


class Wound(NamedTuple):
    """`penalty` is at least 0: dice taken away. `moves` tells how the character still gets about; "" for freely."""

    name: str
    penalty: int
    moves: str = ""


# By level (V20 core, chapter six, “Health”). Who is incapacitated hardly acts at all: what a storyteller lets them
# roll still (to wake up, to soak) suffers as much as before, rather than nothing.
LEVELS = (
    Wound("Unhurt", 0),
    Wound("Bruised", 0),
    Wound("Hurt", 1),
    Wound("Injured", 1, "moves at half running speed"),
    Wound("Wounded", 2, "cannot run; moves or attacks"),
    Wound("Mauled", 2, "can only hobble, three yards a turn"),
    Wound("Crippled", 5, "can only crawl, one yard a turn"),
    Wound("Incapacitated", 5, "cannot move and is likely unconscious"),
)
BOXES = len(LEVELS) - 1
INCAPACITATED = BOXES


def level20th(boxes: int, damage: int) -> int:
    """The level of so many filled boxes. Boxes above seven are further Bruised ones; with fewer, the first lack."""
    if damage <= 0:
        return 0
    return min(max(1, damage - (boxes - BOXES)), INCAPACITATED)


def penalty_cod(boxes: int, damage: int) -> int:
    """The last three boxes take one, two and three dice, by the rightmost that is marked (CoD core, “Health”)."""
    return min(max(0, damage - (boxes - 3)), 3)


def lines20th(level: int) -> tuple[PoolLine, ...]:
    """The wound as a named line of a pool; none where it takes nothing."""
    name, penalty, _ = LEVELS[level]
    return (PoolLine(name, -penalty),) if penalty else ()


def lines_cod(penalty: int) -> tuple[PoolLine, ...]:
    return (PoolLine("Wounds", -penalty),) if penalty else ()
