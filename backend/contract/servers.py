"""Servers: their settings, roles, channels, members and invitations."""

from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from contract.base import (
    Answer,
    Changes,
    ChosenLanguage,
    Flag,
    Input,
    KeptById,
    Moment,
    Named,
    Person,
    Reference,
    Snowflake,
    Whole,
    Whole32,
    one_of,
)
from contract.errors import sentence
from contract.translation import N_
from contract.uploads import WithPicture

EDITION_LABELS: dict[str, str] = {
    "5th": N_("5th edition"),
    "20th": N_("20th anniversary edition"),
    "cod": N_("Chronicles of Darkness"),
    "fantasy": N_("Fantasy"),
}
Edition = Annotated[Literal["5th", "20th", "cod", "fantasy"], one_of(EDITION_LABELS)]
Verdict = Literal["allow", "deny"]
ChannelRight = Literal["view_channel", "send_messages", "manage_messages", "manage_channel"]
MAX_POSITION = 1000
MAX_USES, MAX_HOURS = 10_000, 24 * 365
MAX_PAGE = 100
# As in Discord: six hours, and 99 people.
MAX_SLOW_MODE, MAX_USER_LIMIT = 6 * 3600, 99
MEMBER_ROLES = {"ADMIN": N_("Administrator"), "MODERATOR": N_("Moderator"), "MEMBER": N_("Member")}
CHANNEL_LABELS = {"text": N_("Text"), "voice": N_("Voice"), "category": N_("Category")}

ServerName = Annotated[
    str,
    Field(max_length=100, json_schema_extra=sentence(N_("A server’s name has 1 to 100 characters."))),
]
# Of Discord; empty or null for none.
ChannelId = Annotated[str, Field(max_length=20)]
Address = Annotated[str, Field(max_length=300)]
Who = Annotated[Reference, Field(description="A member, by our id or Discord's")]
RoleRef = Annotated[Reference, Field(description="A role, by our id, Discord's, or its name")]


class ServerInput(Input):
    server: Annotated[UUID | None, Field(description="In Discord: that of the command")] = None


class GetServer(ServerInput):
    pass


class CreateServer(Input):
    name: ServerName
    description: Annotated[str, Field(max_length=2000)] = ""
    edition: Edition = "5th"
    is_private: Flag = False


class TrackerChanges(Changes):
    """What the tracker channel shows."""

    changes: Flag | None = None
    rolls: Literal["none", "web", "all"] | None = None
    digest: Flag | None = None


class ServerChanges(Changes):
    """Name and icon of a mirror are Discord's."""

    clearable = frozenset({"tracker_channel", "storyteller_channel"})

    name: ServerName | None = None
    description: Annotated[str, Field(max_length=2000)] | None = None
    icon: Address | None = None
    banner_url: Address | None = None
    is_private: Flag | None = None
    edition: Edition | None = None
    language: Annotated[ChosenLanguage | None, Field(description="Of what many read; empty: Discord's")] = (
        None
    )
    tracker_channel: ChannelId | None = None
    tracker: TrackerChanges | None = None
    storyteller_channel: ChannelId | None = None
    storyteller_roles: Annotated[list[Snowflake], Field(max_length=500)] | None = None
    features: Annotated[dict[str, Flag], Field(description="Feature → whether it is on")] | None = None
    moderators_manage_members: Flag | None = None


class ChangeServer(ServerInput, ServerChanges):
    pass


class SetIcon(ServerInput, WithPicture):
    """The picture itself, for a server that is not Discord's."""


class ServerChronicle(Answer):
    id: UUID
    name: str
    edition: str
    default: bool
    characters: int
    storytellers: list[str]


class FeatureSwitch(Answer):
    slug: str
    label: str
    switches: str
    on: bool


class Grace(Answer):
    """`rests_from` is the end of the grace period without the bot, while one runs."""

    left: bool
    kept: bool
    resting: bool
    rests_from: Moment | None


class TrackerShows(Answer):
    changes: bool
    rolls: str
    digest: bool


class MarkedRole(Answer):
    id: Annotated[str | None, Field(description="Discord's id")]
    name: str


class You(Answer):
    roles: list[str]
    storyteller: bool
    admin: bool


