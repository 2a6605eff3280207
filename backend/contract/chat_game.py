"""Chat in the game: as whom somebody writes, who is in the cast, and the cards of rolls and requests."""

from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from contract.base import Answer, Input, KeptById, Once
from contract.chat import MAX_TEXT, RoomInput
from contract.events import StreamName
from contract.roll_requests import AskForRoll, RollRequest
from contract.rolls import BriefRoll
from contract.uploads import WithPicture

# So many rolls stand in one message, and so many speakers are asked for at once.
MAX_ROLLS = 5
MAX_VOICES = 50
MAX_NAME = 80


# As whom somebody writes


class ListSpeakers(RoomInput):
    """Those as whom one may write in a room."""


class SetSpeaker(RoomInput):
    """As whom one writes in this room from now on; null: as oneself."""

    speaks_as: UUID | None


class Speaker(Answer):
    """A character, or one of the cast. `why` says why not, where one cannot write as them at the moment."""

    id: UUID
    name: str
    kind: Literal["character", "cast"]
    portrait_url: str = ""
    own: bool
    why: str = ""


class Speakers(Answer):
    """One's own first. `chosen`: as whom one writes here unless one says otherwise. `storyteller`: one is it here."""

    rebuilt: ClassVar[frozenset[str]] = frozenset({"chosen", "storyteller", "results"})
    room: UUID
    chosen: UUID | None
    storyteller: bool
    results: list[Speaker]


class GetVoices(RoomInput):
    """`ids`: the characters that are to be told of, with commas between them in a query."""

    ids: Annotated[list[UUID], Field(max_length=MAX_VOICES)]


class LiveVoice(Answer):
    """How a character is now, as far as its reader may see it."""

    character: UUID
    name: str
    portrait_url: str = ""
    url: str
    status: list[str]
    place: str = ""


class Voices(Answer):
    """`stream`: where changes of these characters are told, and `seq` its last number when this was true."""

    room: UUID
    stream: StreamName | None
    seq: int
    results: list[LiveVoice]


# The cast of a chronicle


CastName = Annotated[str, StringConstraints(min_length=1, max_length=MAX_NAME)]


class CastInput(Input):
    chronicle: UUID


class AddToCast(CastInput):
    name: CastName


class CastMemberInput(CastInput):
    member: UUID


class RenameInCast(CastMemberInput):
    name: CastName


class PortrayCast(CastMemberInput, WithPicture):
    """The picture itself is the body of the request."""


class CastMember(Answer):
    id: UUID
    name: str
    portrait_url: str = ""


class OneOfCast(KeptById):
    id: UUID
    member: CastMember


class Removed(Answer):
    id: UUID


class Cast(Answer):
    results: list[CastMember]


# What stands on cards


class RollOnCard(Answer):
    """A roll as the table sees it. `source`: how it is written in the message, where it is. `earlier`: the rolls that
    this one replaced.
    """

    source: str = ""
    roll: BriefRoll
    attached: list[BriefRoll] = []
    earlier: list[UUID] = []


class RollCard(Answer):
    rolls: list[RollOnCard]


class RequestCard(Answer):
    """A request as everybody in its room sees it."""

    request: RollRequest


class PostRoll(RoomInput, Once):
    """Show a roll that one made in the room where it was meant for."""

    roll: UUID
    text: Annotated[str, Field(max_length=MAX_TEXT)] = ""


class AskInRoom(AskForRoll, Once):
    """Ask for a roll, on a card in a room; the chronicle is what is played there."""

    room: UUID
    chronicle: None = None
