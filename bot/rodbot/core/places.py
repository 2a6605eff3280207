"""Whether the bot can post in a channel what it has to keep up to date there."""

import discord

from contract.discord_permissions import missing
from contract.translation import _
from rodbot.core.discord_types import Interaction
from rodbot.core.errors import Refused


def require_postable(interaction: Interaction) -> None:
    """Refuse, before anything is begun, what this channel would not show. Raises Refused with what is missing."""
    if interaction.guild_id is not None:
        in_thread = isinstance(interaction.channel, discord.Thread)
        names = _lacking(interaction.app_permissions, in_thread)
        if names:
            raise Refused(
                _(
                    "I can’t post here, because I’m missing {permissions}. "
                    "Allow that in the channel’s settings and try again.",
                    permissions=names,
                )
            )


def require_postable_in(channel: discord.TextChannel | discord.Thread) -> None:
    """The same for a channel that was chosen. Raises Refused."""
    if channel.guild.me:
        names = _lacking(channel.permissions_for(channel.guild.me), isinstance(channel, discord.Thread))
        if names:
            raise Refused(
                _(
                    "I can’t post in {channel}, because I’m missing {permissions}. "
                    "Allow that in the channel’s settings and try again.",
                    channel=channel.mention,
                    permissions=names,
                )
            )


def _lacking(allowed: discord.Permissions, in_thread: bool) -> str:
    """Name the permissions that the bot lacks; empty if it lacks none."""
    if allowed.administrator:
        return ""
    return ", ".join(f"**{_(permission.label)}**" for permission in missing(allowed.value, in_thread))
