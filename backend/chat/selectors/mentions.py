"""The messages that mention somebody."""

from collections.abc import Iterator
from uuid import UUID

from django.db.models import Q

from chat.documents import excerpt, level_for, sees
from chat.models import ChatMessage, Mention
from chat.rooms import Room, chronicles_of, find_rooms, level_of
from chat.selectors.unread import counts
from chronicle.models import ServerMember
from chronicle.principal import Principal
from chronicle.rights import can
from contract import chat_reading as shapes

# Of so many mentions at a time it is looked at whether they may still be seen.
AT_ONCE = 100
# So many that may not be seen are passed over for one page.
MOST_PASSED = 2000


def mentions_of(principal: Principal, given: shapes.ListMentions) -> shapes.Mentions:
    """The newest mentions that this person may still see."""
    found: list[tuple[ChatMessage, Room]] = []
    for pair in _seen(principal, given.before):
        found.append(pair)
        if len(found) > given.limit:
            break
    read = counts(principal, {room.id for _message, room in found})
    shown = [_shown(message, room, read[room.id].read_seq) for message, room in found[: given.limit]]
    return shapes.Mentions(results=shown, more=len(found) > given.limit)


def _seen(principal: Principal, before: UUID | None) -> Iterator[tuple[ChatMessage, Room]]:
    servers = ServerMember.objects.filter(user=principal.id).values("server")
    everyones = Q(user=None, message__server__in=servers) & ~Q(message__user=principal.id)
    rows = Mention.objects.filter(Q(user=principal.id) | everyones, message__deleted_at=None)
    passed = 0
    while passed < MOST_PASSED:
        page = rows if before is None else rows.filter(message__lt=before)
        messages = [row.message for row in page.select_related("message").order_by("-message")[:AT_ONCE]]
        yield from _still_seen(principal, messages)
        if len(messages) < AT_ONCE:
            return
        before, passed = messages[-1].pk, passed + AT_ONCE


def _still_seen(principal: Principal, messages: list[ChatMessage]) -> Iterator[tuple[ChatMessage, Room]]:
    rooms = find_rooms({message.room for message in messages})
    played = chronicles_of(rooms.values())
    for message in messages:
        room = rooms.get(message.room)
        if room is None or not can(principal, f"{room.kind}.view", room.subject):
            continue
        level = level_for(message, principal.id, level_of(principal, played[room.id]))
        began = room.conversation.joined.get(principal.id, 0) if room.conversation and principal.id else 0
        if sees(message, level) and message.seq > began:
            yield message, room


def _shown(message: ChatMessage, room: Room, read: int) -> shapes.OneMention:
    return shapes.OneMention(
        room=room.id,
        server=room.server_id,
        id=message.pk,
        seq=message.seq,
        name=message.spoken_by,
        excerpt=excerpt(message),
        at=message.created_at,
        where=room.channel.name if room.channel else room.conversation.name if room.conversation else "",
        unread=message.seq > read,
    )
