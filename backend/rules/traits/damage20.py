"""Health of the 20th anniversary editions: bashing, lethal and aggravated damage, and the wounds they make."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from contract.translation import N_, _, n_
from rules.traits.base import Draft, Json
from rules.traits.scalars import Number
from rules.traits.tracks import DamageTrack

SEVERITIES = (N_("bashing"), N_("lethal"), N_("aggravated"))
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
Levels = tuple[tuple[str, int], ...]


@dataclass
class DamageTrack20th(DamageTrack):
    """Value: `{"total", "bashing", "lethal", "aggravated"}`; together no more than total, always.

    With every box full, a further point of bashing makes one bashing lethal, and graver damage takes the place of the
    lightest (Vampire 20th 285). Lethal damage stays lethal, unless a house rule makes it aggravated (`lethal_stays`).

    `beyond` are the codes of what further damage means, and further aggravated damage; their data is `label`.
    `at_once`: it means so even where a bashing could still become lethal, as for a vampire.
    """

    kind: ClassVar[str] = "damage20th"
    element: ClassVar[str] = "trait-damage20th"
    card: ClassVar[str] = "damage20th"
    severities: ClassVar[tuple[str, ...]] = SEVERITIES

    boxes: int = BOXES
    low: int = BOXES
    high: int = 15
    levels: Levels = LEVELS
    # A pool whose points are these boxes: its rating their number, what is left of it those without damage.
    pool: str = ""
    beyond: tuple[str, str] = ("dead", "dead")
    at_once: bool = False
    lethal_stays: bool = True

    def parts(self) -> dict[str, Number]:
        name = self.label
        boxes = Number(self.low, self.high, self.boxes, label=name, description=f"{name}: number of boxes")
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
            draft.note("less_damage", **self.called, healed=healed, kind=name)

    def _take(self, state: dict[str, int], name: str, amount: int, draft: Draft) -> None:
        filled = min(amount, max(0, state["total"] - _damage(state)))
        state[name] += filled
        further = amount - filled
        graver = next((done for done in range(further) if not self._worsen(state, name)), further)
        if graver:
            draft.note("upgraded", **self.called, amount=graver)
        if further > graver:
            lethal = name != "aggravated" and state["lethal"] > 0
            draft.note("no_box" if lethal else "damage_ignored", **self.called, ignored=further - graver)
        if name == "aggravated" and further:
            draft.note(self.beyond[1], **self.called)
        elif further > graver or (further and self.at_once):
            draft.note(self.beyond[0], **self.called)

    def _worsen(self, state: dict[str, int], name: str) -> bool:
        """One point of damage where no box is free. False when there is nothing that it worsens."""
        lightest = next((severity for severity in SEVERITIES if state[severity]), "aggravated")
        if lightest == "aggravated":
            return False
        if lightest == "lethal" and name != "aggravated" and self.lethal_stays:
            return False
        step = SEVERITIES[SEVERITIES.index(lightest) + 1]
        state[lightest] -= 1
        state[max(name, step, key=SEVERITIES.index)] += 1
        return True

    def follow(self, draft: Draft, before: Mapping[str, Json]) -> None:
        """Keep the boxes and the points of the pool the same, whichever of them changed."""
        if not self.pool or (draft.read(self.slug), draft.read(self.pool)) == (
            before[self.slug],
            before[self.pool],
        ):
            return
        state, points = draft.own(self.slug), draft.own(self.pool)
        if state["total"] != before[self.slug]["total"]:
            points["current"] = max(0, points["current"] + state["total"] - points["total"])
            points["total"] = state["total"]
        state["total"] = points["total"]
        hurt = any(state[name] != before[self.slug][name] for name in SEVERITIES)
        if hurt:
            points["current"] = max(0, state["total"] - _damage(state))
            return
        missing = max(0, state["total"] - points["current"])
        state["lethal"] += max(0, missing - _damage(state))
        for name in SEVERITIES:
            state[name] -= min(state[name], max(0, _damage(state) - missing))

    def settle(self, draft: Draft) -> None:
        state = draft.own(self.slug)
        dropped = 0
        for name in SEVERITIES:
            surplus = min(state[name], max(0, _damage(state) - state["total"]))
            state[name] -= surplus
            dropped += surplus
        if dropped:
            draft.note("damage_dropped", **self.called, dropped=dropped, boxes=state["total"])
        level, penalty = self.wound(state)
        if level == self.wound(draft.before[self.slug])[0]:
            return
        if penalty:
            draft.note("wound_penalty", **self.called, level=level, dice=penalty)
        else:
            draft.note("wound", **self.called, level=level)

    def text(self, value: Json) -> str:
        kinds = ", ".join(f"{value[name]} {_(name)}" for name in SEVERITIES if value[name])
        if not kinds:
            return n_("{count} box, no damage", "{count} boxes, no damage", value["total"])
        level, penalty = self.wound(value)
        state = _(level)
        if penalty:
            state = n_("{level}, −{count} die", "{level}, −{count} dice", penalty, level=state)
        boxes = value["total"]
        return n_(
            "{count} box: {kinds} ({state})",
            "{count} boxes: {kinds} ({state})",
            boxes,
            kinds=kinds,
            state=state,
        )

    def wound(self, value: Mapping[str, int]) -> tuple[str, int]:
        return wound(value, self.levels, self.boxes)

    def conditions(self, value: Json) -> list[str]:
        return [self.wound(value)[0]] if _damage(value) else []

    def schema(self) -> dict[str, Json]:
        return super().schema() | {"levels": [[_(level), penalty] for level, penalty in self.levels]}

    def card_value(self, value: Json) -> Json:
        level, penalty = self.wound(value)
        return {**value, "level": _(level), "penalty": penalty}


def _damage(state: Mapping[str, int]) -> int:
    return sum(state[name] for name in SEVERITIES)


def wound(value: Mapping[str, int], levels: Levels = LEVELS, boxes: int = BOXES) -> tuple[str, int]:
    """The health level and the dice it takes away."""
    extra = max(0, value["total"] - boxes)
    damage = _damage(value)
    number = 0 if not damage else max(1, damage - extra)
    return levels[min(number, len(levels) - 1)]
