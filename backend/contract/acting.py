"""Who acts, where and by which command: the part that every body of the bot API holds beside its input.

Facts as Discord told them to the Discord process, so that one request is enough (no lookup before it).
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from contract.base import Snowflake

# Discord's texts may be long: they are kept shortened, never refused.
Text = Annotated[str, StringConstraints(max_length=4000)]
# A set of permission bits, as Discord sends it: a number as text.
Bits = Annotated[str, StringConstraints(pattern=r"^[0-9]{0,20}$")]
MAX_ROLES = 500


class Facts(BaseModel):
    """A fact of Discord's. Newer clients may say more than we read."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class DiscordUser(Facts):
    """`avatar` is Discord's hash of the picture."""

    id: Snowflake
    username: Text | None = ""
    global_name: Text | None = None
    avatar: Text | None = None


class ActingMember(Facts):
    nick: Text | None = None
    avatar: Text | None = None
    roles: Annotated[list[Snowflake], Field(max_length=MAX_ROLES)] = []
    permissions: Bits | None = None


class ActingGuild(Facts):
    id: Snowflake
    name: Text | None = ""
    owner_id: Snowflake | None = None
    icon: Text | None = None
    member: ActingMember | None = None


class Interaction(Facts):
    id: Annotated[str, StringConstraints(max_length=40)] | None = ""
    command: Text | None = ""


class Acting(Facts):
    """`guild` is null in direct messages."""

    actor: DiscordUser
    guild: ActingGuild | None = None
    channel_id: Snowflake | None = None
    interaction: Interaction | None = None


class Reading(Facts):
    """Who reads, in the query of a GET: ids alone, the rest is known from the last sync."""

    actor: Snowflake
    guild: Snowflake | None = None
    channel_id: Snowflake | None = None
