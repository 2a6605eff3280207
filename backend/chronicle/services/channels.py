"""Decide who sees, writes in and manages a channel, by its own document beside the server's roles."""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from django.db.models import QuerySet

from chronicle.channel_rights import EVERYONE
from chronicle.models import Server, ServerChannel, ServerRole
from chronicle.principal import Principal
from chronicle.rights import can
from chronicle.services.change import changing, ours_alone
from chronicle.services.channel_mirror import made_at
from contract.acting import Thread
from contract.channels import ChannelRight
from contract.servers import Verdict
from contract.translation import _
from rules.errors import Invalid, NotFound
from rules.naming import which
from rules.text import clean
from timeline.services import Cause

# Discord's type of a thread that only those see who are in it.
PRIVATE_THREAD = ServerChannel.Kind.PRIVATE_THREAD
# A longer one is an id of Discord, and no name.
LONGEST_NUMBER = 14


def visible_channels(server: Server, principal: Principal) -> list[ServerChannel]:
    """Return the channels and threads that this user can see, in order."""
    rows = (
        ServerChannel.objects.filter(server=server)
        .select_related("chronicle", "parent", "category")
        .exclude(kind=ServerChannel.Kind.CATEGORY)
        .order_by("position", "id")
    )
    return [row for row in rows if can(principal, "channel.view", row)]


def visible_categories(
    server: Server, principal: Principal, channels: Iterable[ServerChannel]
) -> list[ServerChannel]:
    """Return the categories of these channels, in order; the empty ones too for who manages channels."""
    rows = ServerChannel.objects.filter(server=server, kind=ServerChannel.Kind.CATEGORY)
    if not can(principal, "server.channels", server):
        rows = rows.filter(pk__in={row.category_id for row in channels if row.category_id})
    return list(rows.order_by("position", "id"))


def channels_known_to(principal: Principal, discord_ids: Iterable[str | None]) -> frozenset[str]:
    """Return those of these channels that this reader may know of; one query. Whatever names a channel asks here."""
    wanted = {pk for pk in discord_ids if pk}
    found = ServerChannel.objects.filter(discord_id__in=wanted).select_related("parent")
    seen = (row for row in (found if wanted else ()) if can(principal, "channel.view", row))
    return frozenset(row.discord_id for row in seen if row.discord_id)


def set_role_permissions(
    server: Server,
    channel: str,
    role_id: UUID,
    rights: Mapping[ChannelRight, Verdict],
    *,
    principal: Principal,
    cause: Cause,
) -> ServerChannel:
    """Set what one role may do in a channel, `{"view_channel": "allow", …}`, leaving other roles as they are."""
    with changing(server, cause) as locked:
        row = find_channel(locked, channel, principal)
        can(principal, "channel.manage", row).require()
        if row.is_category:
            raise Invalid.field(
                "rights", _("A category only has a name and a place. Set that on its channels.")
            )
        require_roles(locked, [role_id])
        others = {pk: verdicts for pk, verdicts in row.permissions.items() if pk != str(role_id)}
        row.permissions = others | ({str(role_id): dict(rights)} if rights else {})
        row.save(update_fields=["permissions"])
    return row


def know_thread(server: Server, thread: Thread, principal: Principal) -> None:
    """Write a thread down that is to be bound or chosen. Raises NotFound where its channel is not this server's.

    Discord tells nobody who is in a private one: seen by are those who named it in a command.
    """
    parent = ServerChannel.objects.filter(server=server, discord_id=thread.parent_id, parent=None).first()
    if parent is None:
        raise NotFound(_("There’s no such channel."))
    values = {
        "server": server,
        "parent": parent,
        "name": clean(thread.name, 100) or "thread",
        "kind": thread.type,
        "position": parent.position,
        "category": parent.category,
        "created_at": made_at(thread.id),
    }
    with ours_alone("channels"):
        row, _made = ServerChannel.objects.get_or_create(discord_id=thread.id, defaults=values)
    member = principal.user.discord_id if principal.user else None
    if row.kind == PRIVATE_THREAD and member and member not in row.seen_by:
        row.seen_by = {EVERYONE: False} | row.seen_by | {member: True}
        row.save(update_fields=["seen_by"])


def require_postable(channel: ServerChannel, field: str, principal: Principal) -> None:
    """Refuse a channel in which the bot could post nothing, as a command there does. Raises Invalid."""
    if channel.bot_lacks:
        lacks = ", ".join(_(permission) for permission in channel.bot_lacks)
        place = f"#{channel.name}" if can(principal, "channel.view", channel) else _("that channel")
        sentence = _(
            "The bot can’t post in {place}: it lacks {permissions}. "
            "Give it that in the channel’s settings in Discord, then try again.",
            place=place,
            permissions=lacks,
        )
        raise Invalid.field(field, sentence)


def find_channel(
    server: Server, reference: str, principal: Principal, *, of_kinds: Collection[int] = ()
) -> ServerChannel:
    """Find a visible channel by our id, Discord's, its slug or its name. Raises NotFound, Conflict (`ambiguous`)."""
    rows = ServerChannel.objects.filter(server=server).select_related("chronicle", "parent", "category")
    if of_kinds:
        rows = rows.filter(kind__in=of_kinds)
    row = _by_id(rows, clean(reference, 100))
    if row is not None:
        can(principal, "channel.view", row).require()
        return row
    seen = {row: (row.slug or row.name, row.name) for row in rows if can(principal, "channel.view", row)}
    return which(reference.removeprefix("#"), seen, "channel")


def _by_id(rows: QuerySet[ServerChannel], text: str) -> ServerChannel | None:
    """Return the channel of this id. Raises NotFound where it is an id, and no channel has it."""
    try:
        found = rows.filter(pk=UUID(text)).first()
    except ValueError:
        found = rows.filter(discord_id=text).first() if text.isdecimal() else None
        if found is None and not (text.isdecimal() and len(text) > LONGEST_NUMBER):
            return None
    if found is None:
        raise NotFound(_("There’s no such channel."))
    return found


def require_roles(server: Server, role_ids: Iterable[UUID]) -> None:
    """Refuse roles that are not of this server. Raises Invalid."""
    wanted = set(role_ids)
    if ServerRole.objects.filter(server=server, pk__in=wanted).count() < len(wanted):
        raise Invalid.field("permissions", _("There’s no such role in this server."))
