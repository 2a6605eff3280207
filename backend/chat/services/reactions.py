"""React to messages with emoji."""

from uuid import UUID

from chat.emoji import is_emoji
from chat.models import ChatMessage, Reaction
from chat.rooms import Room
from chat.services.change import changing
from chronicle.principal import Principal
from chronicle.rights import can
from contract.translation import _
from rules.errors import Conflict, Invalid

MAX_KINDS = 20


def react(room: Room, message_id: UUID, emoji: str, *, principal: Principal) -> ChatMessage:
    """Add one's reaction; the same one twice is one. Raises Invalid, Conflict (`too_many_reactions`), NotFound."""
    if not is_emoji(emoji):
        raise Invalid.field("emoji", _("React with one emoji."))
    with changing(room, message_id, principal) as message:
        can(principal, "message.react", message).require()
        kinds = set(message.reactions.values_list("emoji", flat=True))
        if emoji not in kinds and len(kinds) >= MAX_KINDS:
            sentence = _("A message can have up to {most} different reactions.", most=MAX_KINDS)
            raise Conflict(sentence, code="too_many_reactions")
        Reaction.objects.get_or_create(message=message, user=principal.user, emoji=emoji)
    return message


def take_back(room: Room, message_id: UUID, emoji: str, *, principal: Principal) -> ChatMessage:
    """Take one's reaction back; none is fine."""
    with changing(room, message_id, principal) as message:
        Reaction.objects.filter(message=message, user=principal.user, emoji=emoji).delete()
    return message
