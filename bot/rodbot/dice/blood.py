"""`/blood …`: the blood pool of a vampire of the 20th edition, for its player alone."""

from typing import Literal

from discord import app_commands

from rodbot.characters.calls import CharacterCalls
from rodbot.characters.cards import reply
from rodbot.core.bot import Interaction
from rodbot.core.models import Json
from rodbot.core.options import Option, Values, command, given, number
from rodbot.core.reply import Reply
from rodbot.dice.options import NOTES, character, check, checking

group = app_commands.Group(name="blood", description="The blood pool of a vampire")
WHOSE = character("vampire20th")
# What a person calls an action, and its name in the bot API.
ACTIONS = {
    "Heal bashing": "heal_bashing",
    "Heal lethal": "heal_lethal",
    "Heal aggravated": "heal_aggravated",
    "Disciplines": "disciplines",
    "Attributes": "attributes",
    "Something else": "other",
}
POINTS = number("amount", 1, 50, "How many points", True)


def _use(values: Values) -> Json:
    return check("blood_use", {"amount": values["amount"], "action": ACTIONS[values["action"]]})


group.add_command(
    checking(
        "use",
        "Spend blood: a point heals a level, five an aggravated one",
        [POINTS, Option("action", Literal[tuple(ACTIONS)], "What for", True), WHOSE, NOTES],
        _use,
        public=False,
    )
)
group.add_command(
    checking(
        "gain",
        "Blood from feeding",
        [POINTS, WHOSE, NOTES],
        lambda values: check("blood_gain", given(values, "amount")),
        public=False,
    )
)


async def _check(interaction: Interaction, values: Values) -> Reply:
    return reply(interaction, await CharacterCalls.of(interaction).look(values.get("character")))


group.add_command(command("check", "Show the card", [WHOSE], _check))
