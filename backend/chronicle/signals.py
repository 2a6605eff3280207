"""Refresh memberships at login, which happens below this app."""

from typing import Any

from django.dispatch import receiver

from chronicle.services import refresh_memberships
from discordauth.models import CustomUser
from discordauth.signals import discord_login
from timeline.services import Cause


@receiver(discord_login)
def follow_guilds(sender: Any, user: CustomUser, guild_ids: frozenset[str] | None, **kwargs: Any) -> None:
    if guild_ids is not None:
        refresh_memberships(user, guild_ids, cause=Cause(actor=user, door="web"))
