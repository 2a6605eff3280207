"""The Blood: rouse checks, mending, Blush of Life, feeding, waking. Page numbers are those of the Vampire core book."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from rules.dice import fifth
from rules.dice.base import REGULAR, Check, Operations, Problems, Step, adjust, throw
from rules.dice.blood_potency import BloodPotency
from rules.dice.blood_potency import blood_potency as potency_of
from rules.dice.source import Source
from rules.errors import Invalid, Unprocessable

# A damage track as the sheet stores it: {"total", "superficial", "aggravated"}.
Track = Mapping[str, int]

HELD, FAILED, QUIET = "#1c1616", "#8c0f28", "#161616"
MENDED, MENDED_HUNGRY, SOOTHED = "#11ba6b", "#ba111f", "#2db5c4"
RISEN, RISEN_HUNGRY, TORPOR = "#81d2db", "#c90a0a", "#6b0070"
FULL = 5
BLOODS = ("human", "animal", "bagged", "vampire")


def undamaged(track: Track) -> int:
    return track["total"] - track["superficial"] - track["aggravated"]


def spend_willpower(willpower: Track, points: int = 1) -> Operations:
    """A point of Willpower is a superficial damage to it (core 122, 157). Raises Unprocessable when none is whole."""
    if undamaged(willpower) < points:
        raise Unprocessable("No undamaged Willpower is left to spend.", "no_willpower")
    return adjust("willpower.superficial", points)


def rouse_step(source: Source, slug: str = "rouse", label: str = "Rouse check", reroll: bool = False) -> Step:
    """One check: a 6 or more on its die, or on either of its two, leaves Hunger as it is (core 211)."""
    dice = throw(2 if reroll else 1, REGULAR, source)
    held = any(one.value >= fifth.WINS for one in dice)
    return Step(slug, label, dice, held, "Hunger stays." if held else "Hunger rises by 1.")


def rerolls(blood_potency: int | None, level: int | None) -> bool:
    """Does the check for a power of this level roll two dice (core 216)? The table speaks of powers alone."""
    return blood_potency is not None and level is not None and level <= potency_of(blood_potency).rouse_reroll


def failed(steps: tuple[Step, ...]) -> int:
    return sum(one.passed is False for one in steps)


def frenzy_offer(hunger: int | None, failures: int) -> tuple[str, ...]:
    """A check that failed at, or into, Hunger 5: the table may want the hunger frenzy test at once."""
    return ("frenzy",) if hunger is not None and failures and hunger + failures >= FULL else ()


def rouse(
    source: Source,
    hunger: int | None,
    times: int = 1,
    reroll: bool = False,
    blood_potency: int | None = None,
    level: int | None = None,
    forced: bool = False,
) -> Check:
    """Rouse checks, each failure a Hunger more (core 211). `hunger` None is nobody's tracked Hunger.

    Two dice with `reroll`, or for a power of a `level` that the Blood Potency makes easy. At Hunger 5 the Blood cannot
    be roused at will; `forced` is a check from outside, and its failure there asks for a hunger frenzy test.
    Several checks are one price: those after the fifth Hunger are rolled all the same.
    """
    problems = Problems()
    problems.whole("times", times, 1, 5)
    problems.whole("hunger", hunger, 0, FULL, none=True)
    problems.whole("level", level, 1, 5, none=True)
    problems.settle()
    if hunger == FULL and not forced:
        raise Unprocessable("At Hunger 5 the Blood cannot be roused at will (core 211).", "hunger_full")
    two = reroll or rerolls(blood_potency, level)
    steps = tuple(rouse_step(source, reroll=two) for _ in range(times))
    failures = failed(steps)
    return Check(
        slug="rouse",
        label="Rouse check" if times == 1 else f"{times} Rouse checks",
        tone="failure" if failures else "success",
        colour=FAILED if failures else HELD,
        passed=not failures,
        steps=steps,
        operations=adjust("hunger", failures),
        offers=frenzy_offer(hunger, failures),
    )


def mend(source: Source, hunger: int, blood_potency: int, health: Track, reroll: bool = False) -> Check:
    """One Rouse check mends superficial Health by Blood Potency, and does so even if it fails (core 211, 218).

    Blood Potency lets Rouse checks of powers be rolled twice, not this one; `reroll` is for what else may allow it.
    """
    if not health["superficial"]:
        raise Unprocessable("There is no superficial damage to Health to mend.", "nothing_to_mend")
    if hunger >= FULL:
        raise Unprocessable("At Hunger 5 the Blood cannot be roused to mend (core 211).", "hunger_full")
    amount = min(potency_of(blood_potency).mend, health["superficial"])
    step = rouse_step(source, reroll=reroll)
    failures = failed((step,))
    return Check(
        slug="mend",
        label="Mend Health",
        tone="failure" if failures else "success",
        colour=MENDED_HUNGRY if failures else MENDED,
        passed=True,
        steps=(step, Step("mended", "Mended", text=f"{amount} superficial damage to Health")),
        operations=adjust("hunger", failures) + adjust("health.superficial", -amount),
        offers=frenzy_offer(hunger, failures),
    )


def recover_willpower(willpower: Track, resolve: int, composure: int) -> Check:
    """The higher of Resolve and Composure in superficial Willpower; by the book, as a session begins (core 157)."""
    amount = min(max(resolve, composure), willpower["superficial"])
    if not amount:
        raise Unprocessable("There is no superficial damage to Willpower to recover.", "nothing_to_mend")
    return Check(
        slug="recover_willpower",
        label="Recover Willpower",
        tone="success",
        colour=SOOTHED,
        passed=True,
        steps=(Step("recover_willpower", "Recovered", text=f"{amount} superficial damage to Willpower"),),
        operations=adjust("willpower.superficial", -amount),
    )


def blush_step(source: Source, humanity: int) -> Step:
    """Blush of Life: one check, two dice at Humanity 8, none above, where the body lives by itself (core 218, 236)."""
    if humanity >= 9:
        return Step("blush", "Blush of Life", text=f"Not needed at Humanity {humanity}.")
    return rouse_step(source, "blush", "Blush of Life", reroll=humanity == 8)


def blush(source: Source, hunger: int, humanity: int) -> Check:
    if hunger >= FULL and humanity < 9:
        raise Unprocessable("At Hunger 5 the Blood cannot be roused for a blush (core 211).", "hunger_full")
    step = blush_step(source, humanity)
    failures = failed((step,))
    return Check(
        slug="blush",
        label="Blush of Life",
        tone="failure" if failures else "success",
        colour=FAILED if failures else HELD,
        passed=True,
        steps=(step,),
        operations=adjust("hunger", failures),
        offers=frenzy_offer(hunger, failures),
    )


def slake(
    hunger: int,
    amount: int,
    blood_potency: int = 0,
    blood: str = "human",
    humans: int = 1,
    killed: bool = False,
) -> Check:
    """Feeding: `amount` is what the blood is worth before Blood Potency takes its part (core 212, 216).

    Below 1 (higher for potent blood) Hunger falls only with a human drained to death. Half of an odd amount is rounded
    down: the book does not say, and so it is never more than half.
    """
    problems = Problems()
    problems.whole("hunger", hunger, 0, FULL)
    problems.whole("amount", amount, 1, 10)
    problems.whole("humans", humans, 1, 10)
    problems.one_of("blood", blood, BLOODS)
    problems.flag("killed", killed)
    if killed is True and blood != "human":
        problems.add("killed", "Only the death of a human counts here.")
    problems.settle()
    potency = potency_of(blood_potency)
    worth = _worth(amount, potency, blood, humans)
    floor = 0 if killed else potency.floor
    slaked = max(0, min(worth, hunger - floor))
    return Check(
        slug="slake",
        label="Slake Hunger",
        tone="success" if slaked else "failure",
        colour=HELD if slaked else QUIET,
        passed=bool(slaked),
        steps=(Step("slaked", "Slaked", text=f"{slaked} Hunger"),),
        operations=adjust("hunger", -slaked),
        notices=_feeding_notices(potency, amount, worth, slaked, min(floor, hunger)),
    )


def _worth(amount: int, potency: BloodPotency, blood: str, humans: int) -> int:
    if blood in ("animal", "bagged"):
        return amount * potency.animal_share // 2
    if blood == "human":
        return max(0, amount - potency.human_less * humans)
    return amount


def _feeding_notices(
    potency: BloodPotency, amount: int, worth: int, slaked: int, floor: int
) -> tuple[str, ...]:
    notices = []
    if worth < amount:
        notices.append(
            f"Blood Potency {potency.level}: this blood slakes {worth} instead of {amount} (core 216)."
        )
    if slaked < worth and floor:
        notices.append(f"Hunger falls below {floor} only by draining a human to death (core 212).")
    return tuple(notices)


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

    def __post_init__(self) -> None:
        if self.recover and (not self.willpower or self.resolve is None or self.composure is None):
            raise Invalid.field(
                "willpower", "To recover Willpower, the sheet must tell Resolve and Composure."
            )


def wake(source: Source, night: Night) -> Check:
    """One Rouse check to rise, and torpor if it fails at Hunger 5; then what was asked for (core 211, 218).

    Mending one aggravated damage is a price of three checks, paid whole: it may not be begun at Hunger 5, but a failure
    past 5 on the way is a hunger frenzy test, not torpor, which only waking itself may bring.
    """
    risen = rouse_step(source, "wake", "Wake")
    if not risen.passed and night.hunger >= FULL:
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
        full = _hunger(night, steps) >= FULL and night.humanity < 9
        steps += (
            _skipped("blush", "Blush of Life", "hunger") if full else blush_step(source, night.humanity),
        )
    failures = failed(steps)
    return Check(
        slug="wake",
        label="Wake for the night",
        tone="failure" if failures else "success",
        colour=RISEN_HUNGRY if failures else RISEN,
        passed=True,
        steps=steps,
        operations=adjust("hunger", failures) + operations,
        offers=frenzy_offer(night.hunger, failures),
    )


def _hunger(night: Night, steps: tuple[Step, ...]) -> int:
    return min(FULL, night.hunger + failed(steps))


def _skipped(slug: str, label: str, why: str) -> Step:
    reasons = {
        "hunger": "Not done: at Hunger 5 the Blood cannot be roused at will.",
        "torpor": "Not done: the vampire lies in torpor.",
        "nothing": "Not done: there is no such damage.",
    }
    return Step(slug, label, text=reasons[why])


def _mend_aggravated(source: Source, night: Night, hunger: int) -> tuple[tuple[Step, ...], Operations]:
    slug, label = "mend_aggravated", "Mend aggravated Health"
    if not night.aggravated:
        return (_skipped(slug, label, "nothing"),), ()
    if hunger >= FULL:
        return (_skipped(slug, label, "hunger"),), ()
    return tuple(rouse_step(source, slug, label) for _ in range(3)), adjust("health.aggravated", -1)


def _recover(night: Night) -> tuple[Step, Operations]:
    if not night.willpower["superficial"]:
        return _skipped("recover_willpower", "Recover Willpower", "nothing"), ()
    check = recover_willpower(night.willpower, night.resolve or 0, night.composure or 0)
    return check.steps[0], check.operations


def _torpor(risen: Step, night: Night) -> Check:
    """Nothing else happens. Hunger is full already."""
    asked = {
        "mend_aggravated": (night.mend_aggravated, "Mend aggravated Health"),
        "recover_willpower": (night.recover, "Recover Willpower"),
        "blush": (night.blush, "Blush of Life"),
    }
    skipped = tuple(_skipped(slug, label, "torpor") for slug, (wanted, label) in asked.items() if wanted)
    return Check(
        slug="wake",
        label="Torpor",
        tone="bestial",
        colour=TORPOR,
        passed=False,
        steps=(Step(risen.slug, risen.label, risen.dice, False, "Hunger was 5 already."), *skipped),
        notices=("The vampire does not rise, but falls into torpor (core 211).",),
    )
