"""Who reaches a server and its channels, asked in one call each; the rights themselves are in `chronicle.rights`."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from chronicle import services
from chronicle.models import Server, ServerChannel, ServerMember
from chronicle.principal import Principal
from chronicle.rights import can
from discordauth.models import CustomUser

Somebody = CustomUser | AnonymousUser


def user_has_server_access(user: Somebody, server: Server) -> bool:
    """Whether the user may see the server at all."""
    return bool(can(Principal.for_user(user), "server.view", server))


def get_user_role_in_server(user: Somebody, server: Server) -> str | None:
    """`ADMIN`, `MODERATOR` or `MEMBER`; None for who is no member.

    An admin is who may do everything there, as the owner or by any role, one of Discord's too.
    """
    principal = Principal.for_user(user)
    if principal.id is None or not ServerMember.objects.filter(server=server, user=principal.id).exists():
        return None
    return services.role_of(principal, server)


def get_server_members(server: Server) -> "QuerySet[ServerMember]":
    """The members with their accounts, in the order in which they came."""
    return ServerMember.objects.filter(server=server).select_related("user").order_by("joined_at", "id")


def user_can_send_message(user: Somebody, server: Server, channel: ServerChannel) -> bool:
    """Whether the user may write in the channel; never, where it is another server's."""
    if channel.server_id != server.pk:
        return False
    return bool(can(Principal.for_user(user), "channel.send", channel))
