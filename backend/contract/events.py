"""Events as everybody reads them: in answers, in the history, in frames of the gateway."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, PlainSerializer, StringConstraints, WithJsonSchema

from contract.base import Answer, Json, Named

UUID_PATTERN = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
StreamName = Annotated[str, StringConstraints(pattern=f"^(chronicle|user|server):{UUID_PATTERN}$")]
Seq = Annotated[
    int, Field(ge=0, description="The number of an event in its stream: no gaps, in commit order.")
]
Moment = Annotated[
    datetime,
    PlainSerializer(datetime.isoformat, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
Door = Literal["discord", "web", "api", "system"]


class Actor(Answer):
    """Who did it, by the name they had then. `id` is null for the system and for accounts that are gone."""

    id: UUID | None
    name: str
    avatar_url: str


class Event(Answer):
    """One change, with what its reader may see of it."""

    id: UUID
    stream: StreamName
    seq: Seq
    type: str
    entity: str
    entity_id: UUID
    version: Annotated[int, Field(ge=0)]
    at: Moment
    door: Door
    actor: Actor
    acting_for: Annotated[Named | None, Field(description="An absent player, for whom the actor did it.")]
    command: str
    changes: Annotated[dict[str, tuple[Json, Json]], Field(description="Path → [before, after].")]
    labels: dict[str, str]
    notices: list[str]
    undoes: UUID | None
    undone_by: UUID | None
