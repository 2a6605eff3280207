"""The timeline: `record` an event, read `since` or the `history`. What is done once for a key stands in `keys`.

Every change of state ends in exactly one `record`, inside the transaction that made the change.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from contract.base import Named
from contract.events import EventType, Subject
from contract.translation import _
from delivery.publish import publish
from gateway.constants import CONTROL_GROUP, FEED_GROUP, stream_group
from monitoring import metrics
from rules.errors import Invalid
from rules.notices import Notice
from rules.text import clean
from rules.visibility import Level
from timeline import frames
from timeline.models import Event, Stream
from timeline.prepared import insert

# History reads so many rows at a time until a page is full: its reader may not see all of them.
READ_AT_ONCE = 50
# Returns the number of an event in its campaign, or None where the public sees nothing of it.
Publicity = Callable[[Event], int | None]
_publicity: list[Publicity] = []


def public_by(ask: Publicity) -> None:
    """Register the app above that knows what of a chronicle is public. It is asked of public streams alone."""
    _publicity[:] = [ask]


@dataclass(frozen=True)
class Cause:
    """Who did it, through which door, with which command. `actor` is a user row, or None for the system.

    `as_player`: the actor does it for the player of the character, who is not there; the event names both. Where
    somebody said which player that is (`player_id`), it must be that one.
    """

    actor: Any
    door: str
    command: str = ""
    interaction_id: str = ""
    as_player: bool = False
    player_id: UUID | None = None
    # The events of the running transaction, in order; the last one is what an idempotency key keeps.
    recorded: list[Event] = field(default_factory=list, compare=False, repr=False)

    def acting_for(self, player: Any) -> Named | None:
        """The absent player (a user row) for whom it was done, if it was done for one. Raises Invalid."""
        if self.player_id is not None and (player is None or player.pk != self.player_id):
            raise Invalid.field("player", _("That isn’t a character of this player."))
        if not self.as_player or player is None or self.actor is None or self.actor.pk == player.pk:
            return None
        return Named(id=player.pk, name=player.display_name)


@dataclass(frozen=True)
class Viewer:
    """A reader of one stream. The level follows for each event from the owner of its subject."""

    user_id: str | None
    storyteller: bool = False
    member: bool = False

    def level(self, owner_id: str | None) -> Level:
        if self.storyteller:
            return Level.SECRET
        if self.user_id and self.user_id == owner_id:
            return Level.PRIVATE
        return Level.TABLE if self.member else Level.PUBLIC


def record(
    *,
    stream: tuple[str, UUID],
    type: EventType,
    subject: Subject,
    entity_id: UUID,
    version: int,
    cause: Cause,
    changes: dict[str, list[Any]] | None = None,
    visibility: dict[str, int] | None = None,
    labels: dict[str, str] | None = None,
    notices: Iterable[Notice] = (),
    undoes: Event | None = None,
) -> Event:
    """Append one event and publish it on commit. Call it last: stream locks come after all others.

    `changes` maps paths to `[before, after]`; `visibility` holds the paths whose level is not PRIVATE.
    """
    if not isinstance(subject, type.subject):
        raise TypeError(f"{type} is about a {type.subject.__name__}")
    seq, is_public = _next(*stream)
    event = Event(
        stream=Stream(id=stream[1], kind=stream[0]),
        seq=seq,
        type=type.value,
        entity=subject.entity,
        entity_id=entity_id,
        version=version,
        changes=changes or {},
        visibility=visibility or {},
        labels=labels or {},
        notices=[notice.as_json() for notice in notices],
        subject=subject.model_dump(mode="json", by_alias=True, exclude_none=True),
        actor=cause.actor,
        actor_name=cause.actor.display_name if cause.actor else "",
        door=cause.door,
        command=clean(cause.command, 500),
        interaction_id=clean(cause.interaction_id, 40),
        undoes=undoes,
    )
    if is_public:
        event.public_seq = next((ask(event) for ask in _publicity), None)
    insert(event)
    cause.recorded.append(event)
    transaction.on_commit(lambda: _publish(event))
    return event


def next_seq(kind: str, stream_id: UUID) -> int:
    """Take the stream's next number. The UPDATE locks the row until commit, so numbers have no gap."""
    return _next(kind, stream_id)[0]


