"""What can be done with the members of a server: add, remove, and choose moderators and administrators."""

from chronicle import services
from chronicle.call import Call, person
from chronicle.models import Server, ServerMember
from chronicle.principal import Principal
from contract import servers
from contract.endpoints import Shape
from timeline.operations import Addresses, Operation


def _membership(server: Server, row: ServerMember) -> servers.Membership:
    return servers.Membership(
        server=server.id,
        user=row.user.as_person(),
        role=services.role_of(Principal(row.user), server),
        joined_at=row.joined_at,
    )


def _add_member(call: Call, given: servers.AddMember) -> servers.Membership:
    """Add somebody to a server that was made on the web; moderators and administrators by administrators alone."""
    server, user = call.server_for(given.server), person(given.user)
    added = services.add_to_server(server, user, given.role, principal=call.principal, cause=call.cause)
    return _membership(server, added)


def _remove_member(call: Call, given: servers.OneMember) -> servers.MemberRemoved:
    """Remove a member, or leave; their characters stay theirs."""
    server, user = call.server_for(given.server), person(given.user)
    services.remove_from_server(server, user.pk, principal=call.principal, cause=call.cause)
    return servers.MemberRemoved(server=server.id, user=user.id)


def _set_member_role(call: Call, given: servers.SetMemberRole) -> servers.Membership:
    """Make a member administrator, moderator, or neither."""
    server, user = call.server_for(given.server), person(given.user)
    ranked = services.set_server_role(server, user.pk, given.role, principal=call.principal, cause=call.cause)
    return _membership(server, ranked)


ADD_MEMBER = Operation(
    "members.add", Shape(servers.AddMember, servers.Membership), _add_member, "server.members", status=201
)
REMOVE_MEMBER = Operation(
    "members.remove", Shape(servers.OneMember, servers.MemberRemoved), _remove_member, "server.view"
)
SET_MEMBER_ROLE = Operation(
    "members.set_role", Shape(servers.SetMemberRole, servers.Membership), _set_member_role, "server.promote"
)
REST: Addresses = {
    "servers/<uuid:server>/members/": {"POST": ADD_MEMBER},
    "servers/<uuid:server>/members/<str:user>/": {"PUT": SET_MEMBER_ROLE, "DELETE": REMOVE_MEMBER},
}
