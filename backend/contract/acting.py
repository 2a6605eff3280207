"""Who acts, where and by which command: the part that every body of the bot API holds beside its input.

Facts as Discord told them to the Discord process, so that one request is enough (no lookup before it).
"""

from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from contract.base import Flag, Input, Snowflake, Whole

# Discord's texts may be long: they are kept shortened, never refused.
Text = Annotated[str, StringConstraints(max_length=4000)]
MAX_ROLES = 500


def _in_64_bits(value: str) -> str:
    if int(value or 0) >= 1 << 64:
        raise ValueError("Discord's permissions are a number of 64 bits, as text.")
    return value


# A set of permission bits, as Discord sends it: a number as text.
Bits = Annotated[str, StringConstraints(pattern=r"^[0-9]{0,20}$"), AfterValidator(_in_64_bits)]


class Facts(Input):
    """A fact of Discord's. Newer clients may say more than we read."""

    model_config = ConfigDict(extra="ignore")


class DiscordUser(Facts):
    """`avatar` is Discord's hash of the picture."""

    id: Snowflake
    username: Text | None = ""
    global_name: Text | None = None
    avatar: Text | None = None


class ActingMember(Facts):
    """Somebody's part in a guild. `permissions` are the bits that Discord computed, where it did."""

    nick: Text | None = None
    roles: Annotated[list[Snowflake], Field(max_length=MAX_ROLES)] = []
    permissions: Bits | None = None

    @property
    def bits(self) -> int:
        return int(self.permissions or 0)


class GuildMember(ActingMember, DiscordUser):
    bot: Flag | None = False


class GuildFacts(Facts):
    id: Snowflake
    name: Text | None = ""
    owner_id: Snowflake | None = None
    icon: Text | None = None


class ActingGuild(GuildFacts):
    member: ActingMember | None = None


class Interaction(Facts):
    id: Annotated[str, StringConstraints(max_length=40)] | None = ""
    command: Text | None = ""


class Thread(Facts):
    """A thread of a channel, or a post of a forum."""

    id: Snowflake
    parent_id: Snowflake
    name: Text | None = ""
    type: Annotated[Whole, Field(ge=10, le=12)] = 11


class Acting(Facts):
    """`guild` is null in direct messages. `threads` are those that the command names or is given in."""

    actor: DiscordUser
    guild: ActingGuild | None = None
    channel_id: Snowflake | None = None
    threads: Annotated[list[Thread], Field(max_length=25)] = []
    interaction: Interaction | None = None

    def member(self) -> GuildMember:
        """The actor as a member of the guild; all of it is checked already."""
        part = (self.guild and self.guild.member) or ActingMember()
        return GuildMember.model_construct(**dict(self.actor), **dict(part))


class Reading(Facts):
    """Who reads, in the query of a GET: ids alone, the rest is known from the last sync. `parent_id` is the channel of
    a thread."""

    actor: Snowflake
    guild: Snowflake | None = None
    channel_id: Snowflake | None = None
    parent_id: Snowflake | None = None
