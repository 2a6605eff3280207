"""Messages in Discord that follow something: a conflict, a roll request, an episode."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from contract.base import Answer, Input, JsonObject, Snowflake

Kind = Literal["roll_request", "conflict", "episode"]


class LinkMessage(Input):
    kind: Kind
    id: UUID
    channel: Snowflake
    message: Snowflake


class UnlinkMessage(Input):
    kind: Kind
    message: Snowflake


class OldMessage(Answer):
    channel: str
    message: str


class MessageLinked(Answer):
    """`replaced`: the message that followed until now. `shows`: what the message is to show now, as in the feed."""

    kind: Kind
    id: UUID
    kept: bool = True
    replaced: OldMessage | None
    shows: Annotated[JsonObject, Field(description="A conflict, a roll request or an episode")] = {}


class MessageUnlinked(Answer):
    kept: bool = False
