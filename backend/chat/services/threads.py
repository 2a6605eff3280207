"""Threads: talk that goes on from a message, in a room of its own with the rights of its channel."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from chat.drafts import Draft
from chat.models import ChatMessage, ModerationEntry
from chat.rooms import Room
from chat.services import posting
from chat.services.change import changing
from chat.services.editing import moderated
from chronicle.models import Server, ServerChannel
from chronicle.principal import Principal
from chronicle.rights import can
from contract.chat_threads import MAX_NAME, ChangeThread
from contract.translation import _
from rules.errors import Conflict, Invalid
from rules.text import clean, has_ink
from rules.visibility import TABLE
from timeline.services import Cause

# Of one channel, not counting archived ones.
MOST_OPEN = 100


def start(
    room: Room, name: str, message_id: UUID | None, *, principal: Principal, cause: Cause
) -> ServerChannel:
    """Begin a thread from a message, or from a notice of its own. Raises Conflict, Invalid, NotAllowed, NotFound."""
    channel = room.channel
    if channel is None or channel.parent_id or channel.is_category:
        raise Invalid.field("room", _("Threads begin in the channels of a server."))
    called = _name(name)
    with transaction.atomic():
        can(principal, "channel.send", channel).require()
        _require_place(channel)
        if message_id is None:
            draft = Draft(text=called, kind=ChatMessage.Kind.NOTICE, as_myself=True)
            message_id = posting.post(room, draft, principal=principal, cause=cause).pk
        with changing(room, message_id, principal) as message:
            if message.thread_id is not None:
                raise Conflict(_("There’s a thread from this message already."), code="thread_exists")
            if message.visibility != TABLE:
                raise Invalid.field("message", _("Not everybody here sees this message."))
            message.thread = ServerChannel.objects.create(
                server_id=channel.server_id,
                parent=channel,
                name=called,
                kind=ServerChannel.Kind.THREAD,
                position=channel.position,
                category_id=channel.category_id,
            )
    return message.thread


def _require_place(channel: ServerChannel) -> None:
    """Raises Conflict. Locks the server: names of channels, too, are made unique there one after the other."""
    Server.objects.select_for_update().get(pk=channel.server_id)
    if channel.threads.filter(archived_at=None).count() >= MOST_OPEN:
        sentence = _("A channel can have up to {most} open threads. Archive one first.", most=MOST_OPEN)
        raise Conflict(sentence, code="too_many_threads")


def change(room: Room, given: ChangeThread, *, principal: Principal) -> ServerChannel:
    """Rename a thread, archive it or open it again: for who began it, and moderators.

    Raises Conflict, Invalid, NotAllowed.
    """
    thread = room.channel
    if thread is None or thread.parent is None:
        raise Invalid.field("room", _("This isn’t a thread."))
    with transaction.atomic():
        if "archived" in given.model_fields_set and not given.archived and thread.archived_at:
            _require_place(thread.parent)
        row = ServerChannel.objects.select_for_update().get(pk=thread.pk)
        starter = ChatMessage.objects.filter(thread=row).first()
        if starter is None or starter.user_id != principal.id:
            can(principal, "channel.moderate", thread).require()
        if "name" in given.model_fields_set:
            row.name = _name(given.name)
        archives = "archived" in given.model_fields_set and given.archived != bool(row.archived_at)
        if archives:
            row.archived_at = timezone.now() if given.archived else None
        row.save(update_fields=["name", "archived_at"])
        if starter is not None and starter.deleted_at is None:
            _show(
                Room(thread.parent.pk, channel=thread.parent), starter, principal, archives and given.archived
            )
    return row


def _show(channel: Room, starter: ChatMessage, principal: Principal, archived: bool) -> None:
    """Who looks at the channel sees it at the message."""
    if archived and starter.user_id != principal.id:
        moderated(ModerationEntry.Action.ARCHIVED_THREAD, channel, starter, principal)
    with changing(channel, starter.pk, principal):
        pass


def _name(text: str) -> str:
    called = clean(text, MAX_NAME)
    if not has_ink(called):
        raise Invalid.field("name", _("Give the thread a name."))
    return called
