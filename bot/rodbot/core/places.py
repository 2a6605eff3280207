"""Whether the bot can post in a channel what it has to keep up to date there."""

import discord

from contract.discord_permissions import missing
from rodbot.core.discord_types import Interaction
from rodbot.core.errors import Refused


def require_postable(interaction: Interaction) -> None:
    """Refuse, before anything is begun, what this channel would not show. Raises Refused with what is missing."""
    if interaction.guild_id is not None:
        in_thread = isinstance(interaction.channel, discord.Thread)
        _require(interaction.app_permissions, in_thread, "here")


def require_postable_in(channel: discord.TextChannel | discord.Thread) -> None:
    """The same for a channel that was chosen. Raises Refused."""
    if channel.guild.me:
        allowed = channel.permissions_for(channel.guild.me)
        _require(allowed, isinstance(channel, discord.Thread), f"in {channel.mention}")


def _require(allowed: discord.Permissions, in_thread: bool, where: str) -> None:
    if allowed.administrator:
        return
    labels = [permission.label for permission in missing(allowed.value, in_thread)]
    if labels:
        names = ", ".join(f"**{label}**" for label in labels)
        raise Refused(
            f"I cannot post {where}: I lack {names}. Give me that in the channel’s settings, and try again."
        )
