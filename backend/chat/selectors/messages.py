"""Pages of a room's messages."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from chat import log
from chat.documents import document, level_for, rows
from chat.models import ChatMessage
from chat.rooms import Room, level_in
from chat.selectors.blocks import blocked_by
from chronicle.principal import Principal
from contract import chat as shapes
from rules.visibility import Level

NEARBY = (1 / 24, 2, 60)  # days


def readable(principal: Principal, room: Room) -> Q:
    """A filter for the messages of a room that they may see: those that this reader sees."""
    level = level_in(principal, room)
    seen = Q(visibility__lte=int(level)) | Q(visibility=int(Level.PRIVATE), owner=principal.id)
    began = room.conversation.joined.get(principal.id, 0) if room.conversation and principal.id else 0
    return seen & Q(room=room.id, seq__gt=began)


def shown(principal: Principal, room: Room, found: Iterable[ChatMessage]) -> list[shapes.Message]:
    """These messages as this reader sees them, folded where they have blocked the author."""
    level, listed = level_in(principal, room), list(found)
    others = any(row.user_id != principal.id for row in listed)
    blocked = blocked_by(principal.id) if others else frozenset()
    documents = ((row, document(row, level_for(row, principal.id, level), principal.id)) for row in listed)
    return [
        shape.model_copy(update={"folded": True}) if row.user_id in blocked and not row.deleted_at else shape
        for row, shape in documents
    ]


def page(principal: Principal, room: Room, given: shapes.ListMessages) -> shapes.Messages:
    """One page in the order of the room: the newest, or before, after or around a place, or around a time."""
    seq = log.head(room.id)
    if given.at is not None:
        given = given.model_copy(update={"around": _place_at(room, given.at, seq)})
    before, chosen, after = _chosen(rows().filter(readable(principal, room)), given, seq)
    return shapes.Messages(
        room=room.id, seq=seq, before=before, after=after, results=shown(principal, room, chosen)
    )


def _place_at(room: Room, at: datetime, last: int) -> int:
    """The place of the first message from that time on; behind the last one where there is none."""
    later = ChatMessage.objects.filter(room=room.id, created_at__gte=at).order_by("created_at", "id")
    for days in NEARBY:  # for the reason of `STRETCHES`
        near = later.filter(created_at__lt=at + timedelta(days=days)).values_list("seq", flat=True).first()
        if near is not None:
            return near
    return later.values_list("seq", flat=True).first() or last + 1


def pinned(principal: Principal, room: Room) -> shapes.Pins:
    """The pinned messages that this reader sees, the last pinned first."""
    found = rows().filter(readable(principal, room), pinned_at__isnull=False, deleted_at=None)
    return shapes.Pins(room=room.id, results=shown(principal, room, found.order_by("-pinned_at")))


def _chosen(
    found: "QuerySet[ChatMessage]", given: shapes.ListMessages, head: int
) -> tuple[bool, list[ChatMessage], bool]:
    """Whether there are earlier ones, the messages, whether there are later ones."""
    limit = given.limit
    if given.around is not None:
        place = min(given.around, head + 1)
        earlier, older = _last(found, place, limit // 2)
        later, newer = _first(found, place, limit - limit // 2, head)
        return earlier, older + newer, later
    if given.after is not None:
        later, newer = _first(found, given.after + 1, limit, head)
        return True, newer, later
    end = head + 1 if given.before is None else min(given.before, head + 1)
    earlier, older = _last(found, end, limit)
    return earlier, older, given.before is not None


# Of the room's numbers, how many are looked at first, and then: MariaDB takes an index by a range only where that is
# bounded on both sides; otherwise it reads the room from its end.
STRETCHES = (1_000, 30_000)


def _last(found: "QuerySet[ChatMessage]", end: int, limit: int) -> tuple[bool, list[ChatMessage]]:
    """The last ones before this place, and whether there are more before them."""
    for width in (*(width for width in STRETCHES if width < end), end):
        near = found.filter(seq__gte=end - width, seq__lt=end)
        taken = list(near.order_by("-seq")[: limit + 1])
        if len(taken) > limit:
            break
    return len(taken) > limit, taken[:limit][::-1]


def _first(
    found: "QuerySet[ChatMessage]", start: int, limit: int, head: int
) -> tuple[bool, list[ChatMessage]]:
    """The first ones from this place on, and whether there are more behind them."""
    rest = max(head + 1 - start, 0)
    for width in (*(width for width in STRETCHES if width < rest), rest):
        near = found.filter(seq__gte=start, seq__lt=start + width)
        taken = list(near.order_by("seq")[: limit + 1])
        if len(taken) > limit:
            break
    return len(taken) > limit, taken[:limit]
