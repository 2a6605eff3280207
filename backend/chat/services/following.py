"""Bring the cards of messages up to date when what they show has changed."""

from collections.abc import Iterator
from uuid import UUID

from chat import log
from chat.game import cards
from chat.models import CardSubject, ChatMessage
from chat.rooms import find_room
from contract.chat_game import RollCard, RollOnCard
from contract.events import EventType
from rolls.models import Roll, RollRequest, Visibility
from rules.visibility import PRIVATE, TABLE


def follow_roll(roll: Roll, type: EventType) -> None:
    """A new roll stands on no card yet, unless it replaces one there or came of it."""
    shown = roll.replaces_id or roll.parent_id or (roll.pk if type != EventType.ROLL_MADE else None)
    if shown is not None:
        for message in messages_with(shown):
            _show_roll(message, shown, roll)
            save_card(message)
    if roll.request is not None and type != EventType.ROLL_MADE:
        follow_request(roll.request)


def follow_request(row: RollRequest) -> None:
    for message in messages_with(row.pk):
        message.card = cards.of_request(row.pk)
        save_card(message)


def messages_with(entity_id: UUID) -> Iterator[ChatMessage]:
    """The messages whose cards show it, locked until commit, in one order for all."""
    found = CardSubject.objects.filter(entity_id=entity_id, message__deleted_at=None)
    ids = found.values_list("message_id", flat=True)
    for message_id in sorted(ids):
        yield ChatMessage.objects.select_for_update().get(pk=message_id)


def _show_roll(message: ChatMessage, shown: UUID, roll: Roll) -> None:
    card = RollCard.model_validate(message.card)
    again = roll.pk if roll.replaces_id else shown
    if again != shown:
        CardSubject.objects.get_or_create(message=message, entity_id=again)
    message.card = cards.of_rolls([_updated(entry, shown, again) for entry in card.rolls])
    rolls = Roll.objects.filter(pk__in=[entry.roll.id for entry in card.rolls])
    all_public = not rolls.exclude(visibility=Visibility.PUBLIC).exists()
    if message.kind == ChatMessage.Kind.ROLL and message.visibility == PRIVATE and all_public:
        message.visibility = int(TABLE)


def _updated(entry: RollOnCard, shown: UUID, again: UUID) -> RollOnCard:
    if entry.roll.id != shown:
        return entry
    earlier = entry.earlier if again == shown else [*entry.earlier, shown]
    return cards.shown(again, entry.source, earlier)


def save_card(message: ChatMessage) -> None:
    """Save a locked message with its new card, and hand it to who looks at the room."""
    room = find_room(message.room)
    if room is None:
        return
    message.changed = log.take_number(room)
    message.save(update_fields=["card", "visibility", "changed"])
    log.publish_on_commit(room, message.pk, message.changed)
