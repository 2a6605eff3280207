"""Change a message that is there: lock it, give it the room's next number, save it, hand it to who looks on."""

from collections.abc import Iterable, Iterator
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

# So many answers are shown again when what they quote has changed.
MOST_QUOTING = 50
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
        before = _quoted(message)
        yield message
        message.search = "" if message.deleted_at else column(message.content)
        if message.deleted_at:
            take_off(message)
        # The room's lock comes after those of messages.
        answers = quoting(message) if _quoted(message) != before else []
        message.changed = log.take_number(room)
        message.save(update_fields=COLUMNS)
        log.publish_on_commit(room, message.pk, message.changed)
        show_again(room, answers)


def _quoted(message: ChatMessage) -> tuple[object, ...]:
    """What answers show of it, and to whom."""
    return message.content, message.deleted_at, message.visibility, message.owner


def quoting(message: ChatMessage) -> list[ChatMessage]:
    """The newest answers to it, locked: they quote it, on open pages too."""
    answers = ChatMessage.objects.select_for_update().filter(reply_to=message, deleted_at=None)
    return list(answers.order_by("-seq")[:MOST_QUOTING])[::-1]


def show_again(room: Room, answers: Iterable[ChatMessage]) -> None:
    """Hand locked messages to who looks at the room: what they quote has changed."""
    for answer in answers:
        answer.changed = log.take_number(room)
        answer.save(update_fields=["changed"])
        log.publish_on_commit(room, answer.pk, answer.changed)
