"""Change a message that is there: lock it, give it the room's next number, save it, hand it to who looks on."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import transaction

from chat import log
from chat.models import ChatMessage
from chat.rooms import Room
from chat.search.words import column
from chat.selectors.messages import readable
from chat.services.files import take_off
from chronicle.principal import Principal
from contract.translation import _
from rules.errors import NotFound

# What may change of a message once it was posted.
COLUMNS = (
    *("changed", "content", "named", "search", "card", "thread", "visibility", "owner"),
    *("pinned_at", "pinned_by", "edited_at", "deleted_at", "deleted_by"),
)


def seen(room: Room, message_id: UUID, principal: Principal, *, locked: bool = False) -> ChatMessage:
    """A message of the room that this person sees. Raises NotFound, for a deleted one too."""
    rows = ChatMessage.objects.select_for_update() if locked else ChatMessage.objects
    found = rows.filter(readable(principal, room), pk=message_id, deleted_at=None).first()
    if found is None:
        raise NotFound(_("There’s no such message."))
    return found


@contextmanager
def changing(room: Room, message_id: UUID, principal: Principal) -> Iterator[ChatMessage]:
    """Yield the locked message to change. Raises NotFound where this person sees none."""
    with transaction.atomic():
        message = seen(room, message_id, principal, locked=True)
        yield message
        message.search = "" if message.deleted_at else column(message.content)
        if message.deleted_at:
            take_off(message)
        message.changed = log.take_number(room)
        message.save(update_fields=COLUMNS)
        log.publish_on_commit(room, message.pk, message.changed)
