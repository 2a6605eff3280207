"""What can be done with servers, their roles and invitations, by name, with its input, answer and right.

The bot API takes the values of a role as an object of their own (`values`): those stand beside the flat ones.
"""

from collections.abc import Callable
from uuid import UUID

from chronicle import icons, read_only, services
from chronicle.call import Call, person
from chronicle.models import Server
from chronicle.rights import can
from chronicle.serializers import invitation_of, my_servers, roles_of, server_for
from chronicle.setup import setup_of
from contract import endpoints, invitations, members, servers, setup
from contract.base import Named
from contract.endpoints import Endpoint, Shape
from timeline.keys import Kept
from timeline.operations import Addresses, InputT, Operation


def know_named_thread(call: Call, server: Server, channel_id: str | None) -> None:
    """Write the thread of this id down, if it is one that the command named."""
    for thread in call.threads:
        if thread.id == channel_id and can(call.principal, "server.view", server):
            services.know_thread(server, thread, call.principal)


def _server(call: Call, row: Server) -> servers.Server:
    return server_for(Server.objects.get(pk=row.pk), call.principal)


def _replay_server(call: Call, kept: Kept) -> servers.Server:
    return server_for(call.server_for(UUID(str(kept.body["id"]))), call.principal)


def _list_servers(call: Call, given: servers.ListServers) -> servers.Servers:
    """The servers that one is a member of; for their administrators the deleted ones too."""
    return my_servers(call.principal)


def _create_server(call: Call, given: servers.CreateServer) -> servers.Server:
    """Create a server without Discord, with the same roles and default chronicle as any other."""
    made = services.create_server(call.user, cause=call.cause, **given.model_dump())
    return _server(call, made)


def _get_server(call: Call, given: servers.GetServer) -> servers.Server:
    """The server as its members see it."""
    return server_for(call.server_for(given.server), call.principal)


def _change_server(call: Call, given: servers.ChangeServer) -> servers.Server:
    """Change description, edition, features, channels for trackers and hidden rolls, storytellers' roles."""
    row = call.server_for(given.server)
    for chosen in (given.tracker_channel, given.storyteller_channel):
        know_named_thread(call, row, chosen)
    services.change_server(row, given, principal=call.principal, cause=call.cause)
    return _server(call, row)


def _store_icon(call: Call, given: servers.SetIcon) -> servers.SetIcon:
    """Check and store the picture before the transaction: no lock waits for a disk or a bucket."""
    services.may_set_icon(call.server_for(given.server), call.principal)
    return given.stored_at(icons.keep(given.picture, call.principal.id))


def _set_icon(call: Call, given: servers.SetIcon) -> servers.Server:
    """Set the icon: PNG, JPEG, WebP or GIF of at most 8 MB, which is resized and encoded again."""
    row = call.server_for(given.server)
    return _server(call, services.set_icon(row, given.path, principal=call.principal, cause=call.cause))


def _remove_icon(call: Call, given: servers.GetServer) -> servers.Server:
    """Take the icon off."""
    row = call.server_for(given.server)
    return _server(call, services.set_icon(row, "", principal=call.principal, cause=call.cause))


def _get_setup(call: Call, given: servers.GetServer) -> setup.Setup:
    """How far the set-up of the server is, step by step."""
    row = call.server_for(given.server)
    can(call.principal, "server.manage", row).require()
    return setup_of(row)


def _keep_server(call: Call, given: servers.GetServer) -> servers.ServerKept:
    """The server goes on without Discord."""
    row = call.server_for(given.server)
    services.keep_without_discord(row, principal=call.principal, cause=call.cause)
    return servers.ServerKept()


def _closed(row: Server) -> servers.ServerDeleted:
    return servers.ServerDeleted(
        id=row.id, deleted_at=row.deleted_at, restorable_until=read_only.restorable_until(row)
    )


def _delete_server(call: Call, given: servers.GetServer) -> servers.ServerDeleted:
    """Close a server for everybody but its administrators, who can restore it for thirty days."""
    row = call.server_for(given.server)
    return _closed(services.delete_server(row, principal=call.principal, cause=call.cause))


