"""Post a message."""

from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from chat import log
from chat.models import ChatMessage
from chat.rooms import Room, level_in
from chronicle.principal import Principal
from chronicle.rights import can
from contract.base import JsonObject
from contract.translation import _
from rules.errors import Invalid, NotFound
from rules.text import has_ink, lines
from rules.visibility import TABLE, Level
from timeline.services import Cause

# What a door is called as the origin of a message.
ORIGINS = {"web": "web", "api": "api", "discord": "discord", "system": "system"}


@dataclass
class Draft:
    """What is to be posted. `owner`: who sees it where it is private; its author, unless it is whispered to another."""

    text: str = ""
    kind: str = "text"
    card: JsonObject | None = None
    voice: JsonObject | None = None
    reply_to: UUID | None = None
    visibility: Level = TABLE
    owner: UUID | None = None
    ooc: bool = False
    nonce: str = ""
    attachments: list[UUID] = field(default_factory=list)


def post(room: Room, draft: Draft, *, principal: Principal, cause: Cause) -> ChatMessage:
    """Add a message to a room, in one transaction, and hand it to who looks at the room.

    Raises Invalid, NotAllowed, NotFound.
    """
    with transaction.atomic():
        can(principal, f"{room.kind}.send", room.subject).require()
        message = _row(room, draft, principal, cause)
        message.seq = message.changed = log.take_number(room)
        message.save(force_insert=True)
        log.publish_on_commit(room, message.pk, message.changed)
    return message


def _row(room: Room, draft: Draft, principal: Principal, cause: Cause) -> ChatMessage:
    text = lines(draft.text)
    if not has_ink(text) and draft.card is None and not draft.attachments:
        raise Invalid.field("text", _("Write something first."))
    return ChatMessage(
        room=room.id,
        server_id=room.server_id,
        channel=room.channel,
        conversation=room.conversation,
        user=principal.user,
        user_name=_name_in(room, principal),
        voice=draft.voice,
        kind=draft.kind,
        content=text,
        card=draft.card,
        reply_to=_answered(room, draft.reply_to, principal),
        visibility=int(draft.visibility),
        owner=draft.owner or principal.id,
        is_ooc=draft.ooc,
        nonce=draft.nonce,
        origin=ORIGINS[cause.door],
        created_at=timezone.now(),
    )


def _name_in(room: Room, principal: Principal) -> str:
    """What the author is called there: by their nickname in the server, where they have one."""
    if principal.user is None:
        return ""
    if room.server_id is not None:
        member = principal.user.memberships.filter(server=room.server_id).only("nickname").first()
        if member and member.nickname:
            return str(member.nickname)
    return principal.user.display_name


def _answered(room: Room, message_id: UUID | None, principal: Principal) -> ChatMessage | None:
    """The message that is answered, if the author sees it. Raises NotFound."""
    if message_id is None:
        return None
    found = ChatMessage.objects.filter(pk=message_id, room=room.id, deleted_at=None).first()
    level = level_in(principal, room)
    if found is None or (found.visibility > level and found.owner != principal.id):
        raise NotFound(_("There’s no such message."))
    return found
