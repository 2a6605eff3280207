"""Who acts, where and through which command: the part that every call to the bot API has in common.

It is sent with each command, so that one request is enough: nothing has to be synced before it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

import discord

MAX_COMMAND = 400
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_SUBCOMMANDS = (
    discord.AppCommandOptionType.subcommand.value,
    discord.AppCommandOptionType.subcommand_group.value,
)


@dataclass(frozen=True, slots=True)
class Caller:
    """The acting person, their server and channel, the interaction and its command as typed."""

    actor: dict[str, Any]
    guild: dict[str, Any] | None
    channel_id: str | None
    interaction_id: str
    command: str

    def body(self) -> dict[str, Any]:
        return {
            "actor": self.actor,
            "guild": self.guild,
            "channel_id": self.channel_id,
            "interaction": {"id": self.interaction_id, "command": self.command},
        }

    def query(self) -> dict[str, str]:
        """Ids only, for a read: the backend knows the rest from the last sync."""
        query = {"actor": self.actor["id"]}
        if self.guild:
            query["guild"] = self.guild["id"]
        if self.channel_id:
            query["channel_id"] = self.channel_id
        return query


def caller_of(interaction: discord.Interaction[Any]) -> Caller:
    """Who acts in this interaction."""
    return Caller(
        actor=user_data(interaction.user),
        guild=_guild_data(interaction),
        channel_id=str(interaction.channel_id) if interaction.channel_id else None,
        interaction_id=str(interaction.id),
        command=command_text(interaction),
    )


def user_data(user: discord.User | discord.Member) -> dict[str, Any]:
    """`avatar` is the person's own; the one for a guild alone is a fact of the member."""
    return {
        "id": str(user.id),
        "username": user.name,
        "global_name": user.global_name,
        "avatar": user.avatar.key if user.avatar else None,
    }


def member_data(member: discord.Member) -> dict[str, Any]:
    """Role ids as Discord sent them. `member.roles` lacks roles that the cache does not know yet, and a member who
    seems to have no roles would lose their rights."""
    known = member.guild_permissions if member.guild.roles else member.resolved_permissions
    return {
        "nick": member.nick,
        "avatar": member.guild_avatar.key if member.guild_avatar else None,
        "roles": sorted(str(role) for role in member._roles),
        "permissions": str(known.value if known else 0),
    }


def _guild_data(interaction: discord.Interaction[Any]) -> dict[str, Any] | None:
    guild = interaction.guild
    if guild is None or not isinstance(interaction.user, discord.Member):
        return None
    return {
        "id": str(guild.id),
        "name": guild.name,
        "owner_id": str(guild.owner_id) if guild.owner_id else None,
        "icon": guild.icon.key if guild.icon else None,
        "member": member_data(interaction.user),
    }


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
