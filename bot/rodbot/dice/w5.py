"""`/w …`: the dice of Werewolf, 5th edition, with Rage."""

from discord import app_commands

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
    general,
    rolling,
)

SPLATS = ("werewolf5th", "human5th")

group = app_commands.Group(name="w", description="Werewolf: dice and Rage")


def _common(*own: Option) -> list[Option]:
    return [
        POOL,
        difficulty(),
        number("rage", 0, 5, "Rage dice; those of the sheet if left out"),
        *own,
        SPECIALTY,
        MODIFIER,
        number("rage_checks", 0, 5, "Rage checks after the roll"),
        yes("rage_reroll", "Two dice for each Rage check"),
        IMPAIRED,
        character(*SPLATS),
        NAME,
        VISIBILITY,
        HIDE,
        NOTES,
    ]


def _pool(values: Values) -> Json:
    options = given(values, "difficulty", "rage", "specialty", "modifier", "impaired", "rage_checks")
    options |= given(values, "rage_reroll", "participants", trained_participants="trained")
    return {"system": "w5", "pool": values["pool"], "options": options}


group.add_command(rolling("roll", "Roll a pool with Rage", _common(), _pool))
group.add_command(
    rolling(
        "rite",
        "Roll for a rite, with those who take part in it",
        _common(
            number("trained_participants", 0, 20, "Who knows the rite: two dice and one of Rage each"),
            number("participants", 0, 20, "Who only takes part: one die and one of Rage each"),
        ),
        _pool,
    )
)
group.add_command(
    checking(
        "rage",
        "Check Rage",
        [
            number("checks", 1, 5, "How many checks"),
            yes("reroll", "Two dice for each check"),
            character("werewolf5th"),
            NAME,
            VISIBILITY,
            NOTES,
        ],
        lambda values: check("rage", given(values, "checks", "reroll")),
    )
)
group.add_command(general())
