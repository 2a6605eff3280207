"""What can be done with servers, their roles, channels and invitations, by name, with its input, answer and right.

The bot API takes the values of a role as an object of their own (`values`): those stand beside the flat ones.
"""

from collections.abc import Callable
from uuid import UUID

from chronicle import services
from chronicle.call import Call, person
from chronicle.models import Server, ServerChannel
from chronicle.rights import can
from chronicle.serializers import channel_for, invitation_of, roles_of, server_for
from chronicle.setup import setup_of
from contract import endpoints, servers, setup
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
KEEP_SERVER = Operation(
    "servers.keep", Shape(servers.GetServer, servers.ServerKept), _keep_server, "server.manage"
)

# Roles


def _replay_roles(call: Call, kept: Kept) -> servers.Roles:
    return roles_of(call.server_for(UUID(str(kept.body["server"]))))


def _list_roles(call: Call, given: servers.GetServer) -> servers.Roles:
    """The roles of the whole server, the highest first."""
    return roles_of(call.server_for(given.server))


def _create_role(call: Call, given: servers.CreateRole) -> servers.Roles:
    """Create a role below one's own highest."""
    return _with_role(call, given, given)


def _create_role_of_values(call: Call, given: servers.CreateRoleOfValues) -> servers.Roles:
    """Create a role of `values`, below one's own highest."""
    return _with_role(call, given, given.values)


def _with_role(call: Call, given: servers.ServerInput, values: servers.RoleValues) -> servers.Roles:
    row = call.server_for(given.server)
    services.create_role(row, values, principal=call.principal, cause=call.cause)
    return roles_of(row)


def _change_role(call: Call, given: servers.ChangeRole) -> servers.Roles:
    """Change a role; of Discord's and the system's roles the permissions alone."""
    return _with_changes(call, given, given)


def _change_role_to_values(call: Call, given: servers.ChangeRoleToValues) -> servers.Roles:
    """Change what `values` names of a role."""
    return _with_changes(call, given, given.values)


def _with_changes(call: Call, given: servers.OneRole, values: servers.RoleValues) -> servers.Roles:
    row = call.server_for(given.server)
    role = services.get_role(row, given.role)
    services.update_role(role, values, principal=call.principal, cause=call.cause)
    return roles_of(row)


def _delete_role(call: Call, given: servers.OneRole) -> servers.Roles:
    """Delete a role that was made here."""
    row = call.server_for(given.server)
    services.delete_role(services.get_role(row, given.role), principal=call.principal, cause=call.cause)
    return roles_of(row)


def _hold_role(call: Call, given: servers.HoldRole) -> servers.Roles:
    """Give a role to a member, or take it away."""
    row = call.server_for(given.server)
    role, user = services.get_role(row, given.role), person(given.user)
    services.hold_role(role, user.pk, given.held, principal=call.principal, cause=call.cause)
    return roles_of(row)


def _on_roles(
    name: str,
    shape: Endpoint[InputT, servers.Roles] | Shape[InputT, servers.Roles],
    run: Callable[[Call, InputT], servers.Roles],
    right: str,
    status: int = 200,
) -> Operation[Call, InputT, servers.Roles]:
    return Operation(f"roles.{name}", shape, run, right, status=status, replay=_replay_roles)


LIST_ROLES = Operation("roles.list", endpoints.LIST_ROLES, _list_roles, "server.view", reads=True)
CREATE_ROLE = _on_roles("create", Shape(servers.CreateRole, servers.Roles), _create_role, "server.roles", 201)
CREATE_ROLE_OF_VALUES = _on_roles("create", endpoints.CREATE_ROLE, _create_role_of_values, "server.roles")
CHANGE_ROLE = _on_roles("change", Shape(servers.ChangeRole, servers.Roles), _change_role, "role.edit")
CHANGE_ROLE_TO_VALUES = _on_roles("change", endpoints.CHANGE_ROLE, _change_role_to_values, "role.edit")
DELETE_ROLE = _on_roles("delete", endpoints.DELETE_ROLE, _delete_role, "role.edit")
HOLD_ROLE = _on_roles("hold", endpoints.HOLD_ROLE, _hold_role, "role.grant")

# Channels


def _channel(call: Call, row: ServerChannel) -> servers.Channel:
    return channel_for(row, call.principal)


def _replay_channel(call: Call, kept: Kept) -> servers.Channel:
    row = ServerChannel.objects.select_related("server").get(pk=UUID(str(kept.body["id"])))
    can(call.principal, "channel.view", row).require()
    return _channel(call, row)


def _list_channels(call: Call, given: servers.GetServer) -> servers.Channels:
    """The channels that one sees, in their order."""
    rows = services.visible_channels(call.server_for(given.server), call.principal)
    return servers.Channels(results=[_channel(call, row) for row in rows])


