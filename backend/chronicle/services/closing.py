"""Delete a server: closed at once, restorable for thirty days, then removed but for its chronicles' history."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from chronicle.models import Chronicle, Invite, Server, ServerChannel, ServerMember, ServerRole
from chronicle.principal import ADMINISTRATOR, STORYTELLER, Principal
from chronicle.read_only import RESTORABLE
from chronicle.rights import can
from chronicle.services.change import changing
from chronicle.services.members import finish, remove_members
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


# So many memberships end in one step.
BATCH = 500


def ended() -> QuerySet[Server]:
    """Return the deleted servers whose time to be restored is over, of which more than history is left."""
    left = Q(removed_at=None) | Q(chronicles__characters__isnull=False) | Q(channels__isnull=False)
    return Server.objects.filter(left, deleted_at__lte=timezone.now() - RESTORABLE).distinct()


def begin_removal(server: Server, *, cause: Cause) -> bool:
    """Let go of a server's Discord ids, so that a guild that comes back is a new server. False if it is restored."""
    with changing(server, cause) as locked:
        if locked.deleted_at is None or locked.deleted_at > timezone.now() - RESTORABLE:
            return False
        locked.removed_at = locked.removed_at or timezone.now()
        locked.owner_discord_id = ""
        Server.objects.filter(pk=locked.pk).update(discord_id=None)
        ServerRole.objects.filter(server=locked).update(discord_id=None)
    return True


def finish_removal(server: Server, *, cause: Cause) -> None:
    """Delete what is no history: channels with what was said in them, invitations, and who told no story there."""
    with changing(server, cause) as locked:
        Chronicle.objects.filter(server=locked, archived_at=None).update(archived_at=timezone.now())
        Invite.objects.filter(server=locked).delete()
        ServerChannel.objects.filter(server=locked).delete()
        locked.tracker_channel, locked.settings = "", {}
    for leavers in _who_told_nothing(server):
        with transaction.atomic():
            locked = Server.objects.select_for_update().get(pk=server.pk)
            finish(locked, remove_members(locked, leavers), [], cause)


def _who_told_nothing(server: Server) -> Iterator[Sequence[UUID]]:
    """Return the members who are storytellers neither of the server nor of one of its chronicles, in batches."""
    roles = ServerRole.objects.filter(server=server).only("pk", "permissions")
    telling = [row.pk for row in roles if {STORYTELLER, ADMINISTRATOR} & set(_allowed(row))]
    others = ServerMember.objects.filter(server=server).exclude(roles__in=telling)
    if server.owner_id:
        others = others.exclude(user_id=server.owner_id)
    while batch := list(others.values_list("user_id", flat=True)[:BATCH]):
        yield batch


def _allowed(role: ServerRole) -> list[str]:
    return [name for name, verdict in role.permissions.items() if verdict == "allow"]
