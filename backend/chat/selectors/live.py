"""What those who come to a room are shown: its newest messages, or what changed since they left; for many at once."""

from collections.abc import Collection, Iterable
from typing import NamedTuple
from uuid import UUID

from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber

from chat.documents import level_for, rows, sees
from chat.models import ChatMessage
from contract.chat import PAGE
from rules.visibility import PRIVATE, SECRET, TABLE, Level

# The place of a message, and its id.
Place = tuple[int, UUID]


class Reader(NamedTuple):
    """Who reads a room, where they may: what was said up to `begins` is not theirs."""

    user: UUID | None
    level: Level
    begins: int = 0

    def level_of(self, message: ChatMessage) -> Level:
        return level_for(message, self.user, self.level)

    def sees(self, message: ChatMessage) -> bool:
        return message.seq > self.begins and sees(message, self.level_of(message))


class Newest(NamedTuple):
    """In the order of the room; `before`: there are earlier ones."""

    messages: list[ChatMessage]
    before: bool


def newest(room_id: UUID, readers: Iterable[Reader]) -> dict[Reader, Newest]:
    """The newest messages as each of them sees them. As many queries for many readers as for two."""
    wanted = set(readers)
    found = ChatMessage.objects.filter(room=room_id)
    of_all = (
        _places(found.filter(visibility__lte=TABLE))
        if any(reader.level < SECRET for reader in wanted)
        else []
    )
    all_places = _places(found) if any(reader.level >= SECRET for reader in wanted) else []
    owners = {reader.user for reader in wanted if reader.level < SECRET and reader.user}
    private = _private(found, owners, of_all[-1][0] if len(of_all) > PAGE else 0)
    chosen: dict[Reader, list[Place]] = {}
    for reader in wanted:
        seen = all_places if reader.level >= SECRET else [*of_all, *private.get(reader.user, ())]
        chosen[reader] = sorted((place for place in seen if place[0] > reader.begins), reverse=True)
    shown = {pk for places in chosen.values() for _seq, pk in places[:PAGE]}
    messages = {row.pk: row for row in rows().filter(pk__in=shown)}
    return {
        reader: Newest(
            [messages[pk] for _seq, pk in places[:PAGE][::-1] if pk in messages], len(places) > PAGE
        )
        for reader, places in chosen.items()
    }


def _places(found: "QuerySet[ChatMessage]") -> list[Place]:
    return list(found.order_by("-seq").values_list("seq", "pk")[: PAGE + 1])


def _private(
    found: "QuerySet[ChatMessage]", owners: Collection[UUID], floor: int
) -> dict[UUID | None, list[Place]]:
    """By owner, the newest that they see beside their storytellers; below `floor` none could be shown."""
    if not owners:
        return {}
    place = Window(RowNumber(), partition_by="owner", order_by=F("seq").desc())
    numbered = found.filter(visibility=PRIVATE, owner__in=owners, seq__gte=floor).annotate(place=place)
    by_owner: dict[UUID | None, list[Place]] = {}
    for owner, seq, pk in numbered.filter(place__lte=PAGE + 1).values_list("owner", "seq", "pk"):
        by_owner.setdefault(owner, []).append((seq, pk))
    return by_owner


def changed_since(room_id: UUID, after: int, limit: int) -> list[ChatMessage]:
    """The last so many messages that changed after that number, in the order of their changes."""
    found = rows().filter(room=room_id, changed__gt=after).order_by("-changed")
    return list(found[:limit])[::-1]
