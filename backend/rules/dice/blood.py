"""The Blood: rouse checks, mending, Blush of Life, feeding. Page numbers are those of the Vampire core book."""

from collections.abc import Mapping
from dataclasses import dataclass

from contract.translation import N_, _
from rules.dice import fifth
from rules.dice.base import REGULAR, Check, Die, Operations, Step, adjust, throw
from rules.dice.blood_potency import BloodPotency
from rules.dice.blood_potency import blood_potency as potency_of
from rules.dice.source import Source
from rules.errors import Problems, Unprocessable
from rules.notices import Notice, notice
from rules.options import Choice, Flag, OptionSet, Text, Whole, declare, named

# What labels are made of.
ROUSE_CHECKS = N_("Rouse checks")
SLAKED = N_("Hunger slaked")

# A damage track as the sheet stores it: {"total", "superficial", "aggravated"}.
Track = Mapping[str, int]

HELD, FAILED, QUIET = "#1c1616", "#8c0f28", "#161616"
MENDED, MENDED_HUNGRY, SOOTHED = "#11ba6b", "#ba111f", "#2db5c4"
# The highest Hunger of the book; a chronicle may set a lower one.
FULL = 5
BLUSH = N_("Blush of Life")
RECOVER = N_("Recover Willpower")
# By whether the check held, and whether Oblivion left a stain.
ROUSED = {
    (True, False): N_("Hunger stays."),
    (False, False): N_("Hunger rises by 1."),
    (True, True): N_("Hunger stays. Oblivion leaves a stain."),
    (False, True): N_("Hunger rises by 1. Oblivion leaves a stain."),
}
# What the Blood cannot be roused for at the highest Hunger, in the book and with a house rule.
TOO_HUNGRY = {
    "will": (
        N_("At Hunger {full} you can’t rouse the Blood at will (core 211)."),
        N_("At Hunger {full} you can’t rouse the Blood at will. It is the highest Hunger in this chronicle."),
    ),
    "mend": (
        N_("At Hunger {full} you can’t rouse the Blood to mend damage (core 211)."),
        N_("At Hunger {full} you can’t rouse the Blood to mend. It is the highest Hunger in this chronicle."),
    ),
    "blush": (
        N_("At Hunger {full} you can’t rouse the Blood for a Blush of Life (core 211)."),
        N_(
            "At Hunger {full} you can’t rouse the Blood for a blush. It is the highest Hunger in this chronicle."
        ),
    ),
}


@dataclass(frozen=True, kw_only=True)
class RouseOptions(OptionSet):
    times: int = declare(Whole("Checks", "How many checks", 1, 5, start=1))
    reroll: bool = declare(Flag("Two dice each", "Two dice for each check", start=False))
    level: int | None = declare(
        Whole("Power level", "The power’s level: decides whether you roll two dice", 1, 5)
    )
    forced: bool = declare(Flag("Forced", "Caused from outside; possible even at Hunger 5", start=False))
    discipline: str = declare(
        Text(
            "Power’s discipline",
            "The power’s discipline: Oblivion leaves stains",
            50,
            start="",
            completes="discipline",
        )
    )


@dataclass(frozen=True, kw_only=True)
class MendOptions(OptionSet):
    reroll: bool = declare(Flag("Two dice", "Two dice for the Rouse check", start=False))


@dataclass(frozen=True, kw_only=True)
class SlakeOptions(OptionSet):
    amount: int = declare(
        Whole(
            "Hunger slaked",
            "What the blood is worth before Blood Potency counts",
            1,
            10,
            required=True,
            first=True,
        )
    )
    blood: str = declare(
        Choice(
            "Blood",
            "Whose blood it is; human if left out",
            named("human", "animal", "bagged", "vampire"),
            start="human",
        )
    )
    humans: int = declare(Whole("Humans", "How many humans it came from", 1, 10, start=1))
    killed: bool = declare(Flag("Drained to death", "A human was drained to death", start=False))

    def judge_together(self, problems: Problems) -> None:
        if self.killed and self.blood != "human":
            problems.add("killed", _("Only draining a human to death counts here."))


