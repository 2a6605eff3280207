"""Pin messages of a room."""

from uuid import UUID

from django.utils import timezone

from chat import log
from chat.models import ChatMessage, ModerationEntry
from chat.rooms import Room
from chat.services.change import changing
from chat.services.editing import moderated
from chronicle.principal import Principal
from chronicle.rights import can
from contract.translation import _
from rules.errors import Conflict

MAX_PINS = 50


def pin(room: Room, message_id: UUID, *, principal: Principal) -> ChatMessage:
    """Pin a message. Raises Conflict (`too_many_pins`), NotAllowed, NotFound."""
    with changing(room, message_id, principal) as message:
        can(principal, "message.pin", message).require()
        if message.pinned_at is None:
            _require_place(room)
            message.pinned_at, message.pinned_by = timezone.now(), principal.user
            if message.user_id != principal.id:
                moderated(ModerationEntry.Action.PINNED, room, message, principal)
    return message


def unpin(room: Room, message_id: UUID, *, principal: Principal) -> ChatMessage:
    """Take a pin away; none is fine. Raises NotAllowed, NotFound."""
    with changing(room, message_id, principal) as message:
        can(principal, "message.pin", message).require()
        if message.pinned_at and message.user_id != principal.id:
            moderated(ModerationEntry.Action.UNPINNED, room, message, principal)
        message.pinned_at = message.pinned_by = None
    return message


def _require_place(room: Room) -> None:
    log.lock(room)
    pinned = ChatMessage.objects.filter(room=room.id, pinned_at__isnull=False, deleted_at=None)
    if pinned.count() >= MAX_PINS:
        sentence = _("A channel can have up to {most} pinned messages. Unpin one first.", most=MAX_PINS)
        raise Conflict(sentence, code="too_many_pins")
