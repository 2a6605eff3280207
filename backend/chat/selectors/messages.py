"""Pages of a room's messages."""

from collections.abc import Iterable
from dataclasses import dataclass
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
    first = _first_place(principal, room)
    return _seen(principal, room) & (Q(seq__gte=first) if first > 1 else Q())


def _seen(principal: Principal, room: Room) -> Q:
    """As `readable`, from wherever on in a conversation."""
    level = level_in(principal, room)
    seen = Q(visibility__lte=int(level)) | Q(visibility=int(Level.PRIVATE), owner=principal.id)
    return seen & Q(room=room.id)


def _first_place(principal: Principal, room: Room) -> int:
    """From which place on somebody reads a room: in a conversation, since they joined."""
    began = room.conversation.joined.get(principal.id, 0) if room.conversation and principal.id else 0
    return began + 1


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
    stretch = _Stretch(rows().filter(_seen(principal, room)), _first_place(principal, room), seq)
    before, chosen, after = _chosen(stretch, given)
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


# Of the room's numbers, how many are looked at first, and then: MariaDB takes an index by a range only where that is
# bounded on both sides; otherwise it reads the room from its end. Bounded twice on one side, SQLite may take the bound
# that is further away.
STRETCHES = (1_000, 30_000)


@dataclass(frozen=True)
class _Stretch:
    """Messages of a room between two places, both included."""

    found: "QuerySet[ChatMessage]"
    first: int
    head: int

    def before(self, end: int, limit: int) -> tuple[bool, list[ChatMessage]]:
        """The last ones before this place, and whether there are more before them."""
        end = min(end, self.head + 1)
        rest = max(end - self.first, 0)
        for width in (*(width for width in STRETCHES if width < rest), rest):
            near = self.found.filter(seq__gte=end - width, seq__lt=end)
            taken = list(near.order_by("-seq")[: limit + 1])
            if len(taken) > limit:
                break
        return len(taken) > limit, taken[:limit][::-1]

    def since(self, start: int, limit: int) -> tuple[bool, list[ChatMessage]]:
        """The first ones from this place on, and whether there are more behind them."""
        start = max(start, self.first)
        rest = max(self.head + 1 - start, 0)
        for width in (*(width for width in STRETCHES if width < rest), rest):
            near = self.found.filter(seq__gte=start, seq__lt=start + width)
            taken = list(near.order_by("seq")[: limit + 1])
            if len(taken) > limit:
                break
        return len(taken) > limit, taken[:limit]


def _chosen(stretch: _Stretch, given: shapes.ListMessages) -> tuple[bool, list[ChatMessage], bool]:
    """Whether there are earlier ones, the messages, whether there are later ones."""
    limit = given.limit
    if given.around is not None:
        place = min(given.around, stretch.head + 1)
        earlier, older = stretch.before(place, limit // 2)
        later, newer = stretch.since(place, limit - limit // 2)
        return earlier, older + newer, later
    if given.after is not None:
        later, newer = stretch.since(given.after + 1, limit)
        return True, newer, later
    end = stretch.head + 1 if given.before is None else given.before
    earlier, older = stretch.before(end, limit)
    return earlier, older, given.before is not None
