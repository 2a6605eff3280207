"""`/server channel bridge`: whether what is said in a channel goes both ways between Discord and the web."""

import discord
from discord import app_commands

from contract import endpoints
from contract.bridges import Bridge, BridgeInput, SetBridge
from contract.translation import N_, _
from rodbot.core.calls import call
from rodbot.core.discord_types import Interaction
from rodbot.core.reply import Reply
from rodbot.core.respond import replying
from rodbot.core.text import escape

STATES = {
    True: N_(
        "**#{channel}** is bridged: what is written here can be read on the web, and the other way round."
    ),
    False: N_("**#{channel}** isn’t bridged with the web."),
}


@app_commands.command(
    name="bridge", description="Let a channel’s messages go both ways between Discord and the web"
)
@app_commands.describe(channel="Channel (default: this one)", on="On or off (default: show how it is)")
@replying
async def bridge(
    interaction: Interaction, channel: discord.TextChannel | None = None, on: bool | None = None
) -> Reply:
    named = str(channel.id) if channel else None
    if on is None:
        return Reply(content=state(await call(interaction, endpoints.GET_BRIDGE, BridgeInput(channel=named))))
    return Reply(
        content=state(await call(interaction, endpoints.SET_BRIDGE, SetBridge(channel=named, on=on)))
    )


def state(found: Bridge) -> str:
    """How it is, and what keeps it from working."""
    return " ".join(filter(None, (_(STATES[found.on], channel=escape(found.name, 100)), found.reason)))
