"""`/preferences`: what a person wants of the bot, everywhere."""

from typing import Any

import discord
from discord import app_commands

from rodbot.core import caller as facts
from rodbot.core.respond import Reply, run

LABELS = {
    "direct_messages": "Direct messages about what a storyteller decides",
    "text_mode": "Answers as plain text, for screen readers",
}


@app_commands.command(
    name="preferences", description="What you want of this bot; as it is, if nothing is named"
)
@app_commands.describe(**LABELS)
async def preferences(
    interaction: discord.Interaction[Any], direct_messages: bool | None = None, text_mode: bool | None = None
) -> None:
    wanted = {"direct_messages": direct_messages, "text_mode": text_mode}
    await run(interaction, _told(interaction, {name: one for name, one in wanted.items() if one is not None}))


async def _told(interaction: discord.Interaction[Any], wanted: dict[str, bool]) -> Reply:
    found = await facts.bot(interaction).backend.preferences(facts.of(interaction), wanted)
    return Reply(
        content="\n".join(f"{LABELS[name]}: {'on' if one else 'off'}" for name, one in found.items())
    )
