"""Health of the 20th anniversary editions: bashing, lethal and aggravated damage, and the wounds they make."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from rules.text import counted
from rules.traits.base import Draft, Json
from rules.traits.scalars import Number
from rules.traits.tracks import Composite

SEVERITIES = ("bashing", "lethal", "aggravated")
# Health levels (Vampire 20th 282) with the dice they take away; boxes above seven are further Bruised levels.
LEVELS = (
    ("Unhurt", 0),
    ("Bruised", 0),
    ("Hurt", 1),
    ("Injured", 1),
    ("Wounded", 2),
    ("Mauled", 2),
    ("Crippled", 5),
    ("Incapacitated", 5),
)
BOXES = 7


@dataclass
class DamageTrack20th(Composite):
    """Value: `{"total", "bashing", "lethal", "aggravated"}`; together no more than total, always.

    With every box full, each further point makes the lightest damage one step graver: bashing becomes lethal, lethal
    aggravated (Vampire 20th 285). Graver damage than what is there takes the place of the lightest.
    """

    kind: ClassVar[str] = "damage20th"
    element: ClassVar[str] = "trait-damage20th"
    card: ClassVar[str] = "damage20th"
    primary: ClassVar[str] = "total"

    high: int = 15

    def parts(self) -> dict[str, Number]:
        name = self.label
        boxes = Number(BOXES, self.high, BOXES, label=name, description=f"{name}: number of boxes")
        kinds = {
            severity: Number(
                0, self.high, 0, label=f"{name} {severity}", description=f"{name}: {severity} damage"
            )
            for severity in SEVERITIES
        }
        return {"total": boxes, **kinds}

    def adjust_part(self, state: dict[str, int], name: str, amount: int, draft: Draft) -> None:
        if name == "total":
            super().adjust_part(state, name, amount, draft)
        elif amount < 0:
            self._heal(state, name, -amount, draft)
        else:
            self._take(state, name, amount, draft)

    def _heal(self, state: dict[str, int], name: str, amount: int, draft: Draft) -> None:
        healed = min(amount, state[name])
        state[name] -= healed
        if healed < amount:
            draft.note("less_damage", label=self.label, healed=healed, kind=name)

    def _take(self, state: dict[str, int], name: str, amount: int, draft: Draft) -> None:
        filled = min(amount, max(0, state["total"] - _damage(state)))
        state[name] += filled
        graver = 0
        for _ in range(amount - filled):
            if not _worsen(state, name):
                break
            graver += 1
        if graver:
            draft.note("upgraded", label=self.label, amount=graver)
        lost = amount - filled - graver
        if lost:
            draft.note("damage_ignored", label=self.label, ignored=lost)

    def settle(self, draft: Draft) -> None:
        state = draft.own(self.slug)
        dropped = 0
        for name in SEVERITIES:
            surplus = min(state[name], max(0, _damage(state) - state["total"]))
            state[name] -= surplus
            dropped += surplus
        if dropped:
            draft.note("damage_dropped", label=self.label, dropped=dropped, boxes=state["total"])
        level, penalty = wound(state)
        if level == wound(draft.before[self.slug])[0]:
            return
        if penalty:
            draft.note("wound_penalty", label=self.label, level=level, dice=penalty)
        else:
            draft.note("wound", label=self.label, level=level)

    def text(self, value: Json) -> str:
        kinds = ", ".join(f"{value[name]} {name}" for name in SEVERITIES if value[name])
        level, penalty = wound(value)
        state = f"{level}, −{counted(penalty, 'die', 'dice')}" if penalty else level
        return f"{value['total']} boxes: {kinds} ({state})" if kinds else f"{value['total']} boxes, no damage"

    def card_value(self, value: Json) -> Json:
        level, penalty = wound(value)
        return {**value, "level": level, "penalty": penalty}


def _damage(state: Mapping[str, int]) -> int:
    return sum(state[name] for name in SEVERITIES)


def _worsen(state: dict[str, int], name: str) -> bool:
    """One point of damage where no box is free. False when there is nothing left to worsen."""
    lightest = next((severity for severity in SEVERITIES if state[severity]), None)
    if lightest is None or lightest == "aggravated":
        return False
    step = SEVERITIES[SEVERITIES.index(lightest) + 1]
    state[lightest] -= 1
    state[max(name, step, key=SEVERITIES.index)] += 1
    return True


def wound(value: Mapping[str, int]) -> tuple[str, int]:
    """The health level and the dice it takes away."""
    extra = value["total"] - BOXES
    damage = _damage(value)
    number = 0 if not damage else max(1, damage - extra)
    return LEVELS[min(number, len(LEVELS) - 1)]
