"""Channels that are bridged with Discord: switched on and off, what was written there, what we posted there."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from contract.acting import Facts
from contract.base import Answer, Flag, Moment, Snowflake, Whole
from contract.channels import ChannelRef
from contract.chat import MAX_ATTACHMENTS, MAX_TEXT
from contract.servers import ServerInput
from contract.uploads import StoredFirst

# Of each, in one request.
MAX_HEARD, MAX_OWN, MAX_FORGOTTEN, MAX_PIECES = 50, 1000, 100, 20

# Why nothing goes through: the bot may not read what people write, manage webhooks, see the channel; Discord takes no
# more webhooks there; something else.
Problem = Literal["", "no_content", "no_webhooks", "no_access", "full", "failed"]


class BridgeInput(ServerInput):
    """A channel by the id of its room, or as one of its server; in Discord that of the command, where none is named."""

    room: UUID | None = None
    channel: ChannelRef | None = None


class SetBridge(BridgeInput):
    on: Flag


class Bridge(Answer):
    """`possible`: it can be switched on; `reason` says in words why not, or why nothing goes through at the moment."""

    id: UUID
    name: str
    on: bool
    possible: bool
    reason: str


# What the Discord process says of its own accord


class HeardAuthor(Facts):
    """Who wrote on Discord. `id` is empty where another webhook wrote: nobody knows who stands behind it."""

    id: Snowflake | None = None
    name: Annotated[str, StringConstraints(max_length=100)]
    avatar_url: Annotated[str, StringConstraints(max_length=500)] = ""


class HeardFile(Facts, StoredFirst):
    """A file of a message, where Discord has it; once the backend has stored it, it has a path there."""

    name: Annotated[str, StringConstraints(max_length=300)]
    url: Annotated[str, StringConstraints(max_length=2000)]
    size: Annotated[Whole, Field(ge=0)]


class Heard(Facts):
    """A message as it stands on Discord now. Roles, channels and emoji stand in the text as names; people as `<@id>`,
    and `people` says what they are called. `is_new`: it may be one that nobody heard before; of an edit alone nothing
    new begins.
    """

    id: Snowflake
    author: HeardAuthor
    text: Annotated[str, StringConstraints(max_length=MAX_TEXT)] = ""
    people: Annotated[dict[Snowflake, str], Field(max_length=100)] = {}
    reply_to: Snowflake | None = None
    files: Annotated[list[HeardFile], Field(max_length=MAX_ATTACHMENTS)] = []
    at: Moment
    edited_at: Moment | None = None
    is_new: Flag = True


class HeardThread(Facts):
    """`id` is Discord's; the channel of the message is the one that the thread belongs to."""

    id: Snowflake
    name: Annotated[str, StringConstraints(max_length=200)]


class BridgePlace(Facts):
    guild_id: Snowflake
    channel: Snowflake
    thread: HeardThread | None = None


class Receive(BridgePlace):
    """What was written there, in its order. `own` are messages of ours among them.

    `since` and `until`: this is all that the place has between these two; what we know of there and is not named was
    deleted meanwhile.
    """

    messages: Annotated[list[Heard], Field(max_length=MAX_HEARD)] = []
    own: Annotated[list[Snowflake], Field(max_length=MAX_OWN)] = []
    present: Annotated[list[Snowflake], Field(max_length=MAX_OWN)] = []
    since: Snowflake | None = None
    until: Snowflake | None = None


class Received(Answer):
    """`unknown`: messages of ours there of which nobody told us that they were posted."""

    unknown: list[str]


class Forget(BridgePlace):
    """Messages that were deleted on Discord."""

    messages: Annotated[list[Snowflake], Field(max_length=MAX_FORGOTTEN)]


class Forgotten(Answer):
    deleted: int


class Posted(Facts):
    """Where a message stands on Discord, up to this change of it. `thread`: the one that was opened for its room."""

    room: UUID
    message: UUID
    changed: Annotated[Whole, Field(ge=1)]
    pieces: Annotated[list[Snowflake], Field(max_length=MAX_PIECES)]
    thread: Snowflake | None = None


class PostedNoted(Answer):
    noted: bool


class Trouble(Facts):
    """Why nothing goes through in a channel; empty: it does again."""

    guild_id: Snowflake
    channel: Snowflake
    problem: Problem


class TroubleNoted(Answer):
    noted: bool
