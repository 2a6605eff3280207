"""What people do in rooms, by the services that every door uses."""

from typing import Any
from uuid import UUID

from django.db import transaction

from chat import log
from chat.models import ChatMessage, Participant, PrivateConversation
from chat.rooms import find_room
from chat.services import posting
from chat.tests.chat_kit import call, table
from testing.personas import World


def room_name() -> str:
    return f"room:{table().pk}"


def change(message_id: UUID, **values: Any) -> int:
    """A change of a message, as the services make it. Returns its number."""
    with transaction.atomic():
        row = ChatMessage.objects.get(pk=message_id)
        room = find_room(row.room)
        assert room is not None
        row.changed = log.take_number(room)
        for name, value in values.items():
            setattr(row, name, value)
        row.save(update_fields=["changed", *values])
        log.publish_on_commit(room, row.pk, row.changed)
        return int(row.changed)


def whisper(world: World, who: str, text: str, visibility: int, owner: str | None = None) -> UUID:
    room = find_room(table().pk)
    assert room is not None
    draft = posting.Draft(text=text, visibility=visibility, owner=getattr(world, owner).pk if owner else None)
    return posting.post(room, draft, principal=world.principal(who), cause=call(world, who).cause).pk


def conversation(world: World, **since: int) -> str:
    made = PrivateConversation.objects.create()
    for who, seq in since.items():
        Participant.objects.create(conversation=made, user=getattr(world, who), since=seq)
    return f"room:{made.pk}"


def tell(world: World, room_name: str, who: str, text: str) -> UUID:
    room = find_room(UUID(room_name[5:]))
    assert room is not None
    return posting.post(
        room, posting.Draft(text=text), principal=world.principal(who), cause=call(world, who).cause
    ).pk