def undamaged(track: Track) -> int:
    return track["total"] - track["superficial"] - track["aggravated"]


def spend_willpower(willpower: Track, points: int = 1) -> Operations:
    """A point of Willpower is a superficial damage to it (core 122, 157). Raises Unprocessable when none is whole."""
    if undamaged(willpower) < points:
        raise Unprocessable(_("There is no undamaged Willpower left to spend."), "no_willpower")
    return adjust("willpower.superficial", points)


def refuse_too_hungry(hunger: int | None, full: int = FULL, purpose: str = "will") -> None:
    """Raises Unprocessable at the highest Hunger, which a chronicle may set lower than the book (core 211)."""
    if hunger is None or hunger < full:
        return
    by_the_book, in_chronicle = TOO_HUNGRY[purpose]
    raise Unprocessable(_(by_the_book if full == FULL else in_chronicle, full=full), "hunger_full")


def rouse_step(
    source: Source,
    slug: str = "rouse",
    label: str = N_("Rouse check"),
    reroll: bool = False,
    staining: tuple[int, ...] = (),
) -> Step:
    """One check: a 6 or more on its die, or on either of its two, leaves Hunger as it is (core 211).

    `staining` are the faces that leave a stain, of a power of Oblivion (Chicago by Night 293).
    """
    dice = throw(2 if reroll else 1, REGULAR, source)
    held = any(die.value >= fifth.WINS for die in dice)
    return Step(slug, label, dice, held, ROUSED[held, bool(stains_of(dice, staining))])


def stains_of(dice: tuple[Die, ...], staining: tuple[int, ...]) -> int:
    """One, if the die that counts shows such a face: of two, one that holds, and of these one without a stain."""
    counting = min(dice, key=lambda die: (die.value < fifth.WINS, die.value in staining))
    return int(counting.value in staining)


def rerolls(blood_potency: int | None, level: int | None) -> bool:
    """Return whether the check for a power of this level rolls two dice (core 216); the table covers powers alone."""
    return blood_potency is not None and level is not None and level <= potency_of(blood_potency).rouse_reroll


def failed(steps: tuple[Step, ...]) -> int:
    return sum(step.passed is False for step in steps)


def frenzy_offer(hunger: int | None, failures: int, full: int = FULL) -> tuple[str, ...]:
    """A check that failed at, or into, the highest Hunger: the table may want the hunger frenzy test at once."""
    return ("frenzy",) if hunger is not None and failures and hunger + failures >= full else ()


def rouse(
    source: Source,
    hunger: int | None,
    times: int = 1,
    reroll: bool = False,
    blood_potency: int | None = None,
    level: int | None = None,
    forced: bool = False,
    full: int = FULL,
    staining: tuple[int, ...] = (),
) -> Check:
    """Rouse checks, each failure a Hunger more (core 211). `hunger` None is nobody's tracked Hunger.

    Two dice with `reroll`, or for a power of a `level` that the Blood Potency makes easy. At Hunger 5 the Blood cannot
    be roused at will; `forced` is a check from outside, and its failure there asks for a hunger frenzy test.
    Several checks are one price: those after the fifth Hunger are rolled all the same. `full` is the highest Hunger of
    the chronicle; `staining` are the faces on which a power of Oblivion leaves a stain.
    """
    RouseOptions(times=times, level=level)
    problems = Problems()
    problems.whole("hunger", hunger, 0, FULL, none=True)
    problems.settle()
    if not forced:
        refuse_too_hungry(hunger, full)
    two = reroll or rerolls(blood_potency, level)
    steps = tuple(rouse_step(source, reroll=two, staining=staining) for _ in range(times))
    failures, stains = failed(steps), sum(stains_of(step.dice, staining) for step in steps)
    return Check(
        slug="rouse",
        label=N_("Rouse check") if times == 1 else f"{times} {ROUSE_CHECKS}",
        tone="failure" if failures else "success",
        colour=FAILED if failures else HELD,
        passed=not failures,
        steps=steps,
        operations=adjust("hunger", failures) + adjust("humanity.stains", stains),
        offers=frenzy_offer(hunger, failures, full),
    )


