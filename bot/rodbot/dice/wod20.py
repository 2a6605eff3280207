"""`/dice …` of the 20th anniversary edition."""

from typing import Literal

from discord import app_commands

from rodbot.core.models import Json
from rodbot.core.options import Option, Values, given, number, yes
from rodbot.dice.options import (
    HIDE,
    NAME,
    NOTES,
    POOL,
    SPECIALTY,
    VISIBILITY,
    character,
    check,
    checking,
    difficulty,
    general,
    rolling,
)

group = app_commands.Group(name="dice", description="Dice of the 20th anniversary edition")
SPLATS = tuple(
    f"{kind}20th"
    for kind in ("vampire", "ghoul", "human", "werewolf", "changeling", "mage", "wraith", "demon")
)


def _pool(values: Values) -> Json:
    options = given(values, "difficulty", "willpower", "specialty", "nightmare", "no_botch", "wounded")
    options |= given(values, modifier="modifier")
    return {"system": "wod20", "pool": values["pool"], "options": options}


group.add_command(
    rolling(
        "roll",
        "Roll a pool against a difficulty",
        [
            POOL,
            difficulty(2, 10, "From this number on a die succeeds; 6 if left out"),
            yes("willpower", "A point of Willpower: one success that nothing cancels"),
            number("modifier", -20, 20, "Automatic successes, or fewer"),
            SPECIALTY,
            number("nightmare", 0, 50, "How many of the dice are Nightmare dice"),
            yes("no_botch", "Ones neither cancel nor botch"),
            yes("wounded", "No: wounds take no dice"),
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
        "initiative",
        "Roll for who acts first",
        [
            number("dexterity_wits", 0, 50, "Dexterity + Wits; by the sheet if left out"),
            number("modifier", -50, 50, "Added to it"),
            number("extra_actions", 0, 5, "Actions beside the first"),
            character(*SPLATS),
            NAME,
            VISIBILITY,
            NOTES,
        ],
        lambda values: check(
            "initiative", given(values, "modifier", "extra_actions", dexterity_wits="rating")
        ),
    )
)
group.add_command(
    checking(
        "degeneration",
        "Conscience or Conviction against the loss of a dot of the path",
        [
            difficulty(2, 10, "8 if left out"),
            Option("virtue", Literal["conscience", "conviction"], "By the sheet's path if left out"),
            character("vampire20th", "ghoul20th", "human20th"),
            VISIBILITY,
            NOTES,
        ],
        lambda values: check("degeneration", given(values, "difficulty", "virtue")),
    )
)
group.add_command(general())
