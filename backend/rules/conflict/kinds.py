"""The kinds of conflict and their phases, by edition.

20th (V20 core, chapter six): everybody rolls, actions are declared from the slowest on and carried out from the
quickest on; who takes extra actions takes them after everybody's own.
CoD (core, “Initiative”): one roll for the whole conflict, and turns from the quickest on. Fantasy alike,
by a twenty-sided die.
5th (core 125): no such roll. What somebody does says when: those who are engaged already, then who shoots, then who
closes in, then the rest; equals act at the same moment. Or one roll of a pool decides it all (a one-roll conflict).
"""

from dataclasses import dataclass

from contract.translation import _
from rules.errors import Invalid

GATHER = "gather"
ORDER = "order"
DECLARE = "declare"
ACT = "act"
ENDED = "ended"

# What a participant rolls.
DIE = "die"
POOL = "pool"

CATEGORIES = {
    "engaged": "Close combat, already engaged",
    "ranged": "Ranged",
    "closing": "Close combat, starting now",
    "other": "Everything else",
}
LAST_CATEGORY = "other"


@dataclass(frozen=True)
class Kind:
    """`rolls` is DIE, POOL or nothing; `phases` those of a round, after GATHER.

    `slowest_first`: declared by the order of initiative, not as people like. `rejoins`: who stays in for another round
    with the same initiative says so. `late`: newcomers come in at any time. `again`, `same`: a round with new rolls,
    one with those of before. `sides`: those of the die.
    """

    slug: str
    label: str
    rolls: str
    phases: tuple[str, ...]
    slowest_first: bool = False
    rejoins: bool = False
    late: bool = False
    again: bool = True
    same: bool = True
    sides: int = 10

    @property
    def by_category(self) -> bool:
        return not self.rolls


KINDS = {
    kind.slug: kind
    for kind in (
        Kind(
            "20th",
            "20th edition initiative",
            DIE,
            (ORDER, DECLARE, ACT),
            slowest_first=True,
            rejoins=True,
        ),
        Kind("cod", "Chronicles of Darkness initiative", DIE, (ACT,), late=True),
        Kind("fantasy", "Fantasy initiative", DIE, (ACT,), late=True, sides=20),
        Kind("5th", "5th edition conflict", "", (DECLARE, ACT), late=True, again=False),
        Kind("5th_once", "5th edition one-roll conflict", POOL, (ORDER,), same=False),
    )
}


def kind_of(slug: object) -> Kind:
    """Return the kind of this slug. Raises Invalid for `kind`."""
    if str(slug) not in KINDS:
        raise Invalid.field("kind", _("A conflict is one of: {names}.", names=", ".join(KINDS)))
    return KINDS[str(slug)]
