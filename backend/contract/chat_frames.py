"""Frames of the gateway about rooms of chat."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from contract.base import Moment
from contract.chat import Message
from contract.chat_reading import MentionNews
from contract.events import UUID_PATTERN, Seq, StreamName
from contract.server_frames import AnswerFrame, Presence, ServerFrame

RoomName = Annotated[str, StringConstraints(pattern=f"^room:{UUID_PATTERN}$")]


class RoomFrame(ServerFrame):
    """`seq`: the room's number of this change. Numbers that show a reader nothing are passed over."""

    stream: RoomName
    seq: Seq


class ChatSnapshot(AnswerFrame):
    """The newest messages of a room, in its order, as they were at `seq`; `before`: there are earlier ones."""

    type: Literal["chat_snapshot"]
    stream: RoomName
    seq: Seq
    messages: list[Message]
    before: bool
    presence: Presence | None = None


class ChatMessageFrame(RoomFrame):
    """A message that was posted, or one that changed in any way: it takes the place of the one with its id."""

    type: Literal["chat_message"]
    message: Message


class ChatGone(RoomFrame):
    """A message that its reader saw, and may not see any more: as if it had never been there."""

    type: Literal["chat_gone"]
    id: Annotated[UUID, Field(description="Of the message.")]


class ChatTyping(ServerFrame):
    """Somebody else is typing, or has stopped; unless it is said again, they have stopped at `until`."""

    type: Literal["chat_typing"]
    stream: RoomName
    user: UUID
    name: str
    on: bool
    until: Moment


class ChatPosted(AnswerFrame):
    """The answer to `post`: the message is there, once; it comes as `chat_message` to who looks at the room."""

    type: Literal["chat_posted"]
    stream: RoomName
    nonce: str
    id: UUID
    seq: Seq


class ChatRead(ServerFrame):
    """In one's own stream: how far one has read a room, on another page. Counts go up to 100."""

    type: Literal["chat_read"]
    stream: StreamName
    room: UUID
    read: int
    unread: int
    mentions: int


class ChatMention(ServerFrame):
    """In one's own stream: one was mentioned in a room. At most once; what is unread says so for certain."""

    type: Literal["chat_mention"]
    stream: StreamName
    message: MentionNews


class ChatUnread(ServerFrame):
    """Something was said in these rooms: id → the place of the newest message there. How much, the list of rooms says.

    In the stream of a server, of its rooms; in one's own, of conversations and of what was whispered.
    """

    type: Literal["chat_unread"]
    stream: StreamName
    rooms: dict[UUID, Seq]


FromRooms = (
    ChatSnapshot | ChatMessageFrame | ChatGone | ChatTyping | ChatPosted | ChatRead | ChatMention | ChatUnread
)
