"""Decide when a chronicle is read-only: archived, or its server's grace period without the bot is over.

A bot that is removed from its guild deletes nothing. For GRACE everything goes on, on the web; then the server rests:
all of it can be read, and it goes on as soon as the bot is invited again, or its owner keeps it without Discord.
"""

from datetime import datetime, timedelta

from django.utils import timezone

from chronicle.models import Chronicle, Server
from contract.translation import N_, _
from rules.errors import NotAllowed

GRACE = timedelta(days=30)
# How long a deleted server can be restored.
RESTORABLE = timedelta(days=30)
DELETED = N_("This server was deleted. Its administrators can restore it for thirty days.")


def read_only_from(server: Server) -> datetime | None:
    """Return when the server's grace period ends or ended; None if none runs."""
    if server.left_at is None or server.kept_at is not None:
        return None
    return server.left_at + GRACE


def restorable_until(server: Server) -> datetime | None:
    """Return until when a deleted server can be restored; None if it is not deleted, or removed already."""
    if server.deleted_at is None or server.removed_at is not None:
        return None
    return server.deleted_at + RESTORABLE


def is_read_only(server: Server) -> bool:
    end = read_only_from(server)
    return end is not None and end <= timezone.now()


def read_only_reason(chronicle: Chronicle | None) -> tuple[str, str] | None:
    """Return `(code, sentence)` if the chronicle is read-only, else None."""
    if chronicle is None:
        return None
    if chronicle.archived_at is not None:
        return (
            "chronicle_archived",
            _(
                "“{name}” is archived: you can read it, but not change it. Its lead storyteller can bring it back.",
                name=chronicle.name,
            ),
        )
    if chronicle.server.deleted_at is not None:
        return "server_deleted", _(DELETED)
    if is_read_only(chronicle.server):
        return (
            "server_resting",
            _(
                "{name} is read-only because the bot has left it. Invite the bot again to go on, "
                "or let the owner keep it on the web.",
                name=chronicle.server.name,
            ),
        )
    return None


def require_writable(chronicle: Chronicle) -> None:
    """Raise NotAllowed (`chronicle_archived`, `server_resting`) if the chronicle is read-only."""
    if reason := read_only_reason(chronicle):
        raise NotAllowed(reason[1], reason[0])