def _next(kind: str, stream_id: UUID) -> tuple[int, bool]:
    """As `next_seq`, with whether the stream is public."""
    if kind not in Stream.Kind.values:
        raise ValueError(f"no such kind of stream: {kind}")
    taken = _advance(stream_id)
    if taken is None:
        # Somebody else may create it at the same moment: then theirs is used.
        Stream.objects.bulk_create([Stream(id=stream_id, kind=kind)], ignore_conflicts=True)
        taken = _advance(stream_id)
    if taken is None:
        raise RuntimeError(f"stream {stream_id} cannot be made")
    return taken


def _advance(stream_id: UUID) -> tuple[int, bool] | None:
    """Raise the number by one and return it with `is_public`, in one statement; None when there is no such stream."""
    key = Stream._meta.pk.get_db_prep_value(stream_id, connection)
    with connection.cursor() as cursor:
        if connection.vendor == "mysql":
            # MariaDB has no UPDATE … RETURNING; the driver hands one value back, which holds both.
            cursor.execute(
                "UPDATE streams SET seq = LAST_INSERT_ID((seq + 1) * 2 + is_public) DIV 2 WHERE id = %s",
                [key],
            )
            both = cursor.lastrowid if cursor.rowcount else None
            return (both // 2, bool(both % 2)) if both else None
        cursor.execute("UPDATE streams SET seq = seq + 1 WHERE id = %s RETURNING seq, is_public", [key])
        row = cursor.fetchone()
        return (row[0], bool(row[1])) if row else None


def _publish(event: Event) -> None:
    metrics.EVENTS.add(event.type)
    publish(stream_group(event.stream_id), frames.message(event))
    publish(FEED_GROUP, {"type": "feed.event", "stream": event.stream.name, "event": event.type})


def rights_changed(scope: UUID, version: int, users: Iterable[str] | None) -> None:
    """Have open rooms of chat look at their readers' rights again, once the transaction is over.

    `scope` is what those follow from: a server or a private conversation, by now of this version. `users`: ids of those
    whose rights changed; None where anybody's may have.
    """
    named = None if users is None else sorted(users)
    message = {"type": "rights", "scope": str(scope), "version": version, "users": named}
    transaction.on_commit(lambda: publish(CONTROL_GROUP, message))


def heads(stream_ids: Iterable[UUID | str]) -> dict[str, int]:
    """The last seq of each stream, in one query; a stream that has no event yet is at 0."""
    wanted = [str(stream_id) for stream_id in stream_ids]
    known = {str(pk): seq for pk, seq in Stream.objects.filter(id__in=wanted).values_list("id", "seq")}
    return {stream_id: known.get(stream_id, 0) for stream_id in wanted}


def since(stream_id: UUID | str, seq: int, viewer: Viewer, limit: int = 5000) -> list[tuple[int, str | None]]:
    """The events after `seq` as `(seq, frame)`, oldest first; the frame is None where this viewer sees nothing."""
    rows = events_since(stream_id, seq, limit)
    return [(row.seq, frames.encode(row, viewer.level(row.subject.get("owner")))) for row in rows]


def events_since(stream_id: UUID | str, seq: int, limit: int = 5000) -> list[Event]:
    """For the hub, which serves every level at once; anything for one viewer reads `since`."""
    rows = Event.objects.filter(stream_id=stream_id, seq__gt=seq).select_related("stream", "actor")
    return list(rows.order_by("seq")[:limit])


def history(entity_id: UUID, level: int, before: int | None = None, limit: int = 25) -> list[dict[str, Any]]:
    """Newest first, what this level may see of each event; `before` is the version to go on from."""
    rows = Event.objects.filter(entity_id=entity_id).exclude(type=EventType.CHARACTER_LEFT.value)
    rows = rows.select_related("stream", "actor", "undone_by")
    shown: list[dict[str, Any]] = []
    while True:
        page = rows if before is None else rows.filter(version__lt=before)
        events = list(page.order_by("-version")[:READ_AT_ONCE])
        shown += [body for body in (_with_undo(event, level) for event in events) if body]
        if len(events) < READ_AT_ONCE or len(shown) >= limit:
            return shown[:limit]
        before = events[-1].version


def _with_undo(event: Event, level: int) -> dict[str, Any] | None:
    body = frames.event_json(event, level)
    if body and hasattr(event, "undone_by"):
        body["undone_by"] = str(event.undone_by.id)
    return body