def rouse_in_flesh(path: str, times: int = 1) -> Check:
    """What a ghoul pays in place of Rouse checks, without a die: damage, such as aggravated Health (core 234)."""
    RouseOptions(times=times)
    track, _, kind = path.partition(".")
    return Check(
        slug="rouse",
        label=N_("Paid in flesh"),
        tone="failure",
        colour=FAILED,
        passed=True,
        steps=(
            Step(
                "rouse",
                N_("Instead of a Rouse check"),
                text=notice("damage_taken", amount=times, kind=kind, label=track.title()),
            ),
        ),
        operations=adjust(path, times),
    )


def mend(
    source: Source, hunger: int, blood_potency: int, health: Track, reroll: bool = False, full: int = FULL
) -> Check:
    """One Rouse check mends superficial Health by Blood Potency, and does so even if it fails (core 211, 218).

    Blood Potency lets Rouse checks of powers be rolled twice, not this one; `reroll` is for what else may allow it.
    """
    if not health["superficial"]:
        raise Unprocessable(_("There is no superficial damage to Health to mend."), "nothing_to_mend")
    refuse_too_hungry(hunger, full, "mend")
    amount = min(potency_of(blood_potency).mend, health["superficial"])
    step = rouse_step(source, reroll=reroll)
    failures = failed((step,))
    return Check(
        slug="mend",
        label=N_("Mend Health"),
        tone="failure" if failures else "success",
        colour=MENDED_HUNGRY if failures else MENDED,
        passed=True,
        steps=(step, Step("mended", N_("Mended"), text=notice("health_mended", amount=amount))),
        operations=adjust("hunger", failures) + adjust("health.superficial", -amount),
        offers=frenzy_offer(hunger, failures, full),
    )


def recover_willpower(willpower: Track, resolve: int, composure: int) -> Check:
    """The higher of Resolve and Composure in superficial Willpower; by the book, as a session begins (core 157)."""
    amount = min(max(resolve, composure), willpower["superficial"])
    if not amount:
        raise Unprocessable(_("There is no superficial damage to Willpower to recover."), "nothing_to_mend")
    return Check(
        slug="recover_willpower",
        label=RECOVER,
        tone="success",
        colour=SOOTHED,
        passed=True,
        steps=(
            Step("recover_willpower", N_("Recovered"), text=notice("willpower_recovered", amount=amount)),
        ),
        operations=adjust("willpower.superficial", -amount),
    )


def blush_step(source: Source, humanity: int) -> Step:
    """Blush of Life: one check, two dice at Humanity 8, none above, where the body lives by itself (core 218, 236)."""
    if humanity >= 9:
        return Step("blush", BLUSH, text=notice("blush_not_needed", humanity=humanity))
    return rouse_step(source, "blush", BLUSH, reroll=humanity == 8)


def blush(source: Source, hunger: int, humanity: int, full: int = FULL) -> Check:
    if humanity < 9:
        refuse_too_hungry(hunger, full, "blush")
    step = blush_step(source, humanity)
    failures = failed((step,))
    return Check(
        slug="blush",
        label=BLUSH,
        tone="failure" if failures else "success",
        colour=FAILED if failures else HELD,
        passed=True,
        steps=(step,),
        operations=adjust("hunger", failures),
        offers=frenzy_offer(hunger, failures, full),
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
    SlakeOptions(amount=amount, blood=blood, humans=humans, killed=killed)
    potency = potency_of(blood_potency)
    worth = _worth(amount, potency, blood, humans)
    floor = 0 if killed else potency.floor
    slaked = max(0, min(worth, hunger - floor))
    return Check(
        slug="slake",
        label=N_("Slake Hunger"),
        tone="success" if slaked else "failure",
        colour=HELD if slaked else QUIET,
        passed=bool(slaked),
        steps=(Step("slaked", f"{SLAKED}: {slaked}"),),
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
) -> tuple[Notice, ...]:
    notices = []
    if worth < amount:
        notices.append(notice("weak_blood", potency=potency.level, worth=worth, amount=amount))
    if slaked < worth and floor:
        notices.append(notice("hunger_floor", floor=floor))
    return tuple(notices)
