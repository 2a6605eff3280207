"""How far somebody has read a room of chat, and what they want to hear of it."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from contract.base import Answer, Flag, Input, Moment, Whole
from contract.chat import RoomInput

# So many unread messages are counted; more are not told apart.
MOST_UNREAD = 100
Notify = Literal["all", "mentions", "nothing"]
# Empty: as the server is set, or where nothing is said: all in conversations, mentions in channels.
ChosenNotify = Literal["", "all", "mentions", "nothing"]


class ReadRoom(RoomInput):
    """Everything up to the place `seq` was read. `back`: also where more was read before, to find it unread again."""

    seq: Annotated[Whole, Field(ge=0)]
    back: Flag = False


class RoomRead(Answer):
    """`unread` counts up to 100, and so does `mentions`."""

    room: UUID
    read: int
    unread: int
    mentions: int


class SetNotify(RoomInput):
    notify: ChosenNotify


class SetServerNotify(Input):
    server: UUID
    notify: ChosenNotify


class GetServerNotify(Input):
    server: UUID


class Notified(Answer):
    """`notify`: what was chosen for the room or the server; `notified`: what holds."""

    id: UUID
    notify: ChosenNotify
    notified: Notify


class MentionNews(Answer):
    """A message that mentions somebody, as they are told of it."""

    room: UUID
    server: UUID | None
    id: UUID
    seq: int
    name: str
    excerpt: str
    at: Moment


class ListMentions(Input):
    """The newest, or those before a message."""

    before: UUID | None = None
    limit: Annotated[Whole, Field(ge=1, le=50)] = 25


class OneMention(MentionNews):
    """`where`: the name of its channel; empty for a conversation without one."""

    where: str
    unread: bool


class Mentions(Answer):
    """The newest first. `more`: there are earlier ones."""

    results: list[OneMention]
    more: bool
