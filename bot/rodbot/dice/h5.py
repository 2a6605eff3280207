"""`/h …`: the dice of Hunter, 5th edition, with Desperation."""

from discord import app_commands

from rodbot.core.models import Json
from rodbot.core.options import Values, given, number
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
    general,
    rolling,
)

SPLATS = ("hunter5th", "human5th")

group = app_commands.Group(name="h", description="Hunter: dice and Desperation")


def _pool(values: Values) -> Json:
    options = given(values, "difficulty", "desperation", "specialty", "modifier", "impaired")
    return {"system": "h5", "pool": values["pool"], "options": options}


group.add_command(
    rolling(
        "roll",
        "Roll a pool, with Desperation if you dare",
        [
            POOL,
            difficulty(),
            number(
                "desperation", 0, 5, "Desperation dice on top; those of the sheet if left out, 0 for none"
            ),
            SPECIALTY,
            MODIFIER,
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
        "redemption",
        "Find back to the Drive: Despair ends",
        [character("hunter5th"), VISIBILITY, NOTES],
        lambda values: check("redemption"),
    )
)
group.add_command(general())
