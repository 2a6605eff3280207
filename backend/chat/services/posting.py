"""Post a message."""

from collections.abc import Iterable
from contextlib import nullcontext
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from chat import log
from chat.documents import as_read, rows
from chat.drafts import Draft
from chat.game import drafting
from chat.models import CardSubject, ChatMessage
from chat.rooms import Room
from chat.search.words import column
from chat.selectors.messages import readable
from chat.services import mentions, notifying, pace
from chat.services.files import attach, waiting
from chronicle.principal import Principal
from chronicle.rights import can
from contract.translation import _
from rules.errors import Invalid, NotFound
from rules.text import has_ink, lines
from timeline.database_outage import Overtaken
from timeline.prepared import insert
from timeline.services import Cause

__all__ = ["Draft", "add", "post"]

# What a door is called as the origin of a message.
ORIGINS = {"web": "web", "api": "api", "discord": "discord", "system": "system"}


def post(room: Room, draft: Draft, *, principal: Principal, cause: Cause) -> ChatMessage:
    """Add a message to a room, in one transaction, and hand it to who looks at the room. What its author has posted
    there with the same nonce is that message.

    Raises Invalid, Limit, NotAllowed, NotFound; Overtaken where the caller's transaction has to be tried again.
    """
    known = room.writer(principal.id)
    if (known is None or known.posted) and (posted := _posted(room, draft, principal)) is not None:
        return posted
    joins = connection.in_atomic_block and _is_plain(room, draft)
    try:
        with nullcontext() if joins else transaction.atomic():
            return _post(room, draft, principal, cause)
    except (IntegrityError, Invalid) as error:
        if joins and draft.nonce and isinstance(error, IntegrityError):
            raise Overtaken(*error.args) from error
        if joins:
            raise
        # It was sent twice at once, and the other one was first: it has the files, too.
        if (posted := _posted(room, draft, principal)) is None:
            raise
        return posted


def _posted(room: Room, draft: Draft, principal: Principal) -> ChatMessage | None:
    if not draft.nonce or principal.id is None:
        return None
    found: ChatMessage | None = rows().filter(room=room.id, user=principal.id, nonce=draft.nonce).first()
    return found


def _is_plain(room: Room, draft: Draft) -> bool:
    """Whether nothing of it is refused any more once something is written: it needs no savepoint."""
    return not (draft.attachments or draft.card or "[[" in draft.text or pace.slow_mode(room))


def _post(room: Room, draft: Draft, principal: Principal, cause: Cause) -> ChatMessage:
    can(principal, f"{room.kind}.send", room.subject).require()
    if not has_ink(draft.text) and draft.card is None and not draft.attachments:
        raise Invalid.field("text", _("Write something first."))
    pace.keep(room, principal, cause.door)
    answered = _answered(room, draft.reply_to, principal)
    made = drafting.ready(room, draft, answered, principal=principal, cause=cause)
    message = _row(room, made, answered, principal, cause)
    found = mentions.resolve(room, message, principal)
    message.named = found.named or None
    files = waiting(draft.attachments, principal)
    message.seq = message.changed = log.take_number(room)
    pace.keep_slow(room, principal, cause.door)
    _insert(message, made.subjects)
    attach(files, message)
    is_plain = not (files or found.users or found.everyone)
    told = set() if is_plain else mentions.keep(message, found)
    # Read once at most, for who looks at the room and for the answer.
    row: ChatMessage = as_read(message) if is_plain else rows().get(pk=message.pk)
    log.publish_on_commit(room, row.pk, row.changed, row)
    notifying.tell(room, row, told)
    return row


def add(room: Room, message: ChatMessage, subjects: Iterable[UUID] = ()) -> ChatMessage:
    """Give a new message its place in the room. `subjects`: what its card shows the present state of."""
    message.seq = message.changed = log.take_number(room)
    _insert(message, subjects)
    log.publish_on_commit(room, message.pk, message.changed)
    return message


def _insert(message: ChatMessage, subjects: Iterable[UUID]) -> None:
    message.widest = min(message.widest, message.visibility)
    insert(message)
    CardSubject.objects.bulk_create(CardSubject(message=message, entity_id=entity) for entity in subjects)


def _row(
    room: Room, draft: Draft, answered: ChatMessage | None, principal: Principal, cause: Cause
) -> ChatMessage:
    return ChatMessage(
        room=room.id,
        server_id=room.server_id,
        channel=room.channel,
        conversation=room.conversation,
        user=principal.user,
        user_name=name_in(room, principal),
        voice=draft.voice,
        kind=draft.kind,
        content=lines(draft.text),
        search=column(draft.text),
        card=draft.card,
        reply_to=answered,
        visibility=int(draft.visibility),
        owner=draft.owner or principal.id,
        scene_id=draft.scene,
        is_ooc=draft.ooc,
        nonce=draft.nonce or None,
        origin=ORIGINS[cause.door],
        created_at=timezone.now(),
    )


def name_in(room: Room, principal: Principal) -> str:
    """What the author is called there: by their nickname in the server, where they have one."""
    if principal.user is None:
        return ""
    if (known := room.writer(principal.id)) is not None:
        return known.nickname or principal.user.display_name
    if room.server_id is not None:
        mine = principal.user.memberships.filter(server=room.server_id)
        if nickname := mine.values_list("nickname", flat=True).first():
            return str(nickname)
    return principal.user.display_name


def _answered(room: Room, message_id: UUID | None, principal: Principal) -> ChatMessage | None:
    """The message that is answered, if the author sees it. Raises NotFound."""
    if message_id is None:
        return None
    found = ChatMessage.objects.filter(readable(principal, room), pk=message_id, deleted_at=None).first()
    if found is None:
        raise NotFound(_("There’s no such message."))
    return found
