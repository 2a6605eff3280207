"""Delete a server: closed at once, restorable for thirty days, then removed but for its chronicles' history."""

from django.utils import timezone

from chronicle.models import Server
from chronicle.principal import Principal
from chronicle.read_only import RESTORABLE
from chronicle.rights import can
from chronicle.services.change import changing
from chronicle.services.voice import empty_seats
from contract.translation import _
from rules.errors import Conflict, Invalid
from rules.text import one_line
from timeline.services import Cause


def delete_server(server: Server, *, principal: Principal, cause: Cause, name: str | None = None) -> Server:
    """Close a server for everybody but its administrators. `name`: what somebody typed to confirm.

    Raises NotAllowed; Conflict (`bot_in_server`) while the bot is in its guild, `server_deleted`; Invalid.
    """
    with changing(server, cause) as locked:
        can(principal, "server.delete", locked).require()
        if locked.deleted_at is not None:
            raise Conflict(_("This server is deleted already."), code="server_deleted")
        if locked.discord_id is not None and locked.left_at is None:
            raise Conflict(
                _("The bot is still in this Discord server. Remove it there first."), code="bot_in_server"
            )
        if name is not None and one_line(name) != locked.name:
            raise Invalid.field(
                "name", _("That isn’t its name. Type “{name}” to delete it.", name=locked.name)
            )
        locked.deleted_at = timezone.now()
        empty_seats(locked)
    principal.forget(server.pk)
    return locked


def restore_server(server: Server, *, principal: Principal, cause: Cause) -> Server:
    """Open a deleted server again, as it was. Raises NotAllowed, Conflict (`not_deleted`, `too_late`)."""
    with changing(server, cause) as locked:
        can(principal, "server.delete", locked).require()
        if locked.deleted_at is None:
            raise Conflict(_("This server isn’t deleted."), code="not_deleted")
        if locked.removed_at is not None or locked.deleted_at + RESTORABLE <= timezone.now():
            raise Conflict(_("The thirty days are over: it can’t be restored any more."), code="too_late")
        locked.deleted_at = None
    principal.forget(server.pk)
    return locked
