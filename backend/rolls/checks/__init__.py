"""The table of checks: the options of each, the traits it needs, its slash command."""

from collections.abc import Mapping
from typing import Any

from contract.translation import _
from haven.registry import SPLATS
from rolls.checks import fifth, twentieth
from rolls.checks.base import Kind, Prepared
from rolls.sheet import Sheet
from rolls.systems import FIFTH, SYSTEMS, splats_of
from rules.dice import beast, blood, compulsions, degeneration, initiative, resonance, vitae, waking, wolf
from rules.dice.beast import HUNGER_FRENZY_DIFFICULTY
from rules.errors import Invalid, Problems
from rules.options import OptionSet, Value, declared, refuse_unknown
from rules.text import clean

VAMPIRE = ("hunger", "blood_potency")
CONSCIENCE = ("humanity", "willpower")
BLOOD = ("blood", "morality")
HUNGRY = ("hunger",)
BALANCE = ("harano", "hauglosk")
AnyKind = Kind[Any]
KINDS: dict[str, AnyKind] = {
    "rouse": Kind(
        "Rouse check",
        "Rouse the Blood (core 211)",
        fifth.rouse,
        blood.RouseOptions,
        system="v5",
        prefers=HUNGRY,
        also=lambda model: bool(model.rouses_for),
        command="v rouse",
    ),
    "mend": Kind(
        "Mend Health",
        "Mend superficial damage to Health for a Rouse check (core 218)",
        fifth.mend,
        blood.MendOptions,
        needs=(*VAMPIRE, "health"),
        system="v5",
    ),
    "recover_willpower": Kind(
        "Recover Willpower",
        "Recover superficial damage to Willpower by Resolve or Composure (core 157)",
        fifth.recover,
        OptionSet,
        needs=("willpower", "resolve", "composure"),
    ),
    "blush": Kind(
        "Blush of Life",
        "Blush of Life (core 218)",
        fifth.blush,
        OptionSet,
        needs=(*VAMPIRE, "humanity"),
        system="v5",
        command="v blush",
    ),
    "wake": Kind(
        "Wake for the night",
        "Wake for the night: a Rouse check, and torpor if it fails at Hunger 5 (core 211)",
        fifth.wake,
        waking.WakeOptions,
        needs=(*VAMPIRE, "humanity"),
        system="v5",
        command="wake",
    ),
    "slake": Kind(
        "Slake Hunger",
        "Feed (core 212)",
        fifth.slake,
        blood.SlakeOptions,
        needs=VAMPIRE,
        system="v5",
        command="v slake",
    ),
    "frenzy": Kind(
        "Resist frenzy",
        "Resist a frenzy: unspent Willpower + ⅓ Humanity (core 219)",
        fifth.frenzy,
        beast.FrenzyOptions,
        needs=CONSCIENCE,
        system="v5",
        command="frenzy",
    ),
    "remorse": Kind(
        "Remorse",
        "At the end of the session: roll for Remorse (core 239)",
        fifth.remorse,
        OptionSet,
        needs=CONSCIENCE,
        system="v5",
        command="remorse",
    ),
    "stains": Kind(
        "Stains",
        "Add or remove stains (core 239)",
        fifth.stains,
        beast.StainsOptions,
        needs=CONSCIENCE,
        system="v5",
        command="v stains",
    ),
    "resonance": Kind(
        "Resonance",
        "Roll the resonance of a vessel’s blood (core 225)",
        fifth.resonance,
        resonance.ResonanceOptions,
        system="v5",
        prefers=HUNGRY,
        command="v resonance",
    ),
    "compulsion": Kind(
        "Compulsion",
        "Roll a compulsion (core 208)",
        fifth.compulsion,
        compulsions.CompulsionOptions,
        system="v5",
        prefers=HUNGRY,
        command="v compulsion",
    ),
    "rage": Kind(
        "Rage check",
        "Roll Rage checks",
        fifth.rage,
        beast.RageOptions,
        system="w5",
        prefers=("rage",),
        command="w rage",
    ),
    "harano": Kind(
        "Harano test",
        "Test Harano: a success adds a dot",
        fifth.harano,
        wolf.BalanceOptions,
        needs=BALANCE,
        system="w5",
        command="w harano",
    ),
    "hauglosk": Kind(
        "Hauglosk test",
        "Test Hauglosk: a success adds a dot",
        fifth.hauglosk,
        wolf.BalanceOptions,
        needs=BALANCE,
        system="w5",
        command="w hauglosk",
    ),
    "shift": Kind(
        "Shift",
        "Take another form: a Rage check for Glabro or Hispo, two for Crinos",
        fifth.shift,
        wolf.ShiftOptions,
        needs=("form", "rage"),
        system="w5",
        command="w shift",
    ),
    "redemption": Kind(
        "Out of Despair",
        "Return to the Drive and end Despair",
        fifth.redemption,
        OptionSet,
        needs=("despair",),
        system="h5",
        command="h redemption",
    ),
    "degeneration": Kind(
        "Degeneration",
        "Conscience or Conviction, to keep a dot of the path",
        twentieth.degeneration,
        degeneration.DegenerationOptions,
        needs=("conscience",),
        system="wod20",
        command="dice degeneration",
    ),
    "blood_use": Kind(
        "Blood spent",
        "Spend blood: one point heals a level, five an aggravated one",
        twentieth.blood_use,
        vitae.BloodUseOptions,
        needs=BLOOD,
        system="wod20",
        command="blood use",
        visibility="storyteller",
    ),
    "blood_gain": Kind(
        "Blood gained",
        "Gain blood by feeding",
        twentieth.blood_gain,
        vitae.BloodGainOptions,
        needs=BLOOD,
        system="wod20",
        command="blood gain",
        visibility="storyteller",
    ),
    "initiative": Kind(
        "Initiative",
        "Roll for who acts first",
        twentieth.initiative,
        initiative.InitiativeOptions,
        command="dice initiative",
        edition="20th",
    ),
}
# What a roll offers to do next, by the slugs of the rules.
FOLLOW_UPS: dict[str, tuple[str, dict[str, Value]]] = {
    "frenzy": ("Hunger frenzy", {"difficulty": HUNGER_FRENZY_DIFFICULTY}),
    "compulsion": ("Compulsion", {}),
    "remorse": ("Remorse", {}),
}


