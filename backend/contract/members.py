"""The members of servers, and their roles."""

from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from contract.base import Answer, Changes, Flag, Moment, Person, Reference, Whole, one_of
from contract.errors import sentence
from contract.servers import ServerInput, Verdict, Who
from contract.translation import N_

MAX_POSITION = 1000
MEMBER_ROLES = {"ADMIN": N_("Administrator"), "MODERATOR": N_("Moderator"), "MEMBER": N_("Member")}
RoleRef = Annotated[Reference, Field(description="A role, by our id, Discord's, or its name")]


MemberRole = Annotated[Literal["ADMIN", "MODERATOR", "MEMBER"], one_of(MEMBER_ROLES)]


class OneMember(ServerInput):
    user: Who


class AddMember(OneMember):
    role: MemberRole = "MEMBER"


class SetMemberRole(OneMember):
    role: MemberRole


class Membership(Answer):
    """`role`: ADMIN, MODERATOR or MEMBER, what somebody's roles come to."""

    server: UUID
    user: Person
    role: str
    joined_at: Moment


class MemberRemoved(Answer):
    server: UUID
    user: UUID


# Roles


class RoleValues(Changes):
    name: (
        Annotated[
            str,
            Field(max_length=100, json_schema_extra=sentence(N_("A role’s name has 1 to 100 characters."))),
        ]
        | None
    ) = None
    color: (
        Annotated[
            str,
            Field(
                pattern=r"^#[0-9a-fA-F]{6}$",
                json_schema_extra=sentence(N_("A color is expected, as #7a4fa3.")),
            ),
        ]
        | None
    ) = None
    position: Annotated[Whole, Field(ge=1, le=MAX_POSITION)] | None = None
    permissions: dict[str, Verdict] | None = None


class CreateRole(ServerInput, RoleValues):
    pass


class CreateRoleOfValues(ServerInput):
    values: RoleValues


class OneRole(ServerInput):
    role: RoleRef


class ChangeRole(OneRole, RoleValues):
    pass


class ChangeRoleToValues(OneRole):
    values: RoleValues


class HoldRole(OneRole):
    user: Who
    held: Annotated[Flag, Field(description="False takes the role away")] = True


class Role(Answer):
    """`system` is empty for a role that was made here, `discord_id` for one that Discord does not know."""

    id: UUID
    discord_id: str | None
    name: str
    color: str
    position: int
    system: str | None
    permissions: dict[str, str]
    members: int


class Roles(Answer):
    """The highest first."""

    rebuilt: ClassVar[frozenset[str]] = frozenset({"results"})
    server: UUID
    results: list[Role]
