"""Threads of a channel of chat, and what moderators did there."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from contract.base import Answer, Changes, Flag, Input, KeptById, Moment, Named, Whole
from contract.chat import MessageInput, RoomInput

MAX_NAME = 100
ThreadName = Annotated[str, Field(max_length=MAX_NAME)]


class StartThread(RoomInput):
    """In a channel, from a message of it; without one a notice is posted there, from which it goes on."""

    name: ThreadName
    message: UUID | None = None


class ChangeThread(Changes):
    """`room` is the thread."""

    room: UUID
    name: ThreadName = ""
    archived: Flag = False


class Thread(KeptById):
    """`channel`: where it belongs; `message`: from which it goes on, null where that is gone or on Discord."""

    name: str
    channel: UUID
    message: UUID | None
    archived: bool


class ListModeration(Input):
    """What was done in the channels of a server that one moderates, or in one of them; the last first."""

    server: UUID
    channel: UUID | None = None
    before: UUID | None = None
    limit: Annotated[Whole, Field(ge=1, le=100)] = 50


class Moderated(Answer):
    """What somebody did to another's message or thread. `text`: what stood there then."""

    id: UUID
    action: Literal["deleted", "pinned", "unpinned", "archived_thread"]
    channel: Named
    message: UUID | None
    moderator: str
    author: str
    text: str
    reason: str
    at: Moment


class ModerationLog(Answer):
    results: list[Moderated]
    more: bool


class RemovedInput(MessageInput):
    """A deleted message."""


class RemovedFile(Answer):
    """A file that is gone: what it was called, and the SHA-256 of what was stored, by which another is known as it."""

    name: str
    type: str
    size: int
    digest: str


class RemovedMessage(Answer):
    """What stood in a deleted message, for who moderates its channel."""

    id: UUID
    author: str
    text: str
    files: list[RemovedFile] = []
    by: str
    reason: str
    at: Moment
    deleted_at: Moment
