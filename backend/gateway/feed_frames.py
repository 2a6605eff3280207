"""What the Discord process is told of each stream: changes and rolls for the channels of a server, and the present
state of what has a message of its own there. Blocking; run through `gateway.database`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
from django.db.models import Q
from django.utils import timezone

from chronicle import tracker
from chronicle.models import Chronicle
from chronicle.principal import Principal
from conflicts.serializers import as_the_table_sees_it
from conflicts.services import common
from contract.events import EventType
from haven import selectors
from haven.serializers.card import card
from haven.utility import derived
from rolls.services import requests
from rules.errors import NotFound
from rules.visibility import Level
from timeline import frames, posted
from timeline import services as timeline
from timeline.models import Event

BATCH = 200
# A tracker channel shows what the players themselves see: whoever may manage the server chose it for that.
# What only storytellers know is never in it.
SHOWN = Level.PRIVATE
ROLLED = (EventType.ROLL_MADE, EventType.ROLL_REROLLED, EventType.ROLL_REVEALED)
# Of the rolls that fell while nobody listened, the last so many are news.
ROLLS_MADE_UP = 10
DIGEST_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Target:
    """A chronicle whose server has channels to tell, or that has a message to keep up to date; ids are Discord's."""

    name: str
    guild_id: str
    channel_id: str
    storyteller_channel: str
    shows: tracker.Shows
    head: int


def targets(stream_ids: list[str] | None = None) -> dict[str, Target]:
    """By stream id: all of them, or those of the given. Three queries."""
    listens = ~Q(server__tracker_channel="") | Q(server__settings__has_key="storyteller_channel")
    found = Chronicle.objects.filter(listens | Q(id__in=posted.streams()), server__left_at=None)
    found = found.exclude(server__discord_id=None)
    if stream_ids is not None:
        found = found.filter(id__in=stream_ids)
    rows = list(found.values_list("id", "server__discord_id", "server__tracker_channel", "server__settings"))
    heads = timeline.heads([row[0] for row in rows])
    return {
        str(pk): Target(
            f"chronicle:{pk}",
            guild,
            channel,
            tracker.storyteller_channel(settings),
            tracker.shows(settings),
            heads[str(pk)],
        )
        for pk, guild, channel, settings in rows
        if guild is not None
    }


def tracked(target: Target, stream_id: str, after: int) -> tuple[int, list[str]]:
    """`(seq, frames)` of the next events, at most BATCH of them."""
    events = timeline.events_since(stream_id, after, BATCH)
    cards = _cards(events)
    texts = []
    for event in events:
        texts += _changed(target, event, cards) + _rolled(target, event)
    seq = events[-1].seq if events else after
    return seq, texts + _followed(target, events, seq)


def missed(target: Target, stream_id: str, after: int) -> list[str]:
    """What happened while nobody listened: for each character the last event, and how many there were (`missed`)."""
    events = [one for one in timeline.events_since(stream_id, after) if one.seq <= target.head]
    cards = _cards(events)
    last: dict[Any, tuple[int, Event]] = {}
    for event in events:
        if event.entity_id in cards and frames.event_json(event, SHOWN) is not None:
            count = last[event.entity_id][0] if event.entity_id in last else 0
            last[event.entity_id] = count + 1, event
    told = sorted(last.values(), key=lambda one: one[1].seq)
    texts = [text for count, event in told for text in _changed(target, event, cards, count)]
    rolls = [text for event in events for text in _rolled(target, event)]
    return texts + rolls[-ROLLS_MADE_UP:] + _followed(target, events, target.head)


def followed(target: Target, stream_id: str, after: int) -> list[str]:
    """The messages that something since then touched."""
    return _followed(target, timeline.events_since(stream_id, after, BATCH), target.head)


def digest_is_due(stream_id: str, after: int) -> bool:
    """Whether what comes first is a day old."""
    first = next(iter(timeline.events_since(stream_id, after, 1)), None)
    return first is not None and first.created_at <= timezone.now() - DIGEST_AFTER


def _cards(events: Iterable[Event]) -> dict[UUID, dict[str, Any]]:
    ids = {event.entity_id for event in events if event.entity == "character"}
    found = selectors.rows().filter(id__in=ids) if ids else ()
    return {one.id: card(derived(one), SHOWN) for one in found}


def _changed(target: Target, event: Event, cards: dict[UUID, dict[str, Any]], count: int = 1) -> list[str]:
    shown = cards.get(event.entity_id)
    body = frames.event_json(event, SHOWN) if shown and event.type != EventType.CHARACTER_LEFT else None
    if shown is None or body is None or not target.channel_id or not target.shows.changes:
        return []
    more = {"missed": count} if count > 1 else {}
    character = {"id": str(event.entity_id), "name": shown["title"]}
    parts = {"character": character, "event": body, "card": shown} | more
    return [_frame("tracker", target, event.seq, target.channel_id, parts)]


def _rolled(target: Target, event: Event) -> list[str]:
    """A public roll for the tracker channel, a hidden one for the storytellers'."""
    if event.type not in ROLLED:
        return []
    roll, hidden = event.changes["roll"][1], event.changes.get("roll_hidden")
    if roll["visibility"] == "storyteller":
        return _roll_frame(target, event, target.storyteller_channel, roll | (hidden[1] if hidden else {}))
    if target.shows.has_roll(event.door):
        return _roll_frame(target, event, target.channel_id, roll)
    return []


def _roll_frame(target: Target, event: Event, channel_id: str, roll: dict[str, Any]) -> list[str]:
    if not channel_id:
        return []
    return [_frame("roll", target, event.seq, channel_id, {"roll": roll, "door": event.door})]


def _followed(target: Target, events: Iterable[Event], seq: int) -> list[str]:
    """What has a message of its own and was touched: as it is now, once however often."""
    touched = {_touches(event): None for event in events}
    ids = [UUID(one) for one in touched if one]
    found = posted.of(ids) if ids else {}
    texts = []
    for pk in ids:
        row = found.get(pk)
        body = _body(row.entity, pk) if row else None
        if row and body:
            parts = {"message_id": row.message_id, "kind": row.entity, row.entity: body}
            texts.append(_frame("message", target, seq, row.channel_id, parts))
    return texts


def _touches(event: Event) -> str:
    if event.entity == "roll":
        return str((event.changes.get("roll") or [None, {}])[1].get("request") or "")
    return str(event.entity_id) if event.entity in FOLLOWED else ""


def _body(entity: str, pk: UUID) -> dict[str, Any] | None:
    """As everybody at the table sees it: a message in a channel has no reader of its own."""
    try:
        return FOLLOWED[entity](pk)
    except NotFound:
        return None


def _request(pk: UUID) -> dict[str, Any]:
    return requests.as_the_table_sees_it(requests.find(Principal.system(), pk))


def _conflict(pk: UUID) -> dict[str, Any]:
    return as_the_table_sees_it(common.find(Principal.system(), pk)).model_dump(mode="json")


FOLLOWED = {"roll_request": _request, "conflict": _conflict}


def _frame(kind: str, target: Target, seq: int, channel_id: str, parts: dict[str, Any]) -> str:
    head = {
        "type": kind,
        "stream": target.name,
        "seq": seq,
        "guild_id": target.guild_id,
        "channel_id": channel_id,
    }
    return orjson.dumps(head | parts).decode()
