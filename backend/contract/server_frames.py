"""Frames of the gateway for those who look at streams."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from contract.base import Answer, JsonObject, Person
from contract.characters import BriefCharacter, FullCharacter
from contract.client_frames import Present, Ref
from contract.events import Entity, Event, Seq, StreamName

Status = Literal["online", "away", "offline"]
Version = Annotated[int, Field(ge=0)]
Positive = Annotated[int, Field(ge=1)]
Presence = Annotated[
    dict[UUID, Present], Field(description="User id → status, of those who are not offline.")
]
Fields = Annotated[JsonObject, Field(description="Path → value; null removes an entry of a list.")]


class Sparse(Answer):
    """An optional field is left out, never null."""


class ServerFrame(Sparse):
    """A frame from the server."""


class AnswerFrame(ServerFrame):
    ref: Ref = None


class Hello(ServerFrame):
    """The first frame. Milliseconds; `user` is null for the Discord process."""

    type: Literal["hello"]
    heartbeat_interval: Positive
    session: str
    user: Person | None
    protocol: Literal[1]


class HeartbeatAnswer(AnswerFrame):
    type: Literal["heartbeat"]


class NewCharacter(Answer):
    """A character that came into a stream: every trait this viewer may see."""

    id: UUID
    owner: UUID
    name: str
    splat: str
    version: Version
    fields: JsonObject


class Snapshot(AnswerFrame):
    """`presence` stands in the last part."""

    type: Literal["snapshot"]
    stream: StreamName
    seq: Seq
    part: Positive
    parts: Positive
    characters: list[BriefCharacter]
    presence: Presence | None = None


class Synced(AnswerFrame):
    """All missed events have been sent."""

    type: Literal["synced"]
    stream: StreamName
    seq: Seq
    presence: Presence | None = None


class EventFrame(ServerFrame):
    stream: StreamName
    id: UUID
    seq: Seq
    version: Version
    event: Event


class Arrived(EventFrame):
    """A character came into the stream, or came back."""

    type: Literal["created", "restored"]
    entity: Literal["character"]
    character: NewCharacter


class Changed(EventFrame):
    """`visibility`: somebody changed who may see a trait; the character follows."""

    type: Literal["update", "deleted", "visibility"]
    entity: Literal["character"]
    fields: Fields


class Notice(EventFrame):
    """Something happened to the chronicle, to the server, or to what is played and asked for in it."""

    type: Literal["notice"]
    entity: Entity
    fields: Fields


class CharacterReplaced(ServerFrame):
    """A character in place of what the client had: what may be seen of it has changed."""

    type: Literal["character"]
    stream: StreamName
    seq: Seq
    character: BriefCharacter


class Sheet(AnswerFrame):
    type: Literal["sheet"]
    stream: StreamName
    seq: Seq
    character: FullCharacter


class Resync(ServerFrame):
    """Events after seq were dropped, as this client was too slow: subscribe again with since = seq.

    In a feed: go on from seq.
    """

    type: Literal["resync"]
    stream: StreamName
    seq: Seq


class PresenceOfOne(ServerFrame):
    type: Literal["presence"]
    stream: StreamName
    user: UUID
    status: Status


class PresenceOfMany(ServerFrame):
    """Several people at once."""

    type: Literal["presence"]
    stream: StreamName
    users: Annotated[dict[UUID, Status], Field(min_length=2)]


class PointsAdded(ServerFrame):
    """Somebody whom the boards here show got points, or lost them. At most once, in no log; the boards say for certain.

    `places` are ids of the boards that the points count on: a server, a chronicle, a season. `week` is their Monday.
    """

    type: Literal["points_added"]
    stream: StreamName
    user: UUID
    amount: int
    places: list[UUID]
    week: date


class Rights(ServerFrame):
    """With an `id`: that open sheet was closed. Role none: the subscription has ended. Else a snapshot follows."""

    type: Literal["rights"]
    stream: StreamName
    id: UUID | None = None
    role: Literal["storyteller", "member", "none"]
    lost: bool
    gained: bool


class Error(AnswerFrame):
    type: Literal["error"]
    code: Annotated[str, StringConstraints(pattern="^[a-z_]+$")]
    detail: Annotated[str, Field(description="A sentence fit for a player.")]
    retry_after: Annotated[float | None, Field(description="Seconds.")] = None