def _change_channel(call: Call, given: servers.ChangeChannel) -> servers.Channel:
    """Change whether it is private, and what roles may do in it; name and place are Discord's."""
    row = call.server_for(given.server)
    return _channel(
        call, services.set_channel(row, given.channel, given, principal=call.principal, cause=call.cause)
    )


def _change_role_in_channel(call: Call, given: servers.ChangeRoleInChannel) -> servers.Channel:
    """Set what one role may do in a channel; what is not said is decided as elsewhere."""
    row = call.server_for(given.server)
    role = services.get_role(row, given.role)
    return _channel(
        call,
        services.set_role_permissions(
            row, given.channel, role.pk, given.rights, principal=call.principal, cause=call.cause
        ),
    )


def _bind_channel(call: Call, given: servers.BindChannel) -> servers.Channel:
    """Commands in the channel mean this chronicle; with null, the default one again."""
    row = call.server_for(given.server)
    chronicle = call.chronicle_for(given.chronicle) if given.chronicle else None
    return _channel(
        call,
        services.bind_channel(row, given.channel, chronicle, principal=call.principal, cause=call.cause),
    )


def _on_channel(
    name: str, given: type[InputT], run: Callable[[Call, InputT], servers.Channel], right: str
) -> Operation[Call, InputT, servers.Channel]:
    return Operation(f"channels.{name}", Shape(given, servers.Channel), run, right, replay=_replay_channel)


LIST_CHANNELS = Operation(
    "channels.list", Shape(servers.GetServer, servers.Channels), _list_channels, "channel.view", reads=True
)
CHANGE_CHANNEL = _on_channel("change", servers.ChangeChannel, _change_channel, "channel.manage")
CHANGE_ROLE_IN_CHANNEL = _on_channel(
    "change_role", servers.ChangeRoleInChannel, _change_role_in_channel, "channel.manage"
)
BIND_CHANNEL = _on_channel("bind", servers.BindChannel, _bind_channel, "chronicle.lead")

# Invitations


def _list_invites(call: Call, given: servers.GetServer) -> servers.Invitations:
    """The open invitations."""
    row = call.server_for(given.server)
    can(call.principal, "server.invite", row).require()
    rows = services.open_invites(row).order_by("-id")
    return servers.Invitations(results=[invitation_of(invite) for invite in rows])


def _invite(call: Call, given: servers.Invite) -> servers.Invitation:
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


def _revoke(call: Call, given: servers.Revoke) -> servers.Revoked:
    """Revoke an invitation."""
    row = call.server_for(given.server)
    services.revoke(row, given.invite, principal=call.principal, cause=call.cause)
    return servers.Revoked()


def _join(call: Call, given: servers.Join) -> servers.Joined:
    """Join the server that the link leads to."""
    server = services.join(given.code, call.user, cause=call.cause)
    return servers.Joined(server=Named.from_object(server))


LIST_INVITES = Operation(
    "invites.list", Shape(servers.GetServer, servers.Invitations), _list_invites, "server.invite", reads=True
)
INVITE = Operation(
    "invites.create", Shape(servers.Invite, servers.Invitation), _invite, "server.invite", status=201
)
REVOKE = Operation("invites.revoke", Shape(servers.Revoke, servers.Revoked), _revoke, "server.invite")
JOIN = Operation("invites.join", Shape(servers.Join, servers.Joined), _join)
REST: Addresses = {
    "servers/": {"POST": CREATE_SERVER},
    "servers/<uuid:server>/": {"GET": GET_SERVER, "PATCH": CHANGE_SERVER},
    "servers/<uuid:server>/setup/": {"GET": GET_SETUP},
    "servers/<uuid:server>/keep/": {"POST": KEEP_SERVER},
    "servers/<uuid:server>/invites/": {"GET": LIST_INVITES, "POST": INVITE},
    "servers/<uuid:server>/invites/<uuid:invite>/": {"DELETE": REVOKE},
    "join/<str:code>/": {"POST": JOIN},
    "servers/<uuid:server>/channels/": {"GET": LIST_CHANNELS},
    "servers/<uuid:server>/channels/<int:channel>/": {"PATCH": CHANGE_CHANNEL},
    "servers/<uuid:server>/channels/<int:channel>/chronicle/": {"PUT": BIND_CHANNEL},
    "servers/<uuid:server>/roles/": {"GET": LIST_ROLES, "POST": CREATE_ROLE},
    "servers/<uuid:server>/roles/<uuid:role>/": {"PATCH": CHANGE_ROLE, "DELETE": DELETE_ROLE},
    "servers/<uuid:server>/roles/<uuid:role>/members/": {"PUT": HOLD_ROLE},
}
