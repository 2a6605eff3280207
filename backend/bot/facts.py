"""Parses what the Discord process says about people and guilds. Plain functions: this runs with every command."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from chronicle.guild_facts import ChannelFacts, GuildFacts, MemberFacts, RoleFacts
from discordauth.services import DiscordProfile
from rules.errors import GameError, Invalid

DIGITS = re.compile(r"[0-9]{1,20}", re.ASCII)
MAX_ID = 1 << 63
MAX_TEXT = 4000
MAX_ROLES = 500
MAX_CHANNELS = 2000
MAX_MEMBERS = 1000
MAX_BITS = 1 << 64


class TooLarge(GameError):
    status: ClassVar[int] = 413
    default_code: ClassVar[str] = "too_large"


@dataclass(frozen=True, slots=True)
class Interaction:
    id: str
    command: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What is common to every body. `member` holds the actor's profile in a direct message too."""

    member: MemberFacts
    guild: GuildFacts | None
    channel_id: str
    interaction: Interaction


def facts_of(body: Any) -> Facts:
    """`actor`, `guild`, `channel_id` and `interaction` of a body. Raises Invalid, naming the path."""
    document = mapping(body, "body")
    profile = profile_of(mapping(document.get("actor"), "actor"), "actor")
    interaction = optional(document.get("interaction"), "interaction")
    channel_id = document.get("channel_id")
    guild = document.get("guild")
    said = Interaction(
        id=text(interaction.get("id"), "interaction.id", 40),
        command=text(interaction.get("command"), "interaction.command")[:500],
    )
    channel = snowflake(channel_id, "channel_id") if channel_id is not None else ""
    if guild is None:
        return Facts(MemberFacts(profile), None, channel, said)
    guild = mapping(guild, "guild")
    member = member_of(optional(guild.get("member"), "guild.member"), profile, "guild.member")
    return Facts(member, guild_of(guild, "guild."), channel, said)


def guild_of(document: Mapping[str, Any], prefix: str = "") -> GuildFacts:
    owner_id = document.get("owner_id")
    return GuildFacts(
        id=snowflake(document.get("id"), f"{prefix}id"),
        name=text(document.get("name"), f"{prefix}name"),
        owner_id=snowflake(owner_id, f"{prefix}owner_id") if owner_id else "",
        icon=text(document.get("icon"), f"{prefix}icon"),
        roles=_roles(document.get("roles")),
        channels=_channels(document.get("channels")),
    )


def _roles(value: Any) -> tuple[RoleFacts, ...] | None:
    if value is None:
        return None
    return tuple(_role(row, f"roles.{number}") for number, row in enumerate(rows(value, "roles", MAX_ROLES)))


def _role(document: Mapping[str, Any], path: str) -> RoleFacts:
    return RoleFacts(
        id=snowflake(document.get("id"), f"{path}.id"),
        name=text(document.get("name"), f"{path}.name"),
        color=integer(document.get("color", 0), f"{path}.color"),
        position=integer(document.get("position", 0), f"{path}.position"),
        permissions=bits(document.get("permissions"), f"{path}.permissions"),
    )


def _channels(value: Any) -> tuple[ChannelFacts, ...] | None:
    if value is None:
        return None
    found = rows(value, "channels", MAX_CHANNELS)
    return tuple(_channel(row, f"channels.{number}") for number, row in enumerate(found))


def _channel(document: Mapping[str, Any], path: str) -> ChannelFacts:
    kind = integer(document.get("type", 0), f"{path}.type")
    if not 0 <= kind < 100:
        raise Invalid.field(f"{path}.type", "There is no such type of channel.")
    return ChannelFacts(
        id=snowflake(document.get("id"), f"{path}.id"),
        name=text(document.get("name"), f"{path}.name"),
        kind=kind,
        position=integer(document.get("position", 0), f"{path}.position"),
        category=text(document.get("category", ""), f"{path}.category"),
    )


def members_of(value: Any) -> list[MemberFacts]:
    """A batch of members; bots are left out. Raises TooLarge past the limit."""
    found = []
    for number, row in enumerate(rows(value, "members", MAX_MEMBERS)):
        path = f"members.{number}"
        if not row.get("bot"):
            found.append(member_of(row, profile_of(row, path), path))
    return found


def member_of(document: Mapping[str, Any], profile: DiscordProfile, path: str) -> MemberFacts:
    roles = document.get("roles") or []
    if not isinstance(roles, list) or len(roles) > MAX_ROLES:
        raise Invalid.field(f"{path}.roles", f"A list of at most {MAX_ROLES} ids is expected.")
    return MemberFacts(
        profile=profile,
        nick=text(document.get("nick"), f"{path}.nick"),
        roles=frozenset(snowflake(role, f"{path}.roles") for role in roles),
        permissions=bits(document.get("permissions"), f"{path}.permissions"),
    )


def profile_of(document: Mapping[str, Any], path: str) -> DiscordProfile:
    return DiscordProfile(
        id=snowflake(document.get("id"), f"{path}.id"),
        username=text(document.get("username"), f"{path}.username"),
        global_name=text(document.get("global_name"), f"{path}.global_name"),
        avatar=text(document.get("avatar"), f"{path}.avatar"),
    )


def mapping(value: Any, path: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise Invalid.field(path, "A JSON object is expected.")
    return value


def optional(value: Any, path: str) -> Mapping[str, Any]:
    return {} if value is None else mapping(value, path)


def rows(value: Any, path: str, most: int) -> list[Mapping[str, Any]]:
    if not isinstance(value, list):
        raise Invalid.field(path, "A list is expected.")
    if len(value) > most:
        raise TooLarge(f"At most {most} at once.")
    return [mapping(row, f"{path}.{number}") for number, row in enumerate(value)]


def snowflake(value: Any, path: str) -> str:
    """Discord's ids are text here; in a number of that size, digits get lost on the way."""
    if not isinstance(value, str) or not DIGITS.fullmatch(value) or int(value) >= MAX_ID:
        raise Invalid.field(path, "A Discord id, as text, is expected.")
    return value


def text(value: Any, path: str, most: int = MAX_TEXT) -> str:
    """None reads as empty."""
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > most:
        raise Invalid.field(path, f"Text of at most {most} characters is expected.")
    return value


def integer(value: Any, path: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not -(2**31) <= value < 2**31:
        raise Invalid.field(path, "A whole number is expected.")
    return value


def bits(value: Any, path: str) -> int:
    """Discord sends sets of permissions as a number in text."""
    if value is None or value == "":
        return 0
    if isinstance(value, str) and DIGITS.fullmatch(value):
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < MAX_BITS:
        raise Invalid.field(path, "Discord's permissions, a number as text, are expected.")
    return value
