"""The Beast: frenzy, stains and remorse of Vampire, and the Rage checks of Werewolf.

Hunger dice have no place in these rolls, and Willpower never rolls them again (core 122, 205).
"""

from dataclasses import dataclass

from contract.translation import N_, _
from rules.dice import fifth
from rules.dice.base import RAGE, REGULAR, Check, Operations, Step, adjust, operation, throw
from rules.dice.blood import HELD, Track, undamaged
from rules.dice.source import Source
from rules.errors import Problems, Unprocessable
from rules.notices import notice
from rules.options import Flag, OptionSet, Whole, declare

# What labels are made of.
RAGE_CHECKS = N_("Rage checks")

RESISTED, FRENZY = "#66ffcc", "#a80c26"
STAINED = "#8c1c2b"
RAGE_LOST = "#1981bd"
# Forms that need Rage.
WOLF_FORMS = ("Glabro", "Crinos", "Hispo")
# Hunger frenzy after a Rouse check that failed at Hunger 5 (core 211, 220).
HUNGER_FRENZY_DIFFICULTY = 4


@dataclass(frozen=True, kw_only=True)
class FrenzyOptions(OptionSet):
    difficulty: int = declare(
        Whole(
            "Difficulty",
            "Successes needed; 4 if left out",
            1,
            50,
            start=HUNGER_FRENZY_DIFFICULTY,
        )
    )
    modifier: int = declare(Whole("Modifier", "Dice to add or take away", -20, 20, start=0))


@dataclass(frozen=True, kw_only=True)
class StainsOptions(OptionSet):
    added: int = declare(
        Whole("Stains", "How many; a negative number removes them", -10, 10, start=1, first=True)
    )

    def judge_together(self, problems: Problems) -> None:
        if not self.added:
            problems.add("added", _("Name at least one stain."))


@dataclass(frozen=True, kw_only=True)
class RageOptions(OptionSet):
    checks: int = declare(Whole("Checks", "How many checks", 1, 5, start=1))
    reroll: bool = declare(Flag("Two dice each", "Two dice for each check", start=False))


def frenzy_dice(humanity: int, willpower: Track, modifier: int = 0) -> int:
    """Undamaged Willpower and a third of Humanity (core 219); `modifier` adds dice or takes them away."""
    return max(1, undamaged(willpower) + humanity // 3 + modifier)


def frenzy(source: Source, humanity: int, willpower: Track, difficulty: int, modifier: int = 0) -> Check:
    """The test against frenzy; changes nothing on the sheet."""
    FrenzyOptions(difficulty=difficulty, modifier=modifier)
    dice = throw(frenzy_dice(humanity, willpower, modifier), REGULAR, source)
    successes, pair = fifth.tally(dice)
    resisted = successes >= difficulty
    return Check(
        slug="frenzy",
        label=N_("Frenzy resisted") if resisted else N_("Frenzy"),
        tone=("critical" if pair else "success") if resisted else "bestial",
        colour=RESISTED if resisted else FRENZY,
        passed=resisted,
        steps=(Step("frenzy", N_("Resist frenzy"), dice, resisted),),
        successes=successes,
        margin=successes - difficulty,
    )


def remorse_dice(humanity: int, stains: int) -> int:
    """The boxes that hold neither Humanity nor a stain, one at least (core 239)."""
    return max(1, 10 - humanity - stains)


def remorse(source: Source, humanity: int, stains: int) -> Check:
    """One success wipes the stains, none costs a Humanity as well (core 239). Only who has stains may feel it."""
    if not stains:
        raise Unprocessable(_("There are no stains, so there is nothing to feel remorse for."), "no_stains")
    dice = throw(remorse_dice(humanity, stains), REGULAR, source)
    successes = sum(die.value >= fifth.WINS for die in dice)
    lost: Operations = () if successes else adjust("humanity.value", -1)
    gone = not successes and humanity <= 1
    return Check(
        slug="remorse",
        label=N_("Remorse") if successes else N_("Humanity lost"),
        tone="success" if successes else "bestial",
        colour=RESISTED if successes else FRENZY,
        passed=bool(successes),
        steps=(Step("remorse", "Remorse", dice, bool(successes)),),
        operations=(*lost, operation("humanity.stains", "set", 0)),
        notices=(notice("beast_won"),) if gone else (),
        successes=successes,
    )


def stains(humanity: int, marked: int, added: int) -> Check:
    """Stains taken, or with a negative number lifted. Those without a box degenerate (core 239).

    The track itself turns each of these into an aggravated damage to Willpower.
    """
    StainsOptions(added=added)
    excess = max(0, humanity + marked + added - 10) if added > 0 else 0
    marks = max(0, marked + added)
    text = notice("stains_excess", stains=excess) if excess else notice("stains_marked", stains=marks)
    return Check(
        slug="stains",
        label=N_("Degeneration") if excess else N_("Stains"),
        tone="bestial" if excess else "success",
        colour=FRENZY if excess else STAINED,
        passed=not excess,
        steps=(Step("stains", "Stains", text=text),),
        operations=adjust("humanity.stains", added),
        offers=("remorse",) if marked + added > 0 else (),
    )


def rage_check(
    source: Source, rage: int | None, checks: int = 1, reroll: bool = False, form: str = ""
) -> Check:
    """Each check is one die, or the better of two, and without a 6 costs a Rage (Werewolf core, “Rage checks”).

    `rage` None is nobody's tracked Rage. A werewolf without any has lost the wolf, and nothing to check; whose last
    Rage goes falls back from a form that needs the wolf.
    """
    RageOptions(checks=checks)
    if rage == 0:
        raise Unprocessable(_("At Rage 0 the wolf is lost: there is no Rage to check."), "no_rage")
    steps = rage_steps(source, checks, reroll)
    lost = rage_lost(steps, rage)
    wolf_lost = bool(lost) and lost == rage
    return Check(
        slug="rage",
        label=N_("Rage check") if checks == 1 else f"{checks} {RAGE_CHECKS}",
        tone="failure" if lost else "success",
        colour=RAGE_LOST if lost else HELD,
        passed=not lost,
        steps=steps,
        operations=adjust("rage", -lost) + (fallen_back(form) if wolf_lost else ()),
        notices=(notice("wolf_lost"),) if wolf_lost else (),
    )


def fallen_back(form: str) -> Operations:
    """Without the wolf there is Homid or Lupus, no form between (Werewolf core, “Losing the wolf”)."""
    return (operation("form", "set", "Homid"),) if form in WOLF_FORMS else ()


def rage_steps(source: Source, checks: int, reroll: bool) -> tuple[Step, ...]:
    return tuple(_rage_step(source, reroll) for _ in range(checks))


def rage_lost(steps: tuple[Step, ...], rage: int | None) -> int:
    lost = sum(step.passed is False for step in steps)
    return lost if rage is None else min(lost, rage)


def _rage_step(source: Source, reroll: bool) -> Step:
    dice = throw(2 if reroll else 1, RAGE, source)
    held = any(die.value >= fifth.WINS for die in dice)
    return Step("rage", "Rage check", dice, held, N_("Rage stays.") if held else N_("Rage falls by 1."))


def despair_end() -> Check:
    """A hunter who found back to the Drive: the Despair ends (Hunter core, “Despair”)."""
    return Check(
        slug="redemption",
        label=N_("Out of Despair"),
        tone="success",
        colour="#3ee33b",
        passed=True,
        operations=(operation("despair", "set", False),),
    )
