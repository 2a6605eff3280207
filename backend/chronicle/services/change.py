"""Change a server: lock it, compare its document before and after, record the difference as one event.

A server's document is flat: `{"name": …, "roles.<id>": {…}, "channels.<id>": {…}}`. The id
of a channel is Discord's, where it has one.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, transaction

from chronicle.models import Chronicle, Server, ServerChannel, ServerRole
from contract.events import EventType, RightsSubject, ServerSubject
from contract.translation import _
from rules.errors import Conflict
from rules.visibility import SECRET, TABLE
from timeline.services import Cause, record, rights_changed

COLUMNS = (
    "name",
    "description",
    "icon",
    "banner_url",
    "owner_id",
    "owner_discord_id",
    "is_private",
    "is_verified",
    "edition",
    "edition_chosen",
    "tracker_channel",
    "commands_registered",
    "settings",
    "features",
    "max_members",
    "max_channels",
)
ROLE_COLUMNS = ("name", "color", "permissions", "position", "system", "discord_id", "chronicle_id")
CHANNEL_COLUMNS = (
    "name",
    "slug",
    "description",
    "kind",
    "position",
    "category_id",
    "parent_id",
    "chronicle_id",
    "user_limit",
    "slow_mode",
    "seen_by",
    "bot_lacks",
    "is_private",
    "permissions",
    "archived_at",
)
# What decides what everybody may do.
EVERYBODYS = frozenset({"owner_id", "deleted", "removed"})
Changes = dict[str, list[Any]]
# Deeper than anybody sees.
UNSEEN = int(SECRET) + 1
# Who sees a channel follows from these too.
OF_ROOMS = frozenset({"owner_id", "left", "kept", "deleted"})
# Of more members than this, sockets look at everybody.
MOST_NAMED = 200


def document(server: Server) -> dict[str, Any]:
    """Return the server as a flat document, in two queries whatever its size."""
    flat = {name: getattr(server, name) for name in COLUMNS}
    flat["owner_id"] = str(server.owner_id) if server.owner_id else None
    flat["left"] = server.left_at is not None
    flat["kept"] = server.kept_at is not None
    flat["deleted"] = server.deleted_at is not None
    flat["removed"] = server.removed_at is not None
    # That there is one names no channel, so everybody may hear of it.
    flat["has_tracker"] = bool(server.tracker_channel)
    for row in ServerRole.objects.filter(server=server).values("id", *ROLE_COLUMNS):
        flat[f"roles.{row.pop('id')}"] = _plain(row)
    for row in ServerChannel.objects.filter(server=server).values("id", "discord_id", *CHANNEL_COLUMNS):
        own_id, discord_id = row.pop("id"), row.pop("discord_id")
        flat[f"channels.{discord_id or own_id}"] = _plain_channel(row)
    return flat


def _plain_channel(row: dict[str, Any]) -> dict[str, Any]:
    """As it stands in an event: ids as text, and nothing about what it has not."""
    for name in ("category_id", "parent_id"):
        row[name] = str(row[name]) if row[name] else None
    return _plain(row | {"archived": row.pop("archived_at") is not None})


def new_roles(rows: Iterable[ServerRole]) -> Changes:
    """Return new roles in the document's form."""
    return {
        f"roles.{row.pk}": [None, _plain({name: getattr(row, name) for name in ROLE_COLUMNS})] for row in rows
    }


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """As it stands in an event. Where no chronicle is meant, nothing is said about any."""
    chronicle_id = row.pop("chronicle_id")
    return row | {"chronicle": str(chronicle_id)} if chronicle_id else row


def difference(before: dict[str, Any], after: dict[str, Any]) -> Changes:
    paths = [*before, *(path for path in after if path not in before)]
    pairs = {path: [before.get(path), after.get(path)] for path in paths}
    return {path: pair for path, pair in pairs.items() if pair[0] != pair[1]}


@contextmanager
def changing(server: Server, cause: Cause) -> Iterator[Server]:
    """Yield the locked row to change (without saving it); then save, record and announce what differs."""
    with transaction.atomic():
        locked = Server.objects.select_for_update().get(pk=server.pk)
        before = document(locked)
        yield locked
        changes = difference(before, document(locked))
        if changes:
            _save(locked, changes)
            record_change(locked, changes, cause)


def _save(server: Server, changes: Changes) -> None:
    columns = [name for name in COLUMNS if name in changes]
    columns += [f"{name}_at" for name in ("left", "kept", "deleted", "removed") if name in changes]
    if columns:
        server.save(update_fields=[*columns, "updated_at"])


def record_change(
    server: Server, changes: Changes, cause: Cause, type: EventType = EventType.SERVER_UPDATED
) -> None:
    """Record the next version of a locked server as one event, plus one per chronicle if rights changed."""
    if type != EventType.SERVER_CREATED:
        server.version += 1
        server.save(update_fields=["version"])
    record(
        stream=("server", server.id),
        type=type,
        subject=ServerSubject(name=server.name),
        entity_id=server.id,
        version=server.version,
        cause=cause,
        changes=changes,
        visibility={path: UNSEEN if names_channels(path) else int(TABLE) for path in changes},
    )
    if type != EventType.SERVER_CREATED:
        _tell_chronicles(server, changes, cause)
        _tell_rooms(server, changes)


def names_channels(path: str) -> bool:
    """Return whether a part of the document names channels: events know no roles, and a channel may be hidden later."""
    return path.startswith("channels.") or path in ("tracker_channel", "settings")


def _tell_chronicles(server: Server, changes: Changes, cause: Cause) -> None:
    """Record an invisible event in each chronicle's stream, so that open sockets check their rights again.

    It has a number like any other, so no later event of that stream is shown before it, even where every message got
    lost. And nothing has to be read or compared with any change.
    """
    everybodys = any(path in EVERYBODYS or path.startswith("roles.") for path in changes)
    users = [path.partition(".")[2] for path in changes if path.startswith("members.")]
    if not everybodys and not users:
        return
    named = None if everybodys or len(users) > MOST_NAMED else users
    for chronicle_id in sorted(Chronicle.objects.filter(server=server).values_list("pk", flat=True)):
        record(
            stream=("chronicle", chronicle_id),
            type=EventType.SERVER_RIGHTS,
            subject=RightsSubject(users=named),
            entity_id=server.id,
            version=server.version,
            cause=cause,
            changes={"rights": [None, None]},
            visibility={"rights": UNSEEN},
        )


def _tell_rooms(server: Server, changes: Changes) -> None:
    """Have open rooms of chat look at rights again. They hear of every version: so they know when they missed one."""
    members = [path.partition(".")[2] for path in changes if path.startswith("members.")]
    everybodys = any(path in OF_ROOMS or path.startswith(("roles.", "channels.")) for path in changes)
    rights_changed(server.pk, server.version, None if everybodys else members)


@contextmanager
def ours_alone(what: str) -> Iterator[None]:
    """Turn the unique constraint on Discord's ids into a Conflict. The savepoint keeps the transaction usable."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise Conflict(_("Another server already has some of these ids. Nothing was changed.")) from error