def _delete_named_server(call: Call, given: servers.DeleteServer) -> servers.ServerDeleted:
    """Delete a server whose name somebody typed."""
    row = call.server_for(given.server)
    deleted = services.delete_server(row, name=given.name, principal=call.principal, cause=call.cause)
    return _closed(deleted)


def _restore_server(call: Call, given: servers.GetServer) -> servers.ServerDeleted:
    """Open a deleted server again, as it was."""
    row = call.server_for(given.server)
    return _closed(services.restore_server(row, principal=call.principal, cause=call.cause))


LIST_SERVERS = Operation("servers.list", endpoints.LIST_SERVERS, _list_servers, reads=True)
CREATE_SERVER = Operation(
    "servers.create",
    Shape(servers.CreateServer, servers.Server),
    _create_server,
    status=201,
    replay=_replay_server,
)
GET_SERVER = Operation(
    "servers.get", Shape(servers.GetServer, servers.Server), _get_server, "server.view", reads=True
)
GET_SETUP = Operation("servers.setup", endpoints.GET_SETUP, _get_setup, "server.manage", reads=True)
CHANGE_SERVER = Operation(
    "servers.change",
    Shape(servers.ChangeServer, servers.Server),
    _change_server,
    "server.manage",
    replay=_replay_server,
)
SET_ICON = Operation(
    "servers.set_icon",
    Shape(servers.SetIcon, servers.Server),
    _set_icon,
    "server.manage",
    replay=_replay_server,
    prepare=_store_icon,
)
REMOVE_ICON = Operation(
    "servers.remove_icon",
    Shape(servers.GetServer, servers.Server),
    _remove_icon,
    "server.manage",
    replay=_replay_server,
)
KEEP_SERVER = Operation(
    "servers.keep", Shape(servers.GetServer, servers.ServerKept), _keep_server, "server.manage"
)

# For doors where nobody types; a person types the name.
DELETE_SERVER = Operation(
    "servers.delete", Shape(servers.GetServer, servers.ServerDeleted), _delete_server, "server.delete"
)
DELETE_NAMED_SERVER = Operation(
    "servers.delete", endpoints.DELETE_SERVER, _delete_named_server, "server.delete"
)
RESTORE_SERVER = Operation("servers.restore", endpoints.RESTORE_SERVER, _restore_server, "server.delete")

# Roles


def _replay_roles(call: Call, kept: Kept) -> members.Roles:
    return roles_of(call.server_for(UUID(str(kept.body["server"]))))


def _list_roles(call: Call, given: servers.GetServer) -> members.Roles:
    """The roles of the whole server, the highest first."""
    return roles_of(call.server_for(given.server))


def _create_role(call: Call, given: members.CreateRole) -> members.Roles:
    """Create a role below one's own highest."""
    return _with_role(call, given, given)


def _create_role_of_values(call: Call, given: members.CreateRoleOfValues) -> members.Roles:
    """Create a role of `values`, below one's own highest."""
    return _with_role(call, given, given.values)


def _with_role(call: Call, given: servers.ServerInput, values: members.RoleValues) -> members.Roles:
    row = call.server_for(given.server)
    services.create_role(row, values, principal=call.principal, cause=call.cause)
    return roles_of(row)


def _change_role(call: Call, given: members.ChangeRole) -> members.Roles:
    """Change a role; of Discord's and the system's roles the permissions alone."""
    return _with_changes(call, given, given)


def _change_role_to_values(call: Call, given: members.ChangeRoleToValues) -> members.Roles:
    """Change what `values` names of a role."""
    return _with_changes(call, given, given.values)


def _with_changes(call: Call, given: members.OneRole, values: members.RoleValues) -> members.Roles:
    row = call.server_for(given.server)
    role = services.get_role(row, given.role)
    services.update_role(role, values, principal=call.principal, cause=call.cause)
    return roles_of(row)


def _delete_role(call: Call, given: members.OneRole) -> members.Roles:
    """Delete a role that was made here."""
    row = call.server_for(given.server)
    services.delete_role(services.get_role(row, given.role), principal=call.principal, cause=call.cause)
    return roles_of(row)


def _hold_role(call: Call, given: members.HoldRole) -> members.Roles:
    """Give a role to a member, or take it away."""
    row = call.server_for(given.server)
    role, user = services.get_role(row, given.role), person(given.user)
    services.hold_role(role, user.pk, given.held, principal=call.principal, cause=call.cause)
    return roles_of(row)


