"""Messages of chat: what is posted, and how everybody reads it."""

from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from contract.base import Answer, Flag, Input, JsonObject, Moment, Named, Note, Once, Person, Whole
from contract.translation import N_, _

MAX_TEXT = 4000
MAX_EMOJI = 64
MAX_ATTACHMENTS = 10
# Messages of one answer.
MAX_PAGE = 100
PAGE = 50

Kind = Literal["text", "roll", "request", "scene", "notice"]
Origin = Literal["web", "api", "discord", "system"]


TOO_LONG = N_("A message can have up to {most} characters; this one has {count}.")


def _fits(text: str) -> str:
    if len(text) > MAX_TEXT:
        raise ValueError(_(TOO_LONG, most=MAX_TEXT, count=len(text)))
    return text


Text = Annotated[str, AfterValidator(_fits)]


class RoomInput(Input):
    """`room`: the id of a channel, a thread or a private conversation."""

    room: UUID


class Post(RoomInput, Once):
    """A message. `nonce` makes it exactly once where no idempotency key is given, and comes back with the message."""

    text: Text = ""
    reply_to: UUID | None = None
    attachments: Annotated[list[UUID], Field(max_length=MAX_ATTACHMENTS)] = []
    # As whom: one of one's own characters, or of the cast; left out: as is chosen for the channel.
    speaks_as: UUID | None = None
    as_myself: Flag = False
    # Out of character; a text in double brackets is, too.
    ooc: Flag = False
    # For the storytellers alone, and from them for one player.
    whisper: Flag = False
    whisper_to: UUID | None = None
    # A storyteller's, until they reveal it.
    hidden: Flag = False
    # In a scene: the next one's turn comes.
    ends_turn: Flag = False


class MessageInput(RoomInput):
    message: UUID


class EditMessage(MessageInput):
    text: Text


class DeleteMessage(MessageInput):
    """`reason`: what a moderator writes down for the others about it."""

    reason: Note = ""


class React(MessageInput):
    """One emoji, as it stands in Unicode."""

    emoji: Annotated[str, StringConstraints(min_length=1, max_length=MAX_EMOJI)]


class ListMessages(RoomInput):
    """The newest, or those before, after or around a place in the room, or around a time; in the order of the room."""

    before: Annotated[Whole, Field(ge=0)] | None = None
    after: Annotated[Whole, Field(ge=0)] | None = None
    around: Annotated[Whole, Field(ge=0)] | None = None
    at: Moment | None = None
    limit: Annotated[Whole, Field(ge=1, le=MAX_PAGE)] = PAGE


class Voice(Answer):
    """Who speaks, where it is not the person. `character` is null for one of the cast, and for who is on Discord."""

    name: str
    portrait_url: str = ""
    character: UUID | None = None
    cast: UUID | None = None
    # What the table saw of their state when it was said: gauges and conditions, as `["Hunger 2", "Impaired"]`.
    status: list[str] = []
    # Where they are, in a scene.
    place: str = ""
    source: Literal["character", "cast", "discord"] = "character"


class Quote(Answer):
    """The message that is answered; without a text where its reader may not see it, or it is gone."""

    id: UUID
    seq: int
    name: str
    excerpt: str


class ReactionCount(Answer):
    """`users`: the first few who reacted. `mine` is for the reader of an answer; in frames it is false."""

    emoji: str
    count: int
    users: list[UUID]
    mine: bool = False


class File(Answer):
    id: UUID
    name: str
    type: str
    size: int
    width: int | None = None
    height: int | None = None
    url: str
    thumbnail_url: str = ""


class ThreadOf(Answer):
    """The thread that began with a message."""

    id: UUID
    name: str
    messages: int
    archived: bool


class Message(Answer):
    """One message as its reader may see it. A deleted one has neither text nor author.

    `seq`: its place in the room; `changed`: the room's number when it last changed. `html` is `text` as it is shown:
    rendered and cleaned by the server. `level`: who sees it (1 the room, 2 its owner and the storytellers, 3 the
    storytellers). `mentions`: who hears of it; `everyone`: all in the room do. `named`: what each mention in `text` is
    called (`<@…>` a person, `<@&…>` a role, `<@*…>` a character, `@everyone`, `@here`); one without a name is none.
    `folded`: of somebody whom the reader has blocked; in frames it is false.
    """

    id: UUID
    room: UUID
    seq: int
    changed: int
    kind: Kind
    author: Person | None
    voice: Voice | None
    text: str
    html: str
    card: JsonObject | None
    reply: Quote | None
    thread: ThreadOf | None
    reactions: list[ReactionCount]
    attachments: list[File]
    mentions: list[UUID]
    everyone: bool = False
    named: dict[str, str] = {}
    pinned: bool
    level: int
    scene: UUID | None
    ooc: bool
    origin: Origin
    at: Moment
    edited_at: Moment | None
    deleted: bool
    folded: bool = False
    nonce: str = ""


class OneMessage(Answer):
    rebuilt: ClassVar[frozenset[str]] = frozenset({"message"})
    id: UUID
    message: Message


class Messages(Answer):
    """`seq`: the room's number at which this was true. `before`, `after`: there are more on that side."""

    room: UUID
    seq: int
    before: bool
    after: bool
    results: list[Message]


class Pins(Answer):
    """The pinned messages of a room, the last pinned first."""

    room: UUID
    results: list[Message]


class Room(Answer):
    """A channel, thread or conversation in somebody's list."""

    id: UUID
    kind: Literal["channel", "thread", "voice", "category", "conversation"]
    name: str
    server: Named | None
    parent: UUID | None