class Server(KeptById):
    discord_id: str | None
    name: str
    description: str
    icon: Annotated[str, Field(description="Discord's hash, an address, or the path of an upload")]
    icon_url: str | None = None
    banner_url: str
    is_private: bool
    is_verified: bool
    deleted_at: Moment | None
    restorable_until: Moment | None
    moderators_manage_members: bool
    url: str
    edition: str
    language: str = ""
    members: int
    characters: int
    chronicles: list[ServerChronicle]
    features: list[FeatureSwitch]
    grace: Grace
    tracker_channel: str | None
    tracker: TrackerShows
    storyteller_channel: str | None
    storyteller_roles: list[MarkedRole]
    you: You


class OneServer(Answer):
    rebuilt: ClassVar[frozenset[str]] = frozenset({"server"})
    id: UUID
    server: Server


class ServerKept(Answer):
    kept: bool = True


class ListServers(Input):
    pass


class DeleteServer(ServerInput):
    """`name` is typed by a person, so that nothing is deleted by accident."""

    name: Annotated[str, Field(max_length=100)]


class ServerDeleted(Answer):
    """`deleted_at` is null once it is restored."""

    id: UUID
    deleted_at: Moment | None
    restorable_until: Moment | None


class ServerBrief(Answer):
    """`role`: ADMIN, MODERATOR or MEMBER. `mirrored`: channels and members come from Discord."""

    id: UUID
    discord_id: str | None
    name: str
    icon: str
    role: str
    mirrored: bool
    manages_channels: bool
    deleted_at: Moment | None
    restorable_until: Moment | None


class Servers(Answer):
    results: list[ServerBrief]


# Members

MemberRole = Annotated[Literal["ADMIN", "MODERATOR", "MEMBER"], one_of(MEMBER_ROLES)]


class OneMember(ServerInput):
    user: Who


class AddMember(OneMember):
    role: MemberRole = "MEMBER"


class SetMemberRole(OneMember):
    role: MemberRole


class Membership(Answer):
    """`role`: ADMIN, MODERATOR or MEMBER, what somebody's roles come to."""

    server: UUID
    user: Person
    role: str
    joined_at: Moment


class MemberRemoved(Answer):
    server: UUID
    user: UUID


# Roles


class RoleValues(Changes):
    name: (
        Annotated[
            str,
            Field(max_length=100, json_schema_extra=sentence(N_("A role’s name has 1 to 100 characters."))),
        ]
        | None
    ) = None
    color: (
        Annotated[
            str,
            Field(
                pattern=r"^#[0-9a-fA-F]{6}$",
                json_schema_extra=sentence(N_("A color is expected, as #7a4fa3.")),
            ),
        ]
        | None
    ) = None
    position: Annotated[Whole, Field(ge=1, le=MAX_POSITION)] | None = None
    permissions: dict[str, Verdict] | None = None


class CreateRole(ServerInput, RoleValues):
    pass


class CreateRoleOfValues(ServerInput):
    values: RoleValues


class OneRole(ServerInput):
    role: RoleRef


class ChangeRole(OneRole, RoleValues):
    pass


class ChangeRoleToValues(OneRole):
    values: RoleValues


class HoldRole(OneRole):
    user: Who
    held: Annotated[Flag, Field(description="False takes the role away")] = True


class Role(Answer):
    """`system` is empty for a role that was made here, `discord_id` for one that Discord does not know."""

    id: UUID
    discord_id: str | None
    name: str
    color: str
    position: int
    system: str | None
    permissions: dict[str, str]
    members: int


class Roles(Answer):
    """The highest first."""

    rebuilt: ClassVar[frozenset[str]] = frozenset({"results"})
    server: UUID
    results: list[Role]


# Channels


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


# Invitations


class Invite(ServerInput):
    """For `max_uses` people (0: any number), for `hours` (null: no end)."""

    role: RoleRef | None = None
    max_uses: Annotated[Whole, Field(ge=0, le=MAX_USES, title="People")] = 0
    hours: Annotated[Whole, Field(ge=1, le=MAX_HOURS)] | None = None


class Revoke(ServerInput):
    invite: UUID


class Join(Input):
    code: Annotated[str, Field(max_length=100)]


class Invitation(Answer):
    id: UUID
    code: str
    url: str
    role: Named | None
    uses: int
    max_uses: int
    expires_at: Moment | None
    made_by: Person


class Invitations(Answer):
    results: list[Invitation]


class Revoked(Answer):
    revoked: bool = True


class Joined(Answer):
    server: Named
