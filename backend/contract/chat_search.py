"""Search in messages: what is looked for, and what is found."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from contract.base import Answer, Flag, Input, Moment, Named, Whole
from contract.chat import MAX_PAGE, Message

MAX_QUERY = 200
MAX_WORDS = 10
# Letters of the shortest word that is looked for, whole or as the beginning of one.
SHORTEST = 3
PAGE = 25

Cursor = Annotated[str, StringConstraints(pattern=r"^[0-9a-f-]*$", max_length=36)]


class SearchMessages(Input):
    """Every word of `q` is in a message, as a whole word or as the beginning of one; at least three letters each.

    Without `server` and `room`: everywhere that one may read. `before`: the `next` of the page before. Something must
    be asked for: words, a person, a time, or what a message has.
    """

    q: Annotated[str, Field(max_length=MAX_QUERY)] = ""
    server: UUID | None = None
    room: Annotated[UUID | None, Field(description="A channel, a thread or a conversation")] = None
    author: Annotated[UUID | None, Field(description="Who wrote it")] = None
    since: Moment | None = None
    until: Moment | None = None
    has_picture: Flag = False
    has_file: Flag = False
    has_roll: Flag = False
    before: Cursor = ""
    limit: Annotated[Whole, Field(ge=1, le=MAX_PAGE)] = PAGE


class FoundRoom(Answer):
    """Where a message was found. `name` is empty for a conversation between two."""

    id: UUID
    kind: Literal["channel", "conversation"]
    name: str
    server: Named | None


class Found(Answer):
    room: FoundRoom
    message: Message


class SearchResults(Answer):
    """Newest first. `words`: what was looked for, as they were understood, to mark them; `ignored`: words that are too
    short. `next` asks for the following page as `before`; empty at the end. A page may have fewer results than were
    asked for, or none, and a `next`: then there is more that was not looked through yet.
    """

    results: list[Found]
    words: list[str]
    ignored: list[str]
    next: str
