"""The wolf within, of Werewolf, 5th edition: Harano and Hauglosk, and what it costs to take another form.

Willpower rolls none of these again. The core book was not at hand (page unverified). Public tools agree on what is
rolled (Harano and Hauglosk together, one die at least) and on what a form costs, but not on what a success of a test
does: that is a house rule.
"""

from dataclasses import dataclass

from contract.translation import N_, _
from rules.dice import fifth
from rules.dice.base import REGULAR, Check, Operations, Step, adjust, operation, throw
from rules.dice.beast import FRENZY, RAGE_LOST, RESISTED, fallen_back, rage_lost, rage_steps
from rules.dice.blood import HELD
from rules.dice.source import Source
from rules.errors import Unprocessable
from rules.notices import notice
from rules.options import Choice, Flag, OptionSet, Whole, declare

# What labels are made of.
NEW_FORM = N_("New form")

# Rage checks by form.
RAGE_CHECKS = {"Homid": 0, "Glabro": 1, "Crinos": 2, "Hispo": 1, "Lupus": 0}
FULL = 5
NAMES = {"harano": "Harano", "hauglosk": "Hauglosk"}
TESTS = {"harano": N_("Harano test"), "hauglosk": N_("Hauglosk test")}
GROWS = {"harano": N_("Harano grows"), "hauglosk": N_("Hauglosk grows")}
RESISTS = {"harano": N_("Harano resisted"), "hauglosk": N_("Hauglosk resisted")}
MOST = 50


@dataclass(frozen=True, kw_only=True)
class BalanceOptions(OptionSet):
    modifier: int = declare(Whole("Modifier", "Dice to add or take away", -20, 20, start=0))


@dataclass(frozen=True, kw_only=True)
class ShiftOptions(OptionSet):
    form: str = declare(
        Choice(
            "Form",
            "The form to take; Crinos if left out",
            {form: form for form in RAGE_CHECKS},
            start="Crinos",
            first=True,
        )
    )
    reroll: bool = declare(Flag("Two dice each", "Two dice for each Rage check", start=False))


def balance_dice(dots: int, modifier: int = 0) -> int:
    """Harano and Hauglosk together, one at least."""
    return min(MOST, max(1, dots + modifier))


def balance(source: Source, path: str, value: int, dice: int, holds: bool = False) -> Check:
    """A test of `path`, which is "harano" or "hauglosk". At five the werewolf is lost to it.

    Any success is a dot more; where it `holds` instead, a dot more comes when there is none.
    """
    name = NAMES[path]
    if value >= FULL:
        raise Unprocessable(
            _("{name} is at {full}: this werewolf is already lost to it.", name=name, full=FULL), "lost"
        )
    thrown = throw(dice, REGULAR, source)
    successes = sum(die.value >= fifth.WINS for die in thrown)
    grows = bool(successes) != holds
    return Check(
        slug=path,
        label=GROWS[path] if grows else RESISTS[path],
        tone="bestial" if grows else "success",
        colour=FRENZY if grows else RESISTED,
        passed=not grows,
        steps=(Step(path, TESTS[path], thrown, not grows),),
        operations=adjust(path, 1) if grows else (),
        notices=(notice("lost_to", name=name),) if grows and value + 1 == FULL else (),
        successes=successes,
    )


def shift(source: Source, before: str, form: str, rage: int, reroll: bool = False) -> Check:
    """Rage checks for the form; who loses the wolf on the way does not take it.

    Out of Crinos into Homid or Lupus Rage falls to 1. Raises Unprocessable for the form that is there already, and for
    one that needs Rage where there is none.
    """
    checks = RAGE_CHECKS[form]
    if form == before:
        raise Unprocessable(_("The werewolf is already in {form} form.", form=_(form)), "same_form")
    if checks and not rage:
        raise Unprocessable(_("At Rage 0 the wolf is lost: no shifting to {form}.", form=_(form)), "no_rage")
    steps = rage_steps(source, checks, reroll)
    lost = rage_lost(steps, rage)
    lost_control = bool(checks) and lost == rage
    calmed = max(0, rage - 1) if before == "Crinos" and not checks else 0
    taken: Operations = fallen_back(before) if lost_control else (operation("form", "set", form),)
    return Check(
        slug="shift",
        label=N_("The wolf is lost") if lost_control else f"{NEW_FORM}: {form}",
        tone="failure" if lost_control else "success",
        colour=RAGE_LOST if lost else HELD,
        passed=not lost_control,
        steps=steps or (Step("shift", form, text=N_("No Rage check needed.")),),
        operations=adjust("rage", -lost - calmed) + taken,
        notices=(notice("wolf_lost"),) if lost_control else (notice("rage_calmed"),) if calmed else (),
    )
