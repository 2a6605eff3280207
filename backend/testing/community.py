"""The services of `chronicle`, with values as a client sends them: what a door refuses is refused here too."""

from typing import Any

from chronicle import services
from chronicle.door import parse
from chronicle.models import Chronicle, Server, ServerChannel, ServerRole
from contract.channels import ChangeRoleInChannel, ChannelChanges
from contract.chronicles import ChronicleChanges
from contract.members import RoleValues
from contract.servers import ServerChanges

Values = dict[str, Any]


def set_server(server: Server, *, principal: Any, cause: Any, **values: Any) -> Server:
    return services.change_server(server, parse(ServerChanges, values), principal=principal, cause=cause)


def create_role(server: Server, values: Values, **by: Any) -> ServerRole:
    return services.create_role(server, parse(RoleValues, values), **by)


def update_role(role: ServerRole, values: Values, **by: Any) -> ServerRole:
    return services.update_role(role, parse(RoleValues, values), **by)


def set_channel(server: Server, channel: str, values: Values, **by: Any) -> ServerChannel:
    return services.set_channel(server, channel, parse(ChannelChanges, values), **by)


def set_role_permissions(server: Server, channel: str, role: Any, rights: Any, **by: Any) -> ServerChannel:
    given = parse(ChangeRoleInChannel, {"channel": channel, "role": str(role), "rights": rights})
    return services.set_role_permissions(server, channel, role, given.rights, **by)


def update_chronicle(chronicle: Chronicle, values: Values, **by: Any) -> Chronicle:
    return services.update_chronicle(chronicle, parse(ChronicleChanges, values), **by)


def change_chronicle(chronicle: Chronicle, values: Values, **by: Any) -> Chronicle:
    return services.change_chronicle(chronicle, parse(ChronicleChanges, values), **by)
