"""`/v …`: the dice of Vampire, 5th edition, and what the Blood asks for."""

from typing import Literal

from discord import app_commands
from discord.app_commands import Range

from rodbot.core.models import Json
from rodbot.core.options import Option, Values, given, number, yes
from rodbot.dice.options import (
    HIDE,
    IMPAIRED,
    MODIFIER,
    NAME,
    NOTES,
    POOL,
    SPECIALTY,
    VISIBILITY,
    character,
    check,
    checking,
    difficulty,
    disciplines,
    general,
    rolling,
)

SPLATS = ("vampire5th", "human5th", "ghoul5th")
CLANS = (
    "Banu Haqim",
    "Brujah",
    "Caitiff",
    "Gangrel",
    "Hecata",
    "Lasombra",
    "Malkavian",
    "Ministry",
    "Nosferatu",
    "Ravnos",
    "Salubri",
    "Thin-blood",
    "Toreador",
    "Tremere",
    "Tzimisce",
    "Ventrue",
)
BY_ANY = (character(*SPLATS), NAME, VISIBILITY, NOTES)
BY_VAMPIRE = (character("vampire5th"), VISIBILITY, NOTES)

group = app_commands.Group(name="v", description="Vampire: dice and blood")


def _pool(values: Values) -> Json:
    """A surge by the sheet's Blood Potency, or by one that is named; `blood_surge:No` is none whatever else is said."""
    options = given(values, "difficulty", "hunger", "specialty", "modifier", "impaired", "rouse")
    options |= given(values, "rouse_reroll", "discipline", "discipline_bonus", "level")
    potency, surge = values.get("blood_potency"), values.get("blood_surge")
    if surge or (surge is None and potency is not None):
        options["surge"] = True if potency is None else potency
    return {"system": "v5", "pool": values["pool"], "options": options}


group.add_command(
    rolling(
        "roll",
        "Roll a pool with Hunger",
        [
            POOL,
            difficulty(),
            number("hunger", 0, 5, "Hunger dice; those of the sheet if left out"),
            SPECIALTY,
            MODIFIER,
            yes("blood_surge", "A surge of the Blood, by the sheet's Blood Potency (core 218)"),
            number("blood_potency", 0, 10, "The Blood Potency of a surge without a sheet"),
            number("rouse", 0, 5, "Rouse checks that come with the roll (core 211)"),
            yes("rouse_reroll", "Two dice for each Rouse check"),
            Option("discipline", Range[str, 1, 50], "A discipline to add", complete=disciplines),
            yes("discipline_bonus", "Only the bonus for Blood Potency (core 216)"),
            number("level", 1, 5, "Level of the power: decides whether its Rouse checks have two dice"),
            IMPAIRED,
            character(*SPLATS),
            NAME,
            VISIBILITY,
            HIDE,
            NOTES,
        ],
        _pool,
    )
)
group.add_command(
    checking(
        "rouse",
        "Rouse the Blood (core 211)",
        [
            number("times", 1, 5, "How many checks"),
            yes("reroll", "Two dice for each check"),
            number("level", 1, 5, "Level of the power: decides whether there are two dice"),
            yes("forced", "From outside; possible at Hunger 5 too"),
            Option(
                "discipline",
                Range[str, 1, 50],
                "Whose power: those of Oblivion leave stains",
                complete=disciplines,
            ),
            *BY_ANY,
        ],
        lambda values: check("rouse", given(values, "times", "reroll", "level", "forced", "discipline")),
    )
)
group.add_command(
    checking(
        "resonance",
        "What the blood of a vessel is like (core 225)",
        [
            Option(
                "resonance",
                Literal["Phlegmatic", "Melancholy", "Choleric", "Sanguine", "Empty", "Animal"],
                "Fixed, instead of rolled",
            ),
            Option("temperament", Literal["Fleeting", "Intense", "Acute"], "Fixed, instead of rolled"),
            Option("min_temperament", Literal["Fleeting", "Intense"], "At least this strong"),
            yes("drunk", "The vampire drinks it: the sheet takes the resonance"),
            *BY_ANY,
        ],
        lambda values: check(
            "resonance", given(values, "resonance", "temperament", "drunk", min_temperament="minimum")
        ),
    )
)
group.add_command(
    checking(
        "compulsion",
        "What the Beast wants now (core 208)",
        [
            Option("clan", Literal[CLANS], "The clan; that of the sheet if left out"),
            yes("no_clan", "Without the clan's own compulsion"),
            *BY_ANY,
        ],
        lambda values: check("compulsion", given(values, "clan", "no_clan")),
    )
)


def _heal(values: Values) -> Json:
    if values["what"] == "Willpower":
        return check("recover_willpower")
    return check("mend", given(values, "reroll"))


group.add_command(
    checking(
        "heal",
        "Mend superficial damage: Health for a Rouse check, Willpower by Resolve or Composure",
        [
            Option("what", Literal["Health", "Willpower"], "What is mended", True),
            yes("reroll", "Two dice for the Rouse check"),
            *BY_VAMPIRE,
        ],
        _heal,
    )
)
group.add_command(
    checking("blush", "Blush of Life (core 218)", list(BY_VAMPIRE), lambda values: check("blush"))
)
group.add_command(
    checking(
        "slake",
        "Feed (core 212)",
        [
            number("amount", 1, 10, "What the blood is worth, before Blood Potency takes its part", True),
            Option(
                "blood", Literal["human", "animal", "bagged", "vampire"], "Whose blood; human if left out"
            ),
            number("humans", 1, 10, "How many humans it came from"),
            yes("killed", "A human was drained to death"),
            *BY_VAMPIRE,
        ],
        lambda values: check("slake", given(values, "amount", "blood", "humans", "killed")),
    )
)
group.add_command(
    checking(
        "stains",
        "Take stains, or lift them (core 239)",
        [
            number("added", -10, 10, "How many; a negative number lifts them", True),
            character(*SPLATS),
            VISIBILITY,
            NOTES,
        ],
        lambda values: check("stains", given(values, "added")),
    )
)
group.add_command(general())
