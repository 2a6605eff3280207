"""What Discord reports about a guild, as plain values. Parsers limit their number; services clip the texts."""

from dataclasses import dataclass

from discordauth.services import DiscordProfile

ADMINISTRATOR_BIT = 1 << 3
MANAGE_GUILD_BIT = 1 << 5


@dataclass(frozen=True, slots=True)
class RoleFacts:
    id: str
    name: str
    color: int = 0
    position: int = 0
    permissions: int = 0


@dataclass(frozen=True, slots=True)
class ChannelFacts:
    id: str
    name: str
    kind: int = 0
    position: int = 0
    category: str = ""


@dataclass(frozen=True, slots=True)
class GuildFacts:
    """`roles` and `channels` are None if Discord did not report them, else the full list."""

    id: str
    name: str
    owner_id: str = ""
    icon: str | None = None
    roles: tuple[RoleFacts, ...] | None = None
    channels: tuple[ChannelFacts, ...] | None = None


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """`roles` are Discord's ids; `permissions` are the bits that Discord computed, if reported."""

    profile: DiscordProfile
    nick: str | None = None
    roles: frozenset[str] = frozenset()
    permissions: int = 0
