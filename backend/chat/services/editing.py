"""Edit and delete messages, and write down what moderators did."""

from uuid import UUID

from django.utils import timezone

from chat.markdown.render import rolls as rolls_in
from chat.models import ChatMessage, Mention, ModerationEntry
from chat.rooms import Room
from chat.services import mentions, notifying
from chat.services.change import changing
from chronicle.principal import Principal
from chronicle.rights import can
from contract.translation import _
from rules.errors import Invalid, NotAllowed
from rules.text import clean, has_ink, lines

Action = ModerationEntry.Action


def edit(room: Room, message_id: UUID, text: str, *, principal: Principal) -> ChatMessage:
    """Give one's own message another text. Raises Invalid, NotAllowed, NotFound."""
    with changing(room, message_id, principal) as message:
        can(principal, "message.edit", message).require()
        if message.kind != ChatMessage.Kind.TEXT:
            raise NotAllowed(_("What the dice said stays as it is."))
        content = lines(text)
        if not has_ink(content) and not message.attachments.exists():
            raise Invalid.field("text", _("Write something first."))
        if message.card is not None and rolls_in(content) != rolls_in(message.content):
            raise NotAllowed(_("The rolls in a message stay as they are."))
        message.content, message.edited_at = content, timezone.now()
        found = mentions.resolve(room, message, principal)
        message.named = found.named or None
        notifying.tell(room, message, mentions.keep(message, found))
    return message


def delete(room: Room, message_id: UUID, reason: str = "", *, principal: Principal) -> ChatMessage:
    """Take a message away: one's own, or as a moderator, who leaves an entry of what stood there."""
    with changing(room, message_id, principal) as message:
        can(principal, "message.delete", message).require()
        if message.user_id != principal.id:
            moderated(Action.DELETED, room, message, principal, reason)
        message.deleted_at, message.deleted_by = timezone.now(), principal.user
        message.pinned_at = message.pinned_by = None
        Mention.objects.filter(message=message).delete()
    return message


def moderated(
    action: "ModerationEntry.Action", room: Room, message: ChatMessage, principal: Principal, reason: str = ""
) -> None:
    """Write down what a moderator does to another's message, with what stands there."""
    if room.channel is None:
        return
    ModerationEntry.objects.create(
        server_id=room.channel.server_id,
        channel=room.channel,
        channel_name=room.channel.name,
        action=action,
        moderator=principal.user,
        moderator_name=principal.name,
        author=message.user,
        author_name=message.spoken_by,
        message=message,
        content=message.content,
        reason=clean(reason, 300),
    )
