"""Waking for the night: the check to rise, and what may come with it. Pages are those of the Vampire core book."""

from dataclasses import dataclass, field

from contract.translation import N_, _
from rules.dice.base import Check, Operations, Step, adjust
from rules.dice.blood import (
    BLUSH,
    FULL,
    RECOVER,
    Track,
    blush_step,
    failed,
    frenzy_offer,
    recover_willpower,
    rouse_step,
)
from rules.dice.source import Source
from rules.errors import Invalid
from rules.notices import notice
from rules.options import Flag, OptionSet, declare

SKIPPED = {
    "torpor": N_("Skipped: the vampire is in torpor."),
    "nothing": N_("Skipped: there is no such damage."),
}
MEND_AGGRAVATED = N_("Mend aggravated Health")
RISEN, RISEN_HUNGRY, TORPOR = "#81d2db", "#c90a0a", "#6b0070"


@dataclass(frozen=True, kw_only=True)
class WakeOptions(OptionSet):
    mend_aggravated: bool = declare(
        Flag(
            "Mend aggravated",
            "Mend 1 aggravated damage for three more Rouse checks",
            start=False,
            slash="heal_aggravated",
        )
    )
    recover: bool = declare(
        Flag(
            "Recover Willpower",
            "Recover Willpower by the higher of Resolve and Composure",
            start=False,
            slash="heal_willpower",
        )
    )
    blush: bool = declare(
        Flag(
            "Blush of Life",
            "Blush of Life too, for one more Rouse check",
            start=False,
            slash="blush_of_life",
        )
    )


@dataclass(frozen=True)
class Night:
    """What a vampire wants of an evening beside waking, and what of the sheet it needs."""

    hunger: int
    mend_aggravated: bool = False
    aggravated: int = 0
    blush: bool = False
    humanity: int = 7
    recover: bool = False
    willpower: Track = field(default_factory=dict)
    resolve: int | None = None
    composure: int | None = None
    full: int = FULL

    def __post_init__(self) -> None:
        if self.recover and (not self.willpower or self.resolve is None or self.composure is None):
            raise Invalid.field(
                "willpower", _("To recover Willpower, the sheet needs Resolve and Composure.")
            )


def wake(source: Source, night: Night) -> Check:
    """One Rouse check to rise, and torpor if it fails at Hunger 5; then what was asked for (core 211, 218).

    5 is the highest Hunger of the book; the night knows that of the chronicle. Mending one aggravated damage is a price
    of three checks, paid whole: it may not be begun at Hunger 5, but a failure past 5 on the way is a hunger frenzy
    test, not torpor, which only waking itself may bring.
    """
    risen = rouse_step(source, "wake", N_("Wake"))
    if not risen.passed and night.hunger >= night.full:
        return _torpor(risen, night)
    steps: tuple[Step, ...] = (risen,)
    operations: Operations = ()
    if night.mend_aggravated:
        more, healed = _mend_aggravated(source, night, _hunger(night, steps))
        steps, operations = steps + more, operations + healed
    if night.recover:
        step, healed = _recover(night)
        steps, operations = (*steps, step), operations + healed
    if night.blush:
        full = _hunger(night, steps) >= night.full and night.humanity < 9
        steps += (
            (_skipped("blush", BLUSH, "hunger", night.full) if full else blush_step(source, night.humanity)),
        )
    failures = failed(steps)
    return Check(
        slug="wake",
        label=N_("Wake for the night"),
        tone="failure" if failures else "success",
        colour=RISEN_HUNGRY if failures else RISEN,
        passed=True,
        steps=steps,
        operations=adjust("hunger", failures) + operations,
        offers=frenzy_offer(night.hunger, failures, night.full),
    )


def _hunger(night: Night, steps: tuple[Step, ...]) -> int:
    return min(max(night.full, night.hunger), night.hunger + failed(steps))


def _skipped(slug: str, label: str, why: str, full: int = FULL) -> Step:
    return Step(slug, label, text=notice("skipped_hunger", hunger=full) if why == "hunger" else SKIPPED[why])


def _mend_aggravated(source: Source, night: Night, hunger: int) -> tuple[tuple[Step, ...], Operations]:
    slug, label = "mend_aggravated", MEND_AGGRAVATED
    if not night.aggravated:
        return (_skipped(slug, label, "nothing"),), ()
    if hunger >= night.full:
        return (_skipped(slug, label, "hunger", night.full),), ()
    return tuple(rouse_step(source, slug, label) for _ in range(3)), adjust("health.aggravated", -1)


def _recover(night: Night) -> tuple[Step, Operations]:
    if not night.willpower["superficial"]:
        return _skipped("recover_willpower", RECOVER, "nothing"), ()
    check = recover_willpower(night.willpower, night.resolve or 0, night.composure or 0)
    return check.steps[0], check.operations


def _torpor(risen: Step, night: Night) -> Check:
    """Nothing else happens. Hunger is full already."""
    asked = {
        "mend_aggravated": (night.mend_aggravated, MEND_AGGRAVATED),
        "recover_willpower": (night.recover, RECOVER),
        "blush": (night.blush, BLUSH),
    }
    skipped = tuple(_skipped(slug, label, "torpor") for slug, (wanted, label) in asked.items() if wanted)
    return Check(
        slug="wake",
        label=N_("Torpor"),
        tone="bestial",
        colour=TORPOR,
        passed=False,
        steps=(
            Step(risen.slug, risen.label, risen.dice, False, notice("hunger_was", hunger=night.hunger)),
            *skipped,
        ),
        notices=(notice("torpor"),),
    )
