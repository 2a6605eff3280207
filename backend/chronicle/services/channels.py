"""Decide who sees, writes in and manages a channel, by its own document beside the server's roles."""

from collections.abc import Mapping
from typing import Any

from chronicle.models import Server, ServerChannel, ServerRole
from chronicle.principal import Principal
from chronicle.rights import can
from chronicle.services.change import changing
from chronicle.services.roles import VERDICTS
from rules.errors import Invalid, NotFound
from rules.text import clean
from timeline.services import Cause

RIGHTS = ("view_channel", "send_messages", "manage_channel")


def visible_channels(server: Server, principal: Principal) -> list[ServerChannel]:
    """Return the channels that this user can see, in order."""
    rows = ServerChannel.objects.filter(server=server).select_related("chronicle").order_by("position", "id")
    return [row for row in rows if can(principal, "channel.view", row)]


def set_channel(
    server: Server, channel_id: Any, values: Mapping[str, Any], *, principal: Principal, cause: Cause
) -> ServerChannel:
    """`values`: `is_private`, and `permissions`: role id → `{"view_channel": "allow", …}`, all of it anew.

    Its name and place are Discord's to say. For who manages the server's channels, and who manages this one.
    """
    with changing(server, cause) as locked:
        row = _managed(locked, channel_id, principal)
        unknown = {name: ["There is no such field."] for name in values if name not in _READ}
        if unknown:
            raise Invalid("Some fields cannot be set.", fields=unknown)
        for name, value in values.items():
            setattr(row, name, _READ[name](locked, value))
        row.save(update_fields=[*values])
    return row


def set_role_permissions(
    server: Server, channel_id: Any, role_id: Any, wanted: Any, *, principal: Principal, cause: Cause
) -> ServerChannel:
    """Set what one role may do in a channel, `{"view_channel": "allow", …}`, leaving other roles as they are."""
    with changing(server, cause) as locked:
        row = _managed(locked, channel_id, principal)
        row.permissions = row.permissions | _document(locked, {str(role_id): wanted})
        if not row.permissions[str(role_id)]:
            del row.permissions[str(role_id)]
        row.save(update_fields=["permissions"])
    return row


def find_channel(server: Server, channel_id: Any, principal: Principal) -> ServerChannel:
    """Find a visible channel by Discord's id. Raises NotFound."""
    row = _row(server, channel_id)
    can(principal, "channel.view", row).require()
    return row


def _managed(server: Server, channel_id: Any, principal: Principal) -> ServerChannel:
    row = _row(server, channel_id)
    can(principal, "channel.manage", row).require()
    return row


def _row(server: Server, channel_id: Any) -> ServerChannel:
    rows = ServerChannel.objects.filter(server=server, discord_id=clean(str(channel_id), 20))
    row = rows.select_related("chronicle").first()
    if row is None:
        raise NotFound("There is no such channel.")
    return row


def _flag(server: Server, value: Any) -> bool:
    if not isinstance(value, bool):
        raise Invalid.field("is_private", "Yes or no is expected.")
    return value


def _document(server: Server, value: Any) -> dict[str, dict[str, str]]:
    known = {str(pk) for pk in ServerRole.objects.filter(server=server).values_list("pk", flat=True)}
    if not isinstance(value, dict) or not all(isinstance(verdicts, dict) for verdicts in value.values()):
        raise Invalid.field("permissions", "For each role an object of rights is expected.")
    for role, document in value.items():
        if role not in known:
            raise Invalid.field("permissions", "This server has no such role.")
        if any(name not in RIGHTS or verdict not in VERDICTS for name, verdict in document.items()):
            rights = ", ".join(RIGHTS)
            raise Invalid.field(
                "permissions", f"Each of {rights} may be “allow” or “deny”; nothing else may stand here."
            )
    return value


_READ = {"is_private": _flag, "permissions": _document}
