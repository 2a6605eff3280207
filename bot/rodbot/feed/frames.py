"""The frames of the backend's feed, by their type."""

from typing import Annotated

from pydantic import Field, TypeAdapter

from contract.bridge_frames import BridgedMessage, BridgedPlaces
from contract.feed_frames import (
    Announcement,
    ConflictMessage,
    Digest,
    EditionsPlayed,
    EpisodeMessage,
    NotificationOffer,
    RequestMessage,
    RollFrame,
    Tracker,
)
from contract.server_frames import Error, HeartbeatAnswer, Hello, Resync, Synced

# Something to post in one channel: a change of a character, a roll, or the digest of a day.
Post = Tracker | RollFrame | Digest
# What a live message is to show from now on.
Message = RequestMessage | ConflictMessage | EpisodeMessage
Frame = (
    Hello
    | HeartbeatAnswer
    | Post
    | Message
    | Announcement
    | NotificationOffer
    | EditionsPlayed
    | BridgedPlaces
    | BridgedMessage
    | Synced
    | Resync
    | Error
)

_FRAME: TypeAdapter[Frame] = TypeAdapter(
    Annotated[
        Hello
        | HeartbeatAnswer
        | Post
        | Annotated[Message, Field(discriminator="kind")]
        | Announcement
        | NotificationOffer
        | EditionsPlayed
        | BridgedPlaces
        | BridgedMessage
        | Synced
        | Resync
        | Error,
        Field(discriminator="type"),
    ]
)


def read_frame(text: str) -> Frame:
    """Raises ValidationError for a frame that we do not know, or that is not as it should be."""
    return _FRAME.validate_json(text)


def group_of(post: Post) -> str:
    """Posts of one group share a message: changes of one character, rolls, each digest alone."""
    if isinstance(post, Digest):
        return f"digest {post.seq}"
    return str(post.character.id) if isinstance(post, Tracker) else ""
