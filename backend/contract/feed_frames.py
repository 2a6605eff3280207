"""Frames of the gateway for the Discord process: what channels and people are to be shown."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from contract.base import Answer, Json, Moment, Named
from contract.characters import Card
from contract.conflicts import Conflict
from contract.episodes import Episode
from contract.events import Door, Event, EventType, Seq, StreamName
from contract.labels import Labelled
from contract.roll_requests import RollRequest
from contract.rolls import BriefRoll
from contract.server_frames import Positive, ServerFrame, Sparse

DiscordId = Annotated[str, StringConstraints(pattern="^[0-9]+$")]
Change = tuple[Json, Json]


class ChannelFrame(ServerFrame):
    """Only to the Discord process: for a channel of a server."""

    stream: StreamName
    seq: Seq
    guild_id: DiscordId
    channel_id: DiscordId


class Tracker(ChannelFrame):
    """A change of a character, with the card as it is now."""

    type: Literal["tracker"]
    missed: Annotated[
        Annotated[int, Field(ge=2)] | None,
        Field(description="Of how many changes this is the last; they happened while nobody listened."),
    ] = None
    character: Named
    event: Event
    card: Card


class RollFrame(ChannelFrame):
    """A roll that a channel of the server is to show."""

    type: Literal["roll"]
    door: Door
    roll: BriefRoll


class RequestMessage(ChannelFrame):
    """What the message that follows a roll request is to show now."""

    type: Literal["message"]
    message_id: DiscordId
    kind: Literal["roll_request"]
    roll_request: RollRequest


class ConflictMessage(ChannelFrame):
    """What the message that follows a conflict is to show now."""

    type: Literal["message"]
    message_id: DiscordId
    kind: Literal["conflict"]
    conflict: Conflict


class EpisodeMessage(ChannelFrame):
    """What the message that follows an episode is to show now."""

    type: Literal["message"]
    message_id: DiscordId
    kind: Literal["episode"]
    episode: Episode


class Announcement(ChannelFrame):
    """An episode that was planned on the web, to be posted once; from then on its message follows it."""

    type: Literal["announcement"]
    episode: Episode


class Decision(Sparse):
    """The content of a direct message to a player."""

    kind: Literal["approved", "returned", "commented", "awarded"]
    by: str
    chronicle: str
    characters: Annotated[list[str], Field(min_length=1)]
    url: str
    text: str
    amount: Positive | None = None


class HonourDecided(Sparse):
    """The content of a direct message about a badge or help that a storyteller decided about.

    `title` is the label of the badge, or the name of who helped; `text` a reason, or what they helped with.
    """

    kind: Literal["badge_approved", "badge_refused", "helped", "help_refused"]
    by: str
    chronicle: str
    title: str
    url: str
    text: str


class Leaving(Sparse):
    """The content of a direct message to somebody whose account is about to be deleted: until when they can keep it."""

    kind: Literal["leaving"]
    until: Moment
    url: str


class EpisodeSoon(Sparse):
    """The content of a direct message to somebody who plays in an episode that begins soon.

    `zone`: the time zone of their account, by its IANA name; empty where they have chosen none.
    """

    kind: Literal["episode_soon"]
    episode: UUID
    chronicle: str
    number: Annotated[int, Field(ge=0)]
    title: str
    starts: Moment
    zone: str
    url: str


class NotificationOffer(ServerFrame):
    """Only to the Discord process: a direct message about a decision or about the account, sent by the process that
    claims it first.

    `language` is what the person has chosen to read in.
    """

    type: Literal["notification"]
    id: UUID
    guild_id: DiscordId
    user_id: DiscordId
    decision: Annotated[Decision | HonourDecided | Leaving | EpisodeSoon, Field(discriminator="kind")]
    language: str = ""


class EditionsPlayed(ServerFrame):
    """Only to the Discord process: by guild, the editions that are played there, the main one first, and the language
    that its server has chosen. All guilds at the start of a feed, then those where something changed.
    """

    type: Literal["editions"]
    guilds: dict[DiscordId, Annotated[list[str], Field(min_length=1)]]
    languages: dict[DiscordId, str] = {}


class DigestCharacter(Labelled):
    id: UUID
    name: str
    count: Positive
    type: EventType
    changes: Annotated[dict[str, Change], Field(max_length=12)]
    more: Annotated[int, Field(ge=0, description="So many changes are not listed.")]


class DigestRolls(Answer):
    name: str
    rolls: Positive
    passed: Annotated[int, Field(ge=0)]


class Summary(Answer):
    since: Moment
    until: Moment
    characters: Annotated[list[DigestCharacter], Field(max_length=25)]
    others: Annotated[int, Field(ge=0, description="So many characters are not listed.")]
    rolls: Annotated[list[DigestRolls], Field(max_length=10)]


class Digest(ChannelFrame):
    """A day of a tracker channel in one summary, or the hidden rolls of it for the storytellers."""

    type: Literal["digest"]
    digest: Summary
