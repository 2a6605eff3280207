"""The checks: what each takes, whom it needs, and its chances. One literal to read."""

from collections.abc import Mapping
from typing import Any

from rolls.asking import Sheet
from rolls.checks import fifth, twentieth
from rolls.checks.base import Kind, Prepared
from rolls.systems import FIFTH, SYSTEMS
from rules.dice import beast, blood, compulsions, degeneration, initiative, resonance, vitae, waking
from rules.dice.checks import HUNGER_FRENZY_DIFFICULTY
from rules.errors import Invalid, Problems
from rules.options import OptionSet, declared, refuse_unknown
from rules.text import clean

VAMPIRE = ("hunger", "blood_potency")
CONSCIENCE = ("humanity", "willpower")
BLOOD = ("blood", "morality")
HUNGRY = ("hunger",)
KINDS: dict[str, Kind[Any]] = {
    "rouse": Kind("Rouse check", fifth.rouse, blood.RouseOptions, system="v5", prefers=HUNGRY),
    "mend": Kind("Mend Health", fifth.mend, blood.MendOptions, (*VAMPIRE, "health"), "v5"),
    "recover_willpower": Kind(
        "Recover Willpower", fifth.recover, OptionSet, ("willpower", "resolve", "composure")
    ),
    "blush": Kind("Blush of Life", fifth.blush, OptionSet, (*VAMPIRE, "humanity"), "v5"),
    "wake": Kind("Wake for the night", fifth.wake, waking.WakeOptions, (*VAMPIRE, "humanity"), "v5"),
    "slake": Kind("Slake Hunger", fifth.slake, blood.SlakeOptions, VAMPIRE, "v5"),
    "frenzy": Kind("Resist frenzy", fifth.frenzy, beast.FrenzyOptions, CONSCIENCE, "v5"),
    "remorse": Kind("Remorse", fifth.remorse, OptionSet, CONSCIENCE, "v5"),
    "stains": Kind("Stains", fifth.stains, beast.StainsOptions, CONSCIENCE, "v5"),
    "resonance": Kind("Resonance", fifth.resonance, resonance.ResonanceOptions, system="v5", prefers=HUNGRY),
    "compulsion": Kind(
        "Compulsion", fifth.compulsion, compulsions.CompulsionOptions, system="v5", prefers=HUNGRY
    ),
    "rage": Kind("Rage check", fifth.rage, beast.RageOptions, system="w5", prefers=("rage",)),
    "redemption": Kind("Out of Despair", fifth.redemption, OptionSet, ("despair",), "h5"),
    "degeneration": Kind(
        "Degeneration",
        twentieth.degeneration,
        degeneration.DegenerationOptions,
        ("conscience",),
        "wod20",
    ),
    "blood_use": Kind("Blood spent", twentieth.blood_use, vitae.BloodUseOptions, BLOOD, "wod20"),
    "blood_gain": Kind("Blood gained", twentieth.blood_gain, vitae.BloodGainOptions, BLOOD, "wod20"),
    "initiative": Kind("Initiative", twentieth.initiative, initiative.InitiativeOptions),
}
# What a roll offers to do next, by the slugs of the rules.
FOLLOW_UPS: dict[str, tuple[str, dict[str, Any]]] = {
    "frenzy": ("Hunger frenzy", {"difficulty": HUNGER_FRENZY_DIFFICULTY}),
    "compulsion": ("Compulsion", {}),
    "remorse": ("Remorse", {}),
}


def kind(slug: object) -> Kind[Any]:
    found = KINDS.get(slug) if isinstance(slug, str) else None
    if found is None:
        raise Invalid.field(
            "check", f"There is no check “{clean(str(slug), 20)}”; there are {', '.join(KINDS)}."
        )
    return found


def prepare(slug: str, options: Mapping[str, object], sheet: Sheet) -> Prepared:
    """Judges options and sheet. Raises Invalid (`no_character`, `wrong_splat`, `fields`), Unprocessable."""
    found, problems = kind(slug), Problems()
    refuse_unknown(options, declared(found.options), problems)
    problems.settle()
    if found.needs and sheet.character is None:
        raise Invalid(f"{found.label}: whose? Name a character.", code="no_character")
    missing = [slug for slug in found.needs if slug not in sheet.document]
    if missing:
        name = sheet.character.name if sheet.character else ""
        label = missing[0].replace("_", " ").title()
        raise Invalid(f"{name} has no {label}: “{found.label}” is not for this sheet.", code="wrong_splat")
    of_the_fifth = SYSTEMS[found.system].edition == FIFTH if found.system else False
    if sheet.character and of_the_fifth and sheet.character.edition != FIFTH:
        raise Invalid(f"“{found.label}” is of the 5th edition.", code="wrong_splat")
    return found.ready(options, sheet)
