"""The Blood Potency table (core 216)."""

from dataclasses import dataclass

from contract.translation import _
from rules.errors import Invalid

PAGE = "core 216"


@dataclass(frozen=True)
class BloodPotency:
    """One line of the table.

    `rouse_reroll` is the highest level of powers whose Rouse checks roll two dice. `animal_share` is what animal and
    bagged blood still slakes, in halves: 2 all, 1 half, 0 none. `human_less` is taken off per human, and without
    killing one Hunger does not fall below `floor` (1 for everyone, core 212).
    """

    level: int
    surge: int
    mend: int
    power_bonus: int
    rouse_reroll: int
    bane: int
    animal_share: int = 2
    human_less: int = 0
    floor: int = 1


TABLE = (
    BloodPotency(0, 1, 1, 0, 0, 0),
    BloodPotency(1, 2, 1, 0, 1, 2),
    BloodPotency(2, 2, 2, 1, 1, 2, 1),
    BloodPotency(3, 3, 2, 1, 2, 3, 0),
    BloodPotency(4, 3, 3, 2, 2, 3, 0, 1),
    BloodPotency(5, 4, 3, 2, 3, 4, 0, 1, 2),
    BloodPotency(6, 4, 3, 3, 3, 4, 0, 2, 2),
    BloodPotency(7, 5, 3, 3, 4, 5, 0, 2, 2),
    BloodPotency(8, 5, 4, 4, 4, 5, 0, 2, 3),
    BloodPotency(9, 6, 4, 4, 5, 6, 0, 2, 3),
    BloodPotency(10, 6, 5, 5, 5, 6, 0, 3, 3),
)


def blood_potency(level: int) -> BloodPotency:
    if isinstance(level, bool) or not isinstance(level, int) or not 0 <= level < len(TABLE):
        raise Invalid.field("blood_potency", _("Blood Potency goes from 0 to 10."))
    return TABLE[level]
