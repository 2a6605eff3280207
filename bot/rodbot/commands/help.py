"""`/help`: the commands that this person can use here, from what is registered."""

from typing import Any

import discord
from discord import app_commands

from rodbot import facts
from rodbot.respond import Reply, run
from rodbot.text import MESSAGE, clip, joined


@app_commands.command(name="help", description="What this bot can do")
async def help_command(interaction: discord.Interaction[Any]) -> None:
    await run(interaction, _help(interaction))


async def _help(interaction: discord.Interaction[Any]) -> Reply:
    lines = [
        line for made in facts.bot(interaction).commands_for(interaction.guild_id) for line in lines_of(made)
    ]
    return Reply(content=clip(joined(lines, MESSAGE, 60), MESSAGE))


def lines_of(made: app_commands.Group | app_commands.Command[Any, ..., Any]) -> list[str]:
    if isinstance(made, app_commands.Group):
        return [line for child in made.commands for line in lines_of(child)]
    return [f"`/{made.qualified_name}` {made.description}"]
