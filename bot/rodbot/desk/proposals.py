"""`/character propose`: what a player asks of the storytellers, for a locked sheet or a new character."""

from typing import Any

import discord
from discord import app_commands
from discord.app_commands import Range

from rodbot.characters import names
from rodbot.characters.commands import WHICH, Name, group
from rodbot.core import caller as facts
from rodbot.core.errors import Refused
from rodbot.core.respond import Reply, run
from rodbot.desk import submissions as desk_components

Interaction = discord.Interaction[Any]


@group.command(name="propose", description="Ask the storytellers for a change, or to take a new character in")
@app_commands.describe(
    trait="Which trait; left out, the whole new character",
    value="A value (3), an amount (+1), yes or no, or words (Beautiful 2)",
    name=WHICH,
    reason="Why, in a sentence",
)
@app_commands.autocomplete(name=names.completion(), trait=names.traits())
async def propose(
    interaction: Interaction,
    trait: Range[str, 1, 100] | None = None,
    value: Range[str, 1, 1000] | None = None,
    name: Name | None = None,
    reason: Range[str, 1, 1000] | None = None,
) -> None:
    await run(interaction, _proposed(interaction, trait, value, name, reason or ""))


async def _proposed(
    interaction: Interaction, trait: str | None, value: str | None, name: str | None, reason: str
) -> Reply:
    if (trait is None) != (value is None):
        raise Refused("Name a trait and its value, or neither of them for a new character.")
    changes = [{"path": trait, "op": "text", "value": value}] if trait else []
    calls = facts.bot(interaction).backend.desk
    return desk_components.shown(await calls.submit(facts.of(interaction), name, changes, reason))
