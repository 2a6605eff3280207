"""Servers, roles, members, channels and chronicles. Characters are above, in `haven`; nothing here knows them."""

from chronicle.models.channels import ServerChannel, TextChannel, VoiceChannel, VoiceSeat
from chronicle.models.chronicles import (
    Attendance,
    Chronicle,
    Episode,
    EpisodeReminder,
    EpisodeSettings,
    Schedule,
)
from chronicle.models.servers import Invite, Server, ServerMember, ServerRole

# The public face of a chronicle is called campaign.
Campaign = Chronicle

__all__ = [
    "Attendance",
    "Campaign",
    "Chronicle",
    "Episode",
    "EpisodeReminder",
    "EpisodeSettings",
    "Invite",
    "Schedule",
    "Server",
    "ServerChannel",
    "ServerMember",
    "ServerRole",
    "TextChannel",
    "VoiceChannel",
    "VoiceSeat",
]
