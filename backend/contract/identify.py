"""When a shard may identify to Discord: the processes of one bot take turns."""

from typing import Annotated

from pydantic import Field

from contract.acting import Facts
from contract.base import Answer, Whole32


class IdentifyTurn(Facts):
    """`bucket` is the number of the shard modulo Discord's `max_concurrency`."""

    bucket: Annotated[Whole32, Field(ge=0)]


class TurnTaken(Answer):
    """`granted`: identify now. Else another shard of the bucket has just begun."""

    granted: bool
