"""Frames of the gateway about rooms of chat."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from contract.chat import Message
from contract.events import UUID_PATTERN, Seq
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


FromRooms = ChatSnapshot | ChatMessageFrame | ChatGone
