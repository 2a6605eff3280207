"""The mirror of guilds: what the Discord process reports of its own accord, with nobody acting."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from contract.acting import Bits, Facts, GuildFacts, GuildMember, Text
from contract.base import Answer, Flag, Snowflake, Whole, Whole32

# Of each, in one request.
MAX_ROLES, MAX_CHANNELS, MAX_MEMBERS, MAX_GUILDS = 500, 2000, 1000, 1000


class GuildRole(Facts):
    id: Snowflake
    name: Text | None = ""
    color: Whole32 = 0
    position: Whole32 = 0
    permissions: Bits | None = None


class GuildChannel(Facts):
    """`position` is its place in the whole list, as Discord shows it; `category` the name of what it stands under,
    which `category_id` tells from another of the same name.
    """

    id: Snowflake
    name: Text | None = ""
    type: Annotated[Whole, Field(ge=0, le=99)] = 0
    position: Whole32 = 0
    category: Text | None = ""
    category_id: Snowflake | None = None
    # Who sees it on Discord, where not everybody does or somebody does not: of a role, of a member, or of everyone (the
    # guild's id).
    seen_by: dict[Snowflake, bool] = {}
    # What the bot lacks to post there, as Discord's settings call it.
    bot_lacks: Annotated[list[Text], Field(max_length=20)] = []


class Guild(GuildFacts):
    """`roles` and `channels` are null if Discord did not report them, else the full list. `commands_registered`:
    whether Discord took the commands; null while the process does not know.
    """

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)
    id: Annotated[Snowflake, Field(alias="guild_id")]
    roles: list[GuildRole] | None = None
    channels: list[GuildChannel] | None = None
    commands_registered: Flag | None = None


class OneGuild(Facts):
    guild_id: Snowflake


class OneThread(OneGuild):
    thread_id: Snowflake


class ListGuilds(Facts):
    """Those in which the bot is said to be, by id, `MAX_GUILDS` after `after`; or the named one alone."""

    guild_id: Snowflake | None = None
    after: Snowflake | None = None


class GuildEditions(Answer):
    """`editions` are played there, the main one first."""

    guild_id: str
    editions: list[str]


class Guilds(Answer):
    """`next` is the `after` of the next page; null on the last one."""

    results: list[GuildEditions]
    next: str | None


class Members(OneGuild):
    """A batch. `complete`: it is the whole guild. `after` (exclusive) and `until` (inclusive, null for the last batch)
    say for which ids it speaks: members of that span who are not named have left.
    """

    members: list[GuildMember]
    complete: Flag = False
    after: Snowflake | Literal[""] | None = None
    until: Snowflake | None = None


class OneMember(OneGuild):
    user_id: Snowflake


class MirroredServer(Answer):
    """`editions` are played there: the server's main one, then the other ones of its chronicles."""

    id: UUID
    discord_id: str | None
    name: str
    editions: list[str]
    tracker_channel: str | None
    commands_registered: bool | None
    left: bool
    version: int


class ServerLeft(Answer):
    server: MirroredServer


class ServerMirrored(ServerLeft):
    changed: bool


class MembersMirrored(Answer):
    """`refused` are those whom the server has no room for."""

    added: int
    changed: int
    removed: int
    refused: int


class ThreadRemoved(Answer):
    """`removed`: it was known here."""

    removed: bool


class MemberRemoved(Answer):
    removed: bool
