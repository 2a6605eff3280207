"""What can be done with the members of a server: add, remove, and choose moderators and administrators."""

from chronicle import services
from chronicle.call import Call, person
from chronicle.models import Server, ServerMember
from chronicle.principal import Principal
from contract import members
from contract.endpoints import Shape
from timeline.operations import Addresses, Operation


def _membership(server: Server, row: ServerMember) -> members.Membership:
    return members.Membership(
        server=server.id,
        user=row.user.as_person(),
        role=services.role_of(Principal(row.user), server),
        joined_at=row.joined_at,
    )


def _add_member(call: Call, given: members.AddMember) -> members.Membership:
    """Add somebody to a server that was made on the web; moderators and administrators by administrators alone."""
    server, user = call.server_for(given.server), person(given.user)
    added = services.add_to_server(server, user, given.role, principal=call.principal, cause=call.cause)
    return _membership(server, added)


def _remove_member(call: Call, given: members.OneMember) -> members.MemberRemoved:
    """Remove a member, or leave; their characters stay theirs."""
    server, user = call.server_for(given.server), person(given.user)
    services.remove_from_server(server, user.pk, principal=call.principal, cause=call.cause)
    return members.MemberRemoved(server=server.id, user=user.id)


def _set_member_role(call: Call, given: members.SetMemberRole) -> members.Membership:
    """Make a member administrator, moderator, or neither."""
    server, user = call.server_for(given.server), person(given.user)
    ranked = services.set_server_role(server, user.pk, given.role, principal=call.principal, cause=call.cause)
    return _membership(server, ranked)


ADD_MEMBER = Operation(
    "members.add",
    Shape(members.AddMember, members.Membership),
    _add_member,
    "server.members",
    status=201,
)
REMOVE_MEMBER = Operation(
    "members.remove",
    Shape(members.OneMember, members.MemberRemoved),
    _remove_member,
    "server.view",
)
SET_MEMBER_ROLE = Operation(
    "members.set_role",
    Shape(members.SetMemberRole, members.Membership),
    _set_member_role,
    "server.promote",
)
REST: Addresses = {
    "servers/<uuid:server>/members/": {"POST": ADD_MEMBER},
    "servers/<uuid:server>/members/<str:user>/": {"PUT": SET_MEMBER_ROLE, "DELETE": REMOVE_MEMBER},
}
