"""Who acts, where and through which command: the part that every call to the bot API has in common.

It is sent with each command, so that one request is enough: nothing has to be synced before it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import discord
from discord import app_commands

from contract import acting
from contract.acting import Acting, ActingGuild, ActingMember, DiscordUser, Reading, Thread
from contract.translation import ENGLISH
from rodbot.core.discord_types import Interaction

MAX_COMMAND = 400
THREADS = tuple(
    kind.value
    for kind in (
        discord.ChannelType.news_thread,
        discord.ChannelType.public_thread,
        discord.ChannelType.private_thread,
    )
)
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@dataclass(slots=True)
class Caller:
    """Who acts, and by what. `text_mode`: they want plain text, as the last answer of the backend said.

    `locale` is that of their Discord client, `shared_locale` that of the server if a whole channel reads the answer.
    """

    acting: Acting
    text_mode: bool = False
    locale: str = ENGLISH
    shared_locale: str = ""

    @property
    def interaction_id(self) -> str:
        return (self.acting.interaction and self.acting.interaction.id) or ""

    def reading(self) -> Reading:
        """Ids only, for a read: the backend knows the rest from the last sync."""
        guild = self.acting.guild.id if self.acting.guild else None
        channel = self.acting.channel_id
        parent = next((thread.parent_id for thread in self.acting.threads if thread.id == channel), None)
        return Reading(actor=self.acting.actor.id, guild=guild, channel_id=channel, parent_id=parent)


def caller_of(interaction: Interaction) -> Caller:
    """Who acts in this interaction; the same object at every call."""
    caller: Caller | None = interaction.extras.get("caller")
    if caller is None:
        caller = interaction.extras["caller"] = Caller(
            Acting(
                actor=user_facts(interaction.user),
                guild=_guild_facts(interaction),
                channel_id=str(interaction.channel_id) if interaction.channel_id else None,
                threads=list(_threads(interaction)),
                interaction=acting.Interaction(id=str(interaction.id), command=command_text(interaction)),
            ),
            locale=str(interaction.locale),
        )
    return caller


def _threads(interaction: Interaction) -> Iterator[Thread]:
    """The thread in which the command is given, and those that its options name."""
    here = interaction.channel
    if isinstance(here, discord.Thread):
        yield Thread(id=str(here.id), parent_id=str(here.parent_id), name=here.name, type=here.type.value)
    data = cast(dict[str, dict[str, dict[str, dict[str, object]]]], interaction.data or {})
    for channel in data.get("resolved", {}).get("channels", {}).values():
        if channel["type"] in THREADS and channel["id"] != str(interaction.channel_id):
            yield Thread.model_validate(channel)


def user_facts(user: discord.User | discord.Member) -> DiscordUser:
    """`avatar` is the person's own; the one for a guild alone is a fact of the member."""
    return DiscordUser(
        id=str(user.id),
        username=user.name,
        global_name=user.global_name,
        avatar=user.avatar.key if user.avatar else None,
    )


def member_facts(member: discord.Member) -> ActingMember:
    """Role ids as Discord sent them. `member.roles` lacks roles that the cache does not know yet, and a member who
    seems to have no roles would lose their rights."""
    known = member.guild_permissions if member.guild.roles else member.resolved_permissions
    return ActingMember(
        nick=member.nick,
        roles=sorted(str(role) for role in member._roles),
        permissions=str(known.value if known else 0),
    )


def _guild_facts(interaction: Interaction) -> ActingGuild | None:
    guild = interaction.guild
    if guild is None or not isinstance(interaction.user, discord.Member):
        return None
    return ActingGuild(
        id=str(guild.id),
        name=guild.name,
        owner_id=str(guild.owner_id) if guild.owner_id else None,
        icon=guild.icon.key if guild.icon else None,
        member=member_facts(interaction.user),
    )


def command_text(interaction: Interaction) -> str:
    """The command as it was typed, for the history: `/vampire update hunger:2`. Ids from completion are left out."""
    if interaction.command is None:
        return ""
    typed = (f"{name}:{text}" for name, value in interaction.namespace if (text := _typed(value)))
    return " ".join([f"/{interaction.command.qualified_name}", *typed])[:MAX_COMMAND]


def _typed(value: object) -> str:
    """An option's value in words, or nothing where it is an id or was left out."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return str(value)
    text = _name(value)
    return "" if _ID.fullmatch(text) else f'"{text}"' if " " in text else text


def _name(value: object) -> str:
    if isinstance(value, discord.User | discord.Member | discord.Role):
        return f"@{value.name}"
    if isinstance(value, app_commands.AppCommandChannel | app_commands.AppCommandThread):
        return f"#{value.name}"
    return value.filename if isinstance(value, discord.Attachment) else str(value)
