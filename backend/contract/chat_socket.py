"""Frames of the chat API's socket, `/chat/ws` (S003), which has words of its own."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AliasChoices, ConfigDict, Field

from contract.base import Answer, Input, Nonce
from contract.chat import Text


class ChatFrame(Input):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
    server_id: Annotated[UUID, Field(validation_alias=AliasChoices("serverId"))]
    channel_id: Annotated[UUID, Field(validation_alias=AliasChoices("channelId"))]


class SendMessage(ChatFrame):
    """`nonce`: sent again with it, the message is posted once."""

    type: Literal["send_message"]
    text: Text
    nonce: Nonce = ""


class TypingStart(ChatFrame):
    type: Literal["typing_start"]


class TypingStop(ChatFrame):
    type: Literal["typing_stop"]


FromChatClient = SendMessage | TypingStart | TypingStop
CHAT_CLIENT_FRAMES: dict[str, type[FromChatClient]] = {
    "send_message": SendMessage,
    "typing_start": TypingStart,
    "typing_stop": TypingStop,
}


class TypingNow(Answer):
    """Somebody types in a channel, or has stopped; a start without a stop is over after eight seconds."""

    type: Literal["typing_start", "typing_stop"]
    username: str
    server_id: Annotated[UUID, Field(serialization_alias="serverId")]
    channel_id: Annotated[UUID, Field(serialization_alias="channelId")]


class ChatError(Answer):
    """A frame was refused; the socket stays open."""

    type: Literal["error"] = "error"
    message: str
    code: str = ""
