"""The chat API of S003: servers, channels, members and messages in the words and shapes of that specification."""

from typing import Annotated, ClassVar, Generic, Literal, TypeVar
from uuid import UUID

from pydantic import BeforeValidator, Field, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from contract.base import Answer, Input, Moment, Once, Whole
from contract.chat import Text
from contract.translation import N_

Role = Literal["ADMIN", "MODERATOR", "MEMBER"]
ChannelType = Literal["TEXT", "VOICE"]
MAX_LIMIT = 100
ItemT = TypeVar("ItemT", bound=Answer)


class Listed(Answer, Generic[ItemT]):
    """A list that stands bare in JSON, without an object around it."""

    results: list[ItemT]

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        found = handler.resolve_ref_schema(handler(schema))
        shown: JsonSchemaValue = found["properties"]["results"]
        return shown


class NoContent(Answer):
    """The answer 204, which has no body."""


class ListChatServers(Input):
    pass


class ChatServerInput(Input):
    server: UUID


class NewChatServer(Input):
    name: Annotated[str, Field(max_length=200)]
    icon: Annotated[str, Field(max_length=300, description="An address that begins with https://")] = ""


class ChatServer(Answer):
    """A server, with the caller's role in it."""

    rebuilt: ClassVar[frozenset[str]] = frozenset({"name", "icon", "role", "created_at"})
    id: UUID
    name: str
    icon: str
    role: Role
    created_at: Moment


class ChatServers(Listed[ChatServer]):
    pass


class NewChatChannel(ChatServerInput):
    name: Annotated[str, Field(max_length=200)]
    type: ChannelType
    position: Annotated[Whole, Field(ge=0, le=10_000)] | None = None


class ChatChannel(Answer):
    id: UUID
    name: str
    type: ChannelType
    position: int


class ChatChannels(Listed[ChatChannel]):
    pass


class ChatChannelInput(ChatServerInput):
    channel: UUID


class ListChatMessages(ChatChannelInput):
    """`before` and `after` are ids of messages: better than an offset while people write. Newest first."""

    limit: Annotated[Whole, Field(ge=1, le=MAX_LIMIT)] = 50
    offset: Annotated[Whole, Field(ge=0, le=1_000_000)] = 0
    before: UUID | None = None
    after: UUID | None = None


class SendChatMessage(ChatChannelInput, Once):
    text: Text


class ChatMessage(Answer):
    """`timestamp`: the time of day in the server's zone, as `12:30 PM`; `createdAt` is the same in full."""

    rebuilt: ClassVar[frozenset[str]] = frozenset(
        {"user", "text", "timestamp", "created_at", "server_id", "channel_id"}
    )
    id: UUID
    user: str
    text: str
    timestamp: str
    created_at: Annotated[Moment, Field(serialization_alias="createdAt")]
    server_id: Annotated[UUID, Field(serialization_alias="serverId")]
    channel_id: Annotated[UUID, Field(serialization_alias="channelId")]


class ChatMessages(Listed[ChatMessage]):
    pass


class NewChatMember(ChatServerInput):
    user_id: UUID
    role: Annotated[Role, BeforeValidator(lambda value: str(value).upper() if value else value)] = "MEMBER"


class ChatMember(Answer):
    rebuilt: ClassVar[frozenset[str]] = frozenset({"user_id", "username", "role", "joined_at"})
    id: UUID
    user_id: UUID
    username: str
    role: Role
    joined_at: Moment


class OneChatMember(ChatServerInput):
    user: UUID


NOT_A_MEMBER = N_("You aren’t a member of this server.")
