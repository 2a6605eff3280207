"""The fields that inputs about dice share."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field, JsonValue

from contract.base import Flag, Reference, Whole
from contract.errors import sentence
from contract.translation import N_

MAX_NAME = 50
MAX_OPTIONS = 50
MAX_PICKED = 100

Visibility = Literal["public", "storyteller", "private"]
Value = bool | int | str


def _without_empty(options: JsonValue) -> JsonValue:
    """Without the options that were left open."""
    if not isinstance(options, dict):
        return options
    return {name: value for name, value in options.items() if value is not None}


Options = Annotated[
    dict[str, Flag | Whole | str],
    BeforeValidator(_without_empty),
    Field(
        max_length=MAX_OPTIONS,
        description="As `GET /bot/schema` describes them for these dice or this check",
        json_schema_extra=sentence(N_("Options are names with a number, text, yes or no.")),
    ),
]
Pool = Annotated[
    Whole | str,
    Field(json_schema_extra=sentence(N_("A pool is a number, or traits such as strength + brawl."))),
]
Picked = Annotated[
    list[Whole],
    Field(
        min_length=1,
        max_length=MAX_PICKED,
        description="Indexes of the roll's dice; with commas between them in a query",
        json_schema_extra=sentence(N_("A list of indexes is expected.")),
    ),
]
System = Annotated[str, Field(max_length=30, description="Of the dice; that of the character if left out")]
Slug = Annotated[str, Field(max_length=30)]
RollerName = Annotated[str, Field(max_length=MAX_NAME, description="Of somebody without a sheet")]
Whose = Annotated[
    Literal[False] | Reference | None,
    Field(
        description="On the web an id, or nobody. In Discord an id or name, the default if left out; false for nobody",
        json_schema_extra=sentence(N_("The id or name of a character is expected.")),
    ),
]
ShownTo = Annotated[
    Visibility | None, Field(description="Everyone, or what is usual for the check, if left out")
]
ChronicleId = Annotated[UUID | None, Field(description="In Discord that of the channel, if left out")]
