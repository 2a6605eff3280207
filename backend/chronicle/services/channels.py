"""Decide who sees, writes in and manages a channel, by its own document beside the server's roles."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from chronicle.channel_rights import EVERYONE
from chronicle.models import Server, ServerChannel, ServerRole
from chronicle.principal import Principal
from chronicle.rights import can
from chronicle.services.change import changing, ours_alone
from chronicle.services.channel_mirror import made_at
from contract.acting import Thread
from contract.servers import ChannelChanges, ChannelRight, Verdict
from contract.translation import _
from rules.errors import Invalid, NotFound
from rules.text import clean
from timeline.services import Cause

# Discord's type of a thread that only those see who are in it.
PRIVATE_THREAD = 12


def visible_channels(server: Server, principal: Principal) -> list[ServerChannel]:
    """Return the channels that this user can see, in order."""
    rows = (
        ServerChannel.objects.filter(server=server)
        .select_related("chronicle", "parent", "category")
        .exclude(kind=ServerChannel.Kind.CATEGORY)
        .order_by("position", "id")
    )
    return [row for row in rows if can(principal, "channel.view", row)]


def channels_known_to(principal: Principal, discord_ids: Iterable[str | None]) -> frozenset[str]:
    """Return those of these channels that this reader may know of; one query. Whatever names a channel asks here."""
    wanted = {pk for pk in discord_ids if pk}
    found = ServerChannel.objects.filter(discord_id__in=wanted).select_related("parent")
    seen = (row for row in (found if wanted else ()) if can(principal, "channel.view", row))
    return frozenset(row.discord_id for row in seen if row.discord_id)


def set_channel(
    server: Server, channel_id: str, wanted: ChannelChanges, *, principal: Principal, cause: Cause
) -> ServerChannel:
    """Change what is ours of a channel; its name and place are Discord's.

    For who manages the server's channels, and who manages this one.
    """
    with changing(server, cause) as locked:
        row = _managed(locked, channel_id, principal)
        if wanted.is_private is not None:
            row.is_private = wanted.is_private
        if wanted.permissions is not None:
            _require_roles(locked, wanted.permissions)
            row.permissions = {str(role): dict(rights) for role, rights in wanted.permissions.items()}
        row.save(update_fields=["is_private", "permissions"])
    return row


def set_role_permissions(
    server: Server,
    channel_id: str,
    role_id: UUID,
    rights: Mapping[ChannelRight, Verdict],
    *,
    principal: Principal,
    cause: Cause,
) -> ServerChannel:
    """Set what one role may do in a channel, `{"view_channel": "allow", …}`, leaving other roles as they are."""
    with changing(server, cause) as locked:
        row = _managed(locked, channel_id, principal)
        _require_roles(locked, [role_id])
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


def find_channel(server: Server, channel_id: str, principal: Principal) -> ServerChannel:
    """Find a visible channel by Discord's id. Raises NotFound."""
    row = _row(server, channel_id)
    can(principal, "channel.view", row).require()
    return row


def _managed(server: Server, channel_id: str, principal: Principal) -> ServerChannel:
    row = _row(server, channel_id)
    can(principal, "channel.manage", row).require()
    return row


def _row(server: Server, channel_id: str) -> ServerChannel:
    rows = ServerChannel.objects.filter(server=server, discord_id=clean(channel_id, 20))
    row = rows.select_related("chronicle").first()
    if row is None:
        raise NotFound(_("There’s no such channel."))
    return row


def _require_roles(server: Server, role_ids: Iterable[UUID]) -> None:
    wanted = set(role_ids)
    if ServerRole.objects.filter(server=server, pk__in=wanted).count() < len(wanted):
        raise Invalid.field("permissions", _("There’s no such role in this server."))
