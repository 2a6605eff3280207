"""Private conversations of chat: between two, and in groups; and whom somebody has blocked."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from contract.base import Answer, Empty, Input, KeptById, Moment, Person
from contract.chat import RoomInput

# People of a group, its maker among them.
MOST_PEOPLE = 25
MAX_NAME = 100
Name = Annotated[str, Field(max_length=MAX_NAME)]


class StartConversation(Input):
    """With one person and without a name it is the conversation of the two, of which there is one; else a group."""

    people: Annotated[list[UUID], Field(min_length=1, max_length=MOST_PEOPLE - 1)]
    name: Name = ""


class RenameConversation(RoomInput):
    name: Name


class ConversationPerson(RoomInput):
    user: UUID


class Conversation(KeptById):
    """`maker`: who may take people out of a group; null between two."""

    name: str
    group: bool
    maker: UUID | None
    people: list[Person]
    created_at: Moment


class ConversationLeft(Answer):
    """Who is out of it now."""

    room: UUID
    user: UUID


class ListBlocks(Empty):
    pass


class BlockPerson(Input):
    user: UUID


class Blocked(Answer):
    user: UUID
    blocked: bool


class Blocks(Answer):
    """Whom one has blocked, the last first. Their messages in channels and groups are folded away."""

    results: list[Person]
