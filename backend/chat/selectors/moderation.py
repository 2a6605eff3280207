"""What moderators did, for those who moderate the same channels."""

from uuid import UUID

from chat.models import ChatMessage, ModerationEntry
from chat.rooms import WITH, Room, level_in
from chronicle.models import Server, ServerChannel
from chronicle.principal import Principal
from chronicle.rights import can
from contract import chat_threads as shapes
from contract.base import Named
from contract.translation import _
from rules.errors import NotAllowed, NotFound


def log_of(principal: Principal, server: Server, given: shapes.ListModeration) -> shapes.ModerationLog:
    """What was done in the channels that this person moderates, the last first. Raises NotAllowed."""
    rows = ServerChannel.objects.filter(server=server).select_related(*WITH)
    channels = [row.pk for row in rows if can(principal, "channel.moderate", row)]
    if not channels:
        raise NotAllowed(_("Only moderators can look at this."))
    wanted = [pk for pk in channels if given.channel in (None, pk)]
    found = ModerationEntry.objects.filter(server=server, channel__in=wanted)
    if given.before is not None:
        found = found.filter(pk__lt=given.before)
    page = list(found.order_by("-pk")[: given.limit + 1])
    return shapes.ModerationLog(
        results=[_entry(row) for row in page[: given.limit]], more=len(page) > given.limit
    )


def _entry(row: ModerationEntry) -> shapes.Moderated:
    return shapes.Moderated.from_object(
        row,
        channel=Named(id=row.channel_id or row.server_id, name=row.channel_name),
        message=row.message_id,
        moderator=row.moderator_name,
        author=row.author_name,
        text=row.content,
        at=row.created_at,
    )


def removed(principal: Principal, room: Room, message_id: UUID) -> shapes.RemovedMessage:
    """What stood in a deleted message of a channel that this person moderates. Raises NotAllowed, NotFound."""
    can(principal, f"{room.kind}.moderate", room.subject).require()
    rows = ChatMessage.objects.select_related("deleted_by").exclude(deleted_at=None)
    found = rows.filter(pk=message_id, room=room.id, visibility__lte=int(level_in(principal, room))).first()
    if found is None or found.deleted_at is None:
        raise NotFound(_("There’s no such message."))
    entry = ModerationEntry.objects.filter(message=found, action=ModerationEntry.Action.DELETED).first()
    return shapes.RemovedMessage(
        id=found.pk,
        author=found.spoken_by,
        text=found.content,
        files=[
            shapes.RemovedFile(name=file.name, type=file.content_type, size=file.size, digest=file.digest)
            for file in found.attachments.all()
        ],
        by=entry.moderator_name if entry else found.spoken_by,
        reason=entry.reason if entry else "",
        at=found.created_at,
        deleted_at=found.deleted_at,
    )
