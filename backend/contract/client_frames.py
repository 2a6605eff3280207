"""Frames of the gateway from clients."""

from types import UnionType
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from contract.base import ShardsServed
from contract.errors import sentence
from contract.translation import N_

MAX_POSITIONS = 20_000
MAX_WHOLE = 2**63 - 1

Position = Annotated[int, Field(strict=True, ge=0, le=MAX_WHOLE)]
Ref = Annotated[
    Annotated[str, Field(strict=True, max_length=64)] | Position | None,
    Field(
        description="What the client put on its frame; comes back on the answer.",
        json_schema_extra=sentence(N_("A ref is a text of at most 64 characters, or a number.")),
    ),
]
Text = Annotated[str, Field(strict=True, min_length=1, max_length=200)]
Positions = Annotated[dict[Text, Position], Field(max_length=MAX_POSITIONS)]
SEQ = Field(json_schema_extra=sentence(N_("Since is the seq of an event: a whole number.")))
POSITIONS = Field(json_schema_extra=sentence(N_("An object is expected here: the name of a stream → a seq.")))
SHARDS = Field(
    json_schema_extra=sentence(N_("Shards are the first, the last and how many there are: 0-3/8."))
)
Present = Literal["online", "away"]


class ClientFrame(BaseModel):
    """A frame from a client. Fields that it does not know are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    ref: Ref = None


class Heartbeat(ClientFrame):
    type: Literal["heartbeat"]


class Subscribe(ClientFrame):
    """`rooms`, with a server: hear of new messages in those of its rooms that one sees (`chat_unread`)."""

    type: Literal["subscribe"]
    stream: Text
    since: Annotated[Position | None, SEQ] = None
    rooms: Annotated[bool, Field(strict=True)] = False


class Unsubscribe(ClientFrame):
    type: Literal["unsubscribe"]
    stream: Text


class Open(ClientFrame):
    type: Literal["open"]
    id: Text


class Close(ClientFrame):
    type: Literal["close"]
    id: Text


class SetPresence(ClientFrame):
    type: Literal["presence"]
    status: Present


class StartFeed(ClientFrame):
    """Only from the Discord process. `shards`: it serves the servers on these alone."""

    type: Literal["feed"]
    since: Annotated[Positions | None, POSITIONS] = None
    shards: Annotated[ShardsServed | None, SHARDS] = None


class Posted(ClientFrame):
    """Only from the Discord process: what is in its channels."""

    type: Literal["posted"]
    positions: Annotated[Positions, POSITIONS]


class Typing(ClientFrame):
    """Somebody types in a room that they are subscribed to, or has stopped."""

    type: Literal["typing"]
    stream: Text
    on: Annotated[bool, Field(strict=True)] = True


class PostMessage(ClientFrame):
    """A message for a room, with the fields of `contract.chat.Post`, which is held against them when it is posted.

    `nonce` makes it exactly once, however often it is sent.
    """

    model_config = ConfigDict(frozen=True, extra="allow")
    type: Literal["post"]
    stream: Text
    nonce: Annotated[str, Field(strict=True, min_length=1, max_length=64)]
    text: Annotated[str, Field(strict=True)] = ""


FromClient = (
    Heartbeat
    | Subscribe
    | Unsubscribe
    | Open
    | Close
    | SetPresence
    | Typing
    | PostMessage
    | StartFeed
    | Posted
)


def by_type(frames: UnionType) -> dict[str, Any]:
    """The models of a union by each value of their `type`."""
    models = get_args(frames)
    return {name: model for model in models for name in get_args(model.model_fields["type"].annotation)}


CLIENT_FRAMES: dict[str, type[FromClient]] = by_type(FromClient)
