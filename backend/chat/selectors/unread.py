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

LAST = 2**62
COLUMNS = ("pk", "unread", "mentions", "read", "last_id")


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
    own = Q(visibility=int(PRIVATE), owner=reader)
    seen = ChatMessage.objects.filter(
        Q(visibility__lte=OuterRef("level")) | own, room=OuterRef("pk"), deleted_at=None
    )
    unread = seen.filter(~Q(user=reader) | Q(user=None), seq__gt=OuterRef("read"))
    called = Q(user=reader) | (Q(user=None) & ~Q(message__user=reader))
    mentions = Mention.objects.filter(called, room=OuterRef("pk"), seq__gt=OuterRef("read"))
    most = unread.order_by("seq").values("seq")[MOST_UNREAD - 1 : MOST_UNREAD]
    found = rooms.annotate(
        read=Coalesce(Subquery(read), "first", Value(0), output_field=IntegerField()),
        most=Coalesce(Subquery(most), Value(LAST), output_field=IntegerField()),
        unread=_count(unread.filter(seq__lte=OuterRef("most"))),
        mentions=_count(mentions),
        last_id=Subquery(seen.order_by("-seq").values("pk")[:1], output_field=UUIDField()),
    )
    return {pk: tuple(rest) for pk, *rest in found.values_list(*COLUMNS)}


def _count(rows: "QuerySet[Any]") -> Coalesce:
    counted = rows.order_by().values("room").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted), Value(0), output_field=IntegerField())