def splats_for(kind: AnyKind) -> tuple[str, ...]:
    """Return the splats that a check may mean by default: of its dice, with the traits it needs."""
    fitting = splats_of(SYSTEMS[kind.system]) if kind.system else tuple(SPLATS)
    wanted = (*kind.needs, *kind.prefers)
    return tuple(
        slug
        for slug in fitting
        if all(trait in SPLATS[slug].traits for trait in wanted) or (kind.also and kind.also(SPLATS[slug]))
    )


def kind(slug: object) -> AnyKind:
    found = KINDS.get(slug) if isinstance(slug, str) else None
    if found is None:
        raise Invalid.field(
            "check",
            _(
                "There’s no check called “{typed}”. Choose one of: {names}.",
                typed=clean(str(slug), 20),
                names=", ".join(KINDS),
            ),
        )
    return found


def prepare(slug: str, options: Mapping[str, object], sheet: Sheet) -> Prepared:
    """Check options and sheet. Raises Invalid (`no_character`, `wrong_splat`, `fields`), Unprocessable."""
    found, problems = kind(slug), Problems()
    refuse_unknown(options, declared(found.options), problems)
    problems.settle()
    if found.needs and sheet.character is None:
        raise Invalid(_("{label} needs a character. Choose one.", label=_(found.label)), code="no_character")
    missing = [slug for slug in found.needs if slug not in sheet.document]
    if missing:
        name = sheet.character.name if sheet.character else ""
        label = missing[0].replace("_", " ").title()
        raise Invalid(
            _(
                "{name} has no {trait}, so “{check}” isn’t for this sheet.",
                name=name,
                trait=_(label),
                check=_(found.label),
            ),
            code="wrong_splat",
        )
    of_the_fifth = SYSTEMS[found.system].edition == FIFTH if found.system else False
    if sheet.character and of_the_fifth and sheet.character.edition != FIFTH:
        raise Invalid(_("“{label}” is for 5th edition characters.", label=_(found.label)), code="wrong_splat")
    return found.ready(options, sheet)
