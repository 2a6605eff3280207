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
    Reference,
    Snowflake,
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
MAX_PAGE = 100

ServerName = Annotated[
    str,
    Field(max_length=100, json_schema_extra=sentence(N_("A server’s name has 1 to 100 characters."))),
]
# Of Discord; empty or null for none.
ChannelId = Annotated[str, Field(max_length=20)]
Address = Annotated[str, Field(max_length=300)]
Who = Annotated[Reference, Field(description="A member, by our id or Discord's")]


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
