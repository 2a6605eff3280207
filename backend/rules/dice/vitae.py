"""Blood points of the 20th anniversary edition: spent to heal and for other ends, gained by feeding.

V20 core, “Healing”: a point mends a level of bashing or lethal damage, five points one of aggravated, after a day's
rest. How many points a turn allows follows from the generation: what goes beyond is told, not refused, as people count
more turns than one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

from contract.translation import N_, _
from rules.dice.base import Check, Operations, Step, adjust
from rules.errors import Unprocessable
from rules.notices import Notice, notice
from rules.options import Choice, OptionSet, Whole, declare

# What labels are made of.
BLOOD = N_("Blood")

HEALED = ("bashing", "lethal", "aggravated")
ENDS = {"disciplines": "Disciplines", "attributes": "Attributes", "other": "Something else"}
ACTIONS = {
    "heal_bashing": "Heal bashing",
    "heal_lethal": "Heal lethal",
    "heal_aggravated": "Heal aggravated",
} | ENDS
AGGRAVATED_COSTS = 5
SPENT, GAINED = "#8c0f28", "#1c1616"
# Points a turn by generation; from the tenth on, one.
A_TURN = {3: 20, 4: 10, 5: 8, 6: 6, 7: 4, 8: 3, 9: 2}

# As the sheet stores them: {"total", "current"}, {"total", "bashing", "lethal", "aggravated"}.
Pool = Mapping[str, int]
Health = Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class BloodGainOptions(OptionSet):
    amount: int = declare(Whole("Blood", "How many points", 1, 50, required=True, first=True))


@dataclass(frozen=True, kw_only=True)
class BloodUseOptions(BloodGainOptions):
    action: str = declare(Choice("Purpose", "What the blood is for", ACTIONS, required=True, first=True))


def use(blood: Pool, health: Health, amount: int, action: str, generation: int | None = None) -> Check:
    """Spends points. Raises Unprocessable when there are too few, or nothing to heal: no point is spent then."""
    BloodUseOptions(amount=amount, action=action)
    spent, levels = _bill(health, amount, action)
    if blood["current"] < spent:
        raise Unprocessable(
            _("That takes {spent} blood, but only {left} is left.", spent=spent, left=blood["current"]),
            "no_blood",
        )
    kind = action.removeprefix("heal_")
    healed: Operations = adjust(f"health.{kind}", -levels) if levels else ()
    text = notice("damage_healed", amount=levels, kind=kind) if levels else ENDS[action]
    return Check(
        slug="blood_use",
        label=N_("Blood spent"),
        tone="success",
        colour=SPENT,
        passed=True,
        steps=(Step("blood", f"{BLOOD}: {spent}", text=text),),
        operations=adjust("blood.current", -spent) + healed,
        notices=(*_left_over(amount, spent), *_turns(spent, generation)),
    )


def _bill(health: Health, amount: int, action: str) -> tuple[int, int]:
    """Points that are spent, and levels that they heal; never more points than there is damage for."""
    if action in ENDS:
        return amount, 0
    kind = action.removeprefix("heal_")
    cost = AGGRAVATED_COSTS if kind == "aggravated" else 1
    if not health[kind]:
        raise Unprocessable(_("There is no {kind} damage to heal.", kind=_(kind)), "nothing_to_mend")
    levels = min(amount // cost, health[kind])
    if not levels:
        raise Unprocessable(_("A level of aggravated damage takes {cost} blood.", cost=cost), "no_blood")
    return levels * cost, levels


def _left_over(amount: int, spent: int) -> tuple[Notice, ...]:
    return (notice("blood_not_needed", spent=spent, amount=amount),) if spent < amount else ()


def _turns(spent: int, generation: int | None) -> tuple[Notice, ...]:
    if generation is None or spent <= (most := A_TURN.get(generation, 1)):
        return ()
    return (notice("blood_turns", generation=generation, most=most, turns=ceil(spent / most)),)


def gain(blood: Pool, amount: int) -> Check:
    """Feeding. A notice names the points that found no room."""
    BloodGainOptions(amount=amount)
    taken = min(amount, blood["total"] - blood["current"])
    if taken <= 0:
        raise Unprocessable(_("The blood pool is full."), "blood_full")
    return Check(
        slug="blood_gain",
        label=N_("Blood gained"),
        tone="success",
        colour=GAINED,
        passed=True,
        steps=(Step("blood", f"{BLOOD}: {taken}", text=N_("Fed")),),
        operations=adjust("blood.current", taken),
        notices=(notice("blood_room", taken=taken, amount=amount),) if taken < amount else (),
    )
