"""`/help`: the commands that this person can use here, from what is registered."""

from typing import Any

import discord
from discord import app_commands

from rodbot.core import caller as facts
from rodbot.core.respond import Reply, run
from rodbot.core.text import MESSAGE, clip, joined


@app_commands.command(name="help", description="What this bot can do")
async def help_command(interaction: discord.Interaction[Any]) -> None:
    await run(interaction, _help(interaction))


async def _help(interaction: discord.Interaction[Any]) -> Reply:
    made = facts.bot(interaction).commands_for(interaction.guild_id)
    lines = [line(one) for one in made if not isinstance(one, app_commands.ContextMenu)]
    menus = [f"“{one.name}”" for one in made if isinstance(one, app_commands.ContextMenu)]
    if menus and interaction.guild_id:
        lines.append(f"In the menu of a person, under Apps: {', '.join(menus)}")
    return Reply(content=clip(joined(lines, MESSAGE, 60), MESSAGE))


def line(made: app_commands.Group | app_commands.Command[Any, ..., Any]) -> str:
    """A group on one line: what its commands do, Discord tells while they are typed."""
    if isinstance(made, app_commands.Group):
        return f"`/{made.name}` {', '.join(child.name for child in made.commands)}"
    return f"`/{made.name}` {made.description}"
