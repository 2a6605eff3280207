"""Who may see a trait, as a number: a viewer of level n sees every trait of level n or lower."""

from enum import IntEnum
from typing import Literal

from contract.translation import N_

Label = Literal["public", "table", "private", "secret"]
LABELS: tuple[Label, ...] = ("public", "table", "private", "secret")
# What people read of them.
WORDS: dict[Label, str] = {
    "public": N_("Everyone"),
    "table": N_("The table"),
    "private": N_("Player and storytellers"),
    "secret": N_("Storytellers only"),
}


class Level(IntEnum):
    PUBLIC = 0  # anyone, overlays included
    TABLE = 1  # members of the chronicle's server
    PRIVATE = 2  # the owner, and storytellers
    SECRET = 3  # storytellers only

    @property
    def label(self) -> Label:
        return LABELS[self]


PUBLIC, TABLE, PRIVATE, SECRET = Level
NAMES: dict[Label, Level] = {level.label: level for level in Level}
