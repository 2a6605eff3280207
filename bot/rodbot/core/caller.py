"""Who acts, where and through which command: the part that every call to the bot API has in common.

It is sent with each command, so that one request is enough: nothing has to be synced before it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

import discord

from contract.acting import Acting, ActingGuild, ActingMember, DiscordUser, Interaction, Reading

MAX_COMMAND = 400
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_SUBCOMMANDS = (
    discord.AppCommandOptionType.subcommand.value,
    discord.AppCommandOptionType.subcommand_group.value,
)


@dataclass(slots=True)
class Caller:
    """Who acts, and by what. `text_mode`: they want plain text, as the last answer of the backend said."""

    acting: Acting
    text_mode: bool = False

    @property
    def interaction_id(self) -> str:
        return (self.acting.interaction and self.acting.interaction.id) or ""

    def reading(self) -> Reading:
        """Ids only, for a read: the backend knows the rest from the last sync."""
        acting = self.acting
        guild = acting.guild.id if acting.guild else None
        return Reading(actor=acting.actor.id, guild=guild, channel_id=acting.channel_id)


def caller_of(interaction: discord.Interaction[Any]) -> Caller:
    """Who acts in this interaction; the same object at every call."""
    caller: Caller | None = interaction.extras.get("caller")
    if caller is None:
        caller = interaction.extras["caller"] = Caller(
            Acting(
                actor=user_facts(interaction.user),
                guild=_guild_facts(interaction),
                channel_id=str(interaction.channel_id) if interaction.channel_id else None,
                interaction=Interaction(id=str(interaction.id), command=command_text(interaction)),
            )
        )
    return caller


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


def _guild_facts(interaction: discord.Interaction[Any]) -> ActingGuild | None:
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


def command_text(interaction: discord.Interaction[Any]) -> str:
    """The command as it was typed, for the history: `/vampire update hunger:2`. Ids from completion are left out."""
    data = cast(dict[str, Any], interaction.data or {})
    if "name" not in data:
        return ""
    words, options = [data["name"]], data.get("options") or []
    while options and options[0].get("type") in _SUBCOMMANDS:
        words.append(options[0]["name"])
        options = options[0].get("options") or []
    typed = list(_typed(options, data.get("resolved") or {}))
    return " ".join([f"/{' '.join(words)}", *typed])[:MAX_COMMAND]


def _typed(options: list[dict[str, Any]], resolved: dict[str, Any]) -> Iterator[str]:
    for option in options:
        value = option.get("value")
        if isinstance(value, str):
            value = _resolved_name(value, resolved) or value
            if _ID.fullmatch(value):
                continue
            value = f'"{value}"' if " " in value else value
        elif isinstance(value, bool):
            value = "yes" if value else "no"
        yield f"{option['name']}:{value}"


def _resolved_name(value: str, resolved: dict[str, Any]) -> str | None:
    for kind, sign in (("users", "@"), ("roles", "@"), ("channels", "#"), ("attachments", "")):
        target = (resolved.get(kind) or {}).get(value)
        if target:
            return f"{sign}{target.get('username') or target.get('name') or target.get('filename') or value}"
    return None
