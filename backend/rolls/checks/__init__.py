"""The checks: what each takes, whom it needs, and its chances. One literal to read."""

from typing import Any

from rolls.asking import Sheet
from rolls.checks import fifth, twentieth
from rolls.checks.base import Kind, Options, Prepared
from rolls.systems import FIFTH, SYSTEMS
from rules.dice.base import Problems
from rules.dice.checks import HUNGER_FRENZY_DIFFICULTY
from rules.errors import Invalid
from rules.text import clean

VAMPIRE = ("hunger", "blood_potency")
KINDS: dict[str, Kind] = {
    "rouse": Kind(
        "Rouse check",
        fifth.rouse,
        ("times", "reroll", "level", "forced", "discipline"),
        system="v5",
        prefers=("hunger",),
    ),
    "mend": Kind("Mend Health", fifth.mend, ("reroll",), (*VAMPIRE, "health"), "v5"),
    "recover_willpower": Kind("Recover Willpower", fifth.recover, (), ("willpower", "resolve", "composure")),
    "blush": Kind("Blush of Life", fifth.blush, (), (*VAMPIRE, "humanity"), "v5"),
    "wake": Kind(
        "Wake for the night",
        fifth.wake,
        ("mend_aggravated", "recover", "blush"),
        (*VAMPIRE, "humanity"),
        "v5",
    ),
    "slake": Kind("Slake Hunger", fifth.slake, ("amount", "blood", "humans", "killed"), VAMPIRE, "v5"),
    "frenzy": Kind(
        "Resist frenzy", fifth.frenzy, ("difficulty", "modifier"), ("humanity", "willpower"), "v5"
    ),
    "remorse": Kind("Remorse", fifth.remorse, (), ("humanity", "willpower"), "v5"),
    "stains": Kind("Stains", fifth.stains, ("added",), ("humanity", "willpower"), "v5"),
    "resonance": Kind(
        "Resonance",
        fifth.resonance,
        ("resonance", "temperament", "minimum", "drunk"),
        system="v5",
        prefers=("hunger",),
    ),
    "compulsion": Kind("Compulsion", fifth.compulsion, ("clan", "no_clan"), system="v5", prefers=("hunger",)),
    "rage": Kind("Rage check", fifth.rage, ("checks", "reroll"), system="w5", prefers=("rage",)),
    "redemption": Kind("Out of Despair", fifth.redemption, (), ("despair",), "h5"),
    "degeneration": Kind(
        "Degeneration", twentieth.degeneration, ("difficulty", "virtue"), ("conscience",), "wod20"
    ),
    "blood_use": Kind(
        "Blood spent", twentieth.blood_use, ("amount", "action"), ("blood", "morality"), "wod20"
    ),
    "blood_gain": Kind("Blood gained", twentieth.blood_gain, ("amount",), ("blood", "morality"), "wod20"),
    "initiative": Kind("Initiative", twentieth.initiative, ("rating", "modifier", "extra_actions", "pool")),
}
# What a roll offers to do next, by the slugs of the rules.
FOLLOW_UPS: dict[str, tuple[str, dict[str, Any]]] = {
    "frenzy": ("Hunger frenzy", {"difficulty": HUNGER_FRENZY_DIFFICULTY}),
    "compulsion": ("Compulsion", {}),
    "remorse": ("Remorse", {}),
}


def kind(slug: Any) -> Kind:
    found = KINDS.get(slug) if isinstance(slug, str) else None
    if found is None:
        raise Invalid.field(
            "check", f"There is no check “{clean(str(slug), 20)}”; there are {', '.join(KINDS)}."
        )
    return found


def prepare(slug: str, options: Options, sheet: Sheet) -> Prepared:
    """Judges options and sheet. Raises Invalid (`no_character`, `wrong_splat`, `fields`), Unprocessable."""
    found = kind(slug)
    problems = Problems()
    for name in sorted(set(options) - set(found.options), key=str):
        problems.add(clean(str(name), 50), f"There is no option “{clean(str(name), 50)}” here.")
    problems.settle()
    if found.needs and sheet.character is None:
        raise Invalid(f"{found.label}: whose? Name a character.", code="no_character")
    missing = [one for one in found.needs if one not in sheet.document]
    if missing:
        name = sheet.character.name if sheet.character else ""
        label = missing[0].replace("_", " ").title()
        raise Invalid(f"{name} has no {label}: “{found.label}” is not for this sheet.", code="wrong_splat")
    of_the_fifth = SYSTEMS[found.system].edition == FIFTH if found.system else False
    if sheet.character and of_the_fifth and sheet.character.edition != FIFTH:
        raise Invalid(f"“{found.label}” is of the 5th edition.", code="wrong_splat")
    return found.prepare(options, sheet)
