"""The channels of servers: text, voice and categories."""

from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from contract.base import Answer, Changes, Flag, Moment, Person, Reference, Whole, Whole32, one_of
from contract.errors import sentence
from contract.members import RoleRef
from contract.servers import ServerInput, Verdict
from contract.translation import N_

ChannelRight = Literal["view_channel", "send_messages", "manage_messages", "manage_channel"]
# As in Discord: six hours, and 99 people.
MAX_SLOW_MODE, MAX_USER_LIMIT = 6 * 3600, 99
CHANNEL_LABELS = {"text": N_("Text"), "voice": N_("Voice"), "category": N_("Category")}


ChannelRef = Annotated[Reference, Field(description="A channel, by our id, Discord's, its slug or name")]
ChannelName = Annotated[
    str,
    Field(max_length=100, json_schema_extra=sentence(N_("A channel’s name has 1 to 100 characters."))),
]
ChannelType = Annotated[Literal["text", "voice", "category"], one_of(CHANNEL_LABELS)]
ChannelText = Annotated[str, Field(max_length=1024, title="Description")]
SlowMode = Annotated[Whole, Field(ge=0, le=MAX_SLOW_MODE, title="Seconds between two messages")]
UserLimit = Annotated[Whole, Field(ge=0, le=MAX_USER_LIMIT, title="People")]
Place = Annotated[Whole32, Field(title="Position")]


class CreateChannel(ServerInput):
    """`position`: lower ones stand above; left out: below all others."""

    name: ChannelName
    type: ChannelType = "text"
    description: ChannelText = ""
    category: ChannelRef | None = None
    position: Place | None = None
    is_private: Flag = False
    slow_mode: SlowMode = 0
    user_limit: UserLimit = 0


class ChannelInput(ServerInput):
    channel: ChannelRef


class DeleteChannel(ChannelInput):
    """`name` is typed by a person, so that nothing is deleted by accident."""

    name: Annotated[str, Field(max_length=100)]


class OrderChannels(ServerInput):
    """The channels in their new order; those that are left out stand below them as before."""

    channels: Annotated[list[UUID], Field(min_length=1, max_length=1000)]


class ChannelChanges(Changes):
    """`permissions`: role id → right → verdict, of all roles; what was set before goes.

    `before`: the channel that it is to stand above, in the same category. Name, place and user limit of Discord's
    channels are Discord's.
    """

    clearable = frozenset({"category"})

    name: ChannelName | None = None
    description: ChannelText | None = None
    category: ChannelRef | None = None
    position: Place | None = None
    before: ChannelRef | None = None
    slow_mode: SlowMode | None = None
    user_limit: UserLimit | None = None
    archived: Flag | None = None
    is_private: Flag | None = None
    permissions: dict[UUID, dict[ChannelRight, Verdict]] | None = None


class ChangeChannel(ChannelInput, ChannelChanges):
    pass


class ChangeRoleInChannel(ChannelInput):
    """What one role may do in a channel; what is not said is decided as elsewhere."""

    role: RoleRef
    rights: dict[ChannelRight, Verdict]


class BindChannel(ChannelInput):
    """Commands in the channel mean this chronicle; null: the default one."""

    chronicle: UUID | None


class ChannelRights(Answer):
    view: bool
    send: bool
    moderate: bool
    manage: bool


class Channel(Answer):
    """`discord_id` is null where it was made on the web, `category` the name of what it stands under.

    `slow_mode`: seconds between two messages of one person; `user_limit` of a voice channel: 0 is any number.
    `permissions` are for who manages the channel.
    """

    rebuilt: ClassVar[frozenset[str]] = frozenset({"permissions"})
    id: UUID
    discord_id: str | None
    name: str
    slug: str
    description: str
    kind: int
    type: Annotated[str, Field(description="text, voice, category, thread or other")]
    position: int
    category: str
    category_id: UUID | None
    parent: UUID | None
    slow_mode: int
    user_limit: int
    archived: bool
    created_at: Moment
    chronicle: UUID | None
    is_private: bool
    permissions: dict[str, dict[str, str]]
    rights: ChannelRights


class Channels(Answer):
    results: list[Channel]


class ChannelsOrdered(Answer):
    """All channels and categories, in their new order."""

    rebuilt: ClassVar[frozenset[str]] = frozenset({"results"})
    server: UUID
    results: list[Channel]


class ChannelDeleted(Answer):
    deleted: UUID


class InVoice(Answer):
    """Who is in a voice channel, in the order in which they came. `user_limit`: 0 is any number."""

    channel: UUID
    people: list[Person]
    user_limit: int