def _on_roles(
    name: str,
    shape: Endpoint[InputT, members.Roles] | Shape[InputT, members.Roles],
    run: Callable[[Call, InputT], members.Roles],
    right: str,
    status: int = 200,
) -> Operation[Call, InputT, members.Roles]:
    return Operation(f"roles.{name}", shape, run, right, status=status, replay=_replay_roles)


LIST_ROLES = Operation("roles.list", endpoints.LIST_ROLES, _list_roles, "server.view", reads=True)
CREATE_ROLE = _on_roles("create", Shape(members.CreateRole, members.Roles), _create_role, "server.roles", 201)
CREATE_ROLE_OF_VALUES = _on_roles("create", endpoints.CREATE_ROLE, _create_role_of_values, "server.roles")
CHANGE_ROLE = _on_roles("change", Shape(members.ChangeRole, members.Roles), _change_role, "role.edit")
CHANGE_ROLE_TO_VALUES = _on_roles("change", endpoints.CHANGE_ROLE, _change_role_to_values, "role.edit")
DELETE_ROLE = _on_roles("delete", endpoints.DELETE_ROLE, _delete_role, "role.edit")
HOLD_ROLE = _on_roles("hold", endpoints.HOLD_ROLE, _hold_role, "role.grant")

# Invitations


def _list_invites(call: Call, given: servers.GetServer) -> invitations.Invitations:
    """The open invitations."""
    row = call.server_for(given.server)
    can(call.principal, "server.invite", row).require()
    rows = services.open_invites(row).order_by("-id")
    return invitations.Invitations(results=[invitation_of(invite) for invite in rows])


def _invite(call: Call, given: invitations.Invite) -> invitations.Invitation:
    """Create a link into a server of the web."""
    made = services.invite(
        call.server_for(given.server),
        principal=call.principal,
        cause=call.cause,
        role=given.role,
        max_uses=given.max_uses,
        hours=given.hours,
    )
    return invitation_of(made)


def _revoke(call: Call, given: invitations.Revoke) -> invitations.Revoked:
    """Revoke an invitation."""
    row = call.server_for(given.server)
    services.revoke(row, given.invite, principal=call.principal, cause=call.cause)
    return invitations.Revoked()


def _join(call: Call, given: invitations.Join) -> invitations.Joined:
    """Join the server that the link leads to."""
    server = services.join(given.code, call.user, cause=call.cause)
    return invitations.Joined(server=Named.from_object(server))


LIST_INVITES = Operation(
    "invites.list",
    Shape(servers.GetServer, invitations.Invitations),
    _list_invites,
    "server.invite",
    reads=True,
)
INVITE = Operation(
    "invites.create",
    Shape(invitations.Invite, invitations.Invitation),
    _invite,
    "server.invite",
    status=201,
)
REVOKE = Operation("invites.revoke", Shape(invitations.Revoke, invitations.Revoked), _revoke, "server.invite")
JOIN = Operation("invites.join", Shape(invitations.Join, invitations.Joined), _join)
REST: Addresses = {
    "servers/": {"GET": LIST_SERVERS, "POST": CREATE_SERVER},
    "servers/<uuid:server>/": {"GET": GET_SERVER, "PATCH": CHANGE_SERVER, "DELETE": DELETE_SERVER},
    "servers/<uuid:server>/restore/": {"POST": RESTORE_SERVER},
    "servers/<uuid:server>/setup/": {"GET": GET_SETUP},
    "servers/<uuid:server>/keep/": {"POST": KEEP_SERVER},
    "servers/<uuid:server>/invites/": {"GET": LIST_INVITES, "POST": INVITE},
    "servers/<uuid:server>/invites/<uuid:invite>/": {"DELETE": REVOKE},
    "join/<str:code>/": {"POST": JOIN},
    "servers/<uuid:server>/roles/": {"GET": LIST_ROLES, "POST": CREATE_ROLE},
    "servers/<uuid:server>/roles/<uuid:role>/": {"PATCH": CHANGE_ROLE, "DELETE": DELETE_ROLE},
    "servers/<uuid:server>/roles/<uuid:role>/members/": {"PUT": HOLD_ROLE},
}
