"""What somebody has not read yet, counted by the index of places and only as far as it is shown."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import (
    Case,
    Count,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    UUIDField,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from chat.models import ChatMessage, Mention, Participant, PrivateConversation, RoomState
from chat.rooms import WITH, levels_in
from chronicle.models import ServerChannel, ServerMember
from chronicle.principal import Principal
from chronicle.rights import can
from contract.chat_reading import MOST_UNREAD
from rules.visibility import PRIVATE, TABLE, Level
from timeline.models import Stream

# Numbers of a room that are looked at for what is unread, at first and then; and rooms of one question.
STRETCHES = (300, 5_000, 100_000, 2**62)
AT_ONCE = 50


class Unread(NamedTuple):
    """`unread` and `mentions` count up to 100; `read_seq` is the place up to which was read; `last_id` is the last
    message that this reader sees."""

    unread: int
    mentions: int
    read_seq: int
    last_id: UUID | None


def counts(principal: Principal, room_ids: Iterable[UUID]) -> dict[UUID, Unread]:
    """What is unread in these rooms, as far as this reader sees them; a few queries, however many rooms."""
    wanted = list(room_ids)
    if not wanted or principal.id is None:
        return {}
    found = {**_in_channels(principal, principal.id, wanted), **_in_conversations(principal.id, wanted)}
    return {
        pk: Unread(unread, min(mentions, MOST_UNREAD), read, last_id)
        for pk, (unread, mentions, read, last_id) in found.items()
    }


Found = Mapping[UUID, tuple[int, int, int, UUID | None]]


def _in_channels(principal: Principal, reader: UUID, wanted: list[UUID]) -> Found:
    rows = ServerChannel.objects.filter(pk__in=wanted).select_related(*WITH)
    seen = [row for row in rows if can(principal, "channel.view", row)]
    if not seen:
        return {}
    whole = [pk for pk, level in levels_in(principal, seen).items() if level > TABLE]
    level = Case(
        When(pk__in=whole, then=Value(int(Level.SECRET))),
        default=Value(int(TABLE)),
        output_field=IntegerField(),
    )
    joined = ServerMember.objects.filter(server=OuterRef("server_id"), user=reader).values("joined_at")
    rooms = ServerChannel.objects.filter(pk__in=[row.pk for row in seen])
    found = rooms.annotate(level=level, joined=Subquery(joined[:1])).annotate(first=_place_before("joined"))
    return _counted(found, reader)


def _in_conversations(reader: UUID, wanted: list[UUID]) -> Found:
    since = Participant.objects.filter(conversation=OuterRef("pk"), user=reader).values("since")
    rooms = PrivateConversation.objects.filter(pk__in=wanted, participants__user=reader)
    level = Value(int(TABLE), output_field=IntegerField())
    return _counted(rooms.annotate(level=level, first=Subquery(since)), reader)


def _place_before(moment: str) -> Subquery:
    """The last place of a channel before that moment: who came later has not missed what was said till then.

    A moment of the outer row, so that the index leads to it and is not walked from its end.
    """
    earlier = ChatMessage.objects.filter(
        server=OuterRef("server_id"), channel=OuterRef("pk"), created_at__lte=OuterRef(moment)
    )
    return Subquery(earlier.order_by("-created_at").values("seq")[:1])


def _counted(rooms: "QuerySet[Any]", reader: UUID) -> Found:
    """`rooms` have the reader's `level`, and `first`: up to where one counts as read that they have never opened."""
    read = RoomState.objects.filter(user=reader, room=OuterRef("pk")).values("read_seq")
    seen = ChatMessage.objects.filter(_seen(OuterRef("level"), reader), room=OuterRef("pk"))
    called = Q(user=reader) | (Q(user=None) & ~Q(message__user=reader))
    mentions = Mention.objects.filter(called, room=OuterRef("pk"), seq__gt=OuterRef("read"))
    found = rooms.annotate(
        read=Coalesce(Subquery(read), "first", Value(0), output_field=IntegerField()),
        mentions=_count(mentions),
        head=Subquery(Stream.objects.filter(pk=OuterRef("pk")).values("seq")),
        last_id=Subquery(seen.order_by("-seq").values("pk")[:1], output_field=UUIDField()),
    )
    rows = list(found.values_list("pk", "read", "head", "level", "mentions", "last_id"))
    unread = _unread({pk: (read, head or 0, level) for pk, read, head, level, *_ in rows}, reader)
    return {pk: (unread.get(pk, 0), mentions, read, last_id) for pk, read, _, _, mentions, last_id in rows}


def _seen(level: Any, reader: UUID) -> Q:
    own = Q(visibility=int(PRIVATE), owner=reader)
    return Q(deleted_at=None) & (Q(visibility__lte=level) | own)


def _unread(marks: Mapping[UUID, tuple[int, int, int]], reader: UUID) -> dict[UUID, int]:
    """How many messages of others stand behind each mark, up to the room's head, for a reader of that level.

    Counted from the end of each room in ever longer stretches, whose two ends are numbers: MariaDB reads the whole
    table where one of them comes from another question.
    """
    left = [pk for pk, (read, head, _) in marks.items() if head > read]
    counted: dict[UUID, int] = {}
    for width in STRETCHES:
        for start in range(0, len(left), AT_ONCE):
            wanted = Q()
            for pk in left[start : start + AT_ONCE]:
                read, head, level = marks[pk]
                near = Q(room=pk, seq__gt=max(read, head - width), seq__lte=head)
                wanted |= near & _seen(level, reader)
            others = ChatMessage.objects.filter(wanted).filter(~Q(user=reader) | Q(user=None)).order_by()
            counted |= dict(others.values("room").annotate(count=Count("pk")).values_list("room", "count"))
        left = [pk for pk in left if marks[pk][1] - width > marks[pk][0] and counted.get(pk, 0) < MOST_UNREAD]
        if not left:
            break
    return {pk: min(count, MOST_UNREAD) for pk, count in counted.items()}


def _count(rows: "QuerySet[Any]") -> Coalesce:
    counted = rows.order_by().values("room").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted), Value(0), output_field=IntegerField())
