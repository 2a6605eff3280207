"""`/dice …` of Chronicles of Darkness. Its characters are names: there are no sheets of these games."""

from discord import app_commands

from rodbot.core.models import Json
from rodbot.core.options import Values, given, number, yes
from rodbot.dice.options import HIDE, NAME, NOTES, POOL, SPECIALTY, VISIBILITY, general, rolling

group = app_commands.Group(name="dice", description="Dice of Chronicles of Darkness")


def _pool(values: Values) -> Json:
    options = given(values, "bonus", "penalty", "specialty", "willpower", "rote", "target", "again")
    return {"system": "cod", "pool": values["pool"], "character": False, "options": options}


group.add_command(
    rolling(
        "roll",
        "Roll a pool; less than one die is a chance die",
        [
            POOL,
            number("bonus", 0, 30, "Dice more"),
            number("penalty", 0, 30, "Dice less"),
            SPECIALTY,
            yes("willpower", "A point of Willpower: three dice"),
            yes("rote", "Each die that failed is rolled once more"),
            number("target", 2, 10, "From this number on a die succeeds; 8 if left out"),
            number("again", 8, 11, "From this number on a die rolls again; 10 if left out, 11 for none"),
            NAME,
            VISIBILITY,
            HIDE,
            NOTES,
        ],
        _pool,
    )
)
group.add_command(general())
