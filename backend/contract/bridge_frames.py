"""Frames of the gateway for the Discord process: which channels are bridged, and what is to be posted in them."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from contract.base import Answer
from contract.bridges import MAX_PIECES
from contract.chat import File
from contract.chat_game import RollOnCard
from contract.feed_frames import ChannelFrame, DiscordId
from contract.server_frames import ServerFrame


class BridgedPlace(Answer):
    """A bridged channel, or a thread of one. `position`: the last message of Discord's that came from there."""

    guild_id: DiscordId
    room: UUID
    parent: DiscordId | None = None
    position: DiscordId


class BridgedPlaces(ServerFrame):
    """Only to the Discord process: by Discord's id of a channel or thread what is bridged, or null where it no longer
    is. All at the start of a feed (`all`), then those that changed.
    """

    type: Literal["bridges"]
    all: bool
    places: dict[DiscordId, BridgedPlace | None]


class OutgoingReply(Answer):
    """What a message answers. `message_id`: where that stands on Discord."""

    name: str
    excerpt: str
    message_id: DiscordId | None = None


class OutgoingThread(Answer):
    """The thread in which a message stands. Without an `id` it is not there yet; it begins at `starter`, or alone."""

    room: UUID
    name: str
    id: DiscordId | None
    starter: DiscordId | None


class Outgoing(Answer):
    """A message as everybody in its room sees it. `pieces`: where it stands on Discord already.

    `came`: it was written there, so that nothing of it but its end is brought back. `pings`: the members whom its
    author meant, who stand in the text as Discord writes them. `rolls` are what the table sees of those on its card.
    """

    id: UUID
    pieces: Annotated[list[DiscordId], Field(max_length=MAX_PIECES)]
    came: bool
    gone: bool
    name: str
    avatar_url: str
    text: str
    reply: OutgoingReply | None
    files: list[File]
    pings: list[DiscordId]
    rolls: list[RollOnCard]


class BridgedMessage(ChannelFrame):
    """Only to the Discord process: what a channel, or a thread of it, is to show of a message. `seq` is the room's
    number when the message last changed.
    """

    type: Literal["bridged"]
    thread: OutgoingThread | None
    message: Outgoing
