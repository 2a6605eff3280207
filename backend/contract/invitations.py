"""Invitations to servers that were made on the web."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from contract.base import Answer, Input, Moment, Named, Person, Whole
from contract.members import RoleRef
from contract.servers import ServerInput

MAX_USES, MAX_HOURS = 10_000, 24 * 365


class Invite(ServerInput):
    """For `max_uses` people (0: any number), for `hours` (null: no end)."""

    role: RoleRef | None = None
    max_uses: Annotated[Whole, Field(ge=0, le=MAX_USES, title="People")] = 0
    hours: Annotated[Whole, Field(ge=1, le=MAX_HOURS)] | None = None


class Revoke(ServerInput):
    invite: UUID


class Join(Input):
    code: Annotated[str, Field(max_length=100)]


class Invitation(Answer):
    id: UUID
    code: str
    url: str
    role: Named | None
    uses: int
    max_uses: int
    expires_at: Moment | None
    made_by: Person


class Invitations(Answer):
    results: list[Invitation]


class Revoked(Answer):
    revoked: bool = True


class Joined(Answer):
    server: Named
