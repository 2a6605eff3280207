"""What the feed reports of each stream: changes and rolls for the channels of a server, and the present state of
whatever has a message of its own there. Blocking; run through `delivery.database`.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from django.db.models import Q
from django.utils import timezone

from chronicle import episodes, tracker
from chronicle.models import Chronicle, Server
from chronicle.principal import Principal
from chronicle.selectors import editions_played
from conflicts.serializers import as_the_table_sees_it
from conflicts.services import common
from contract.base import Answer
from contract.characters import Card
from contract.episodes import Episode
from contract.events import EventType
from contract.shards import ALL, Shards
from haven import selectors
from haven.serializers.card import card
from haven.utility import derived
from rolls.services import requests
from rules.errors import NotFound
from rules.visibility import Level
from timeline import frames, message_links, notifications
from timeline import services as timeline
from timeline.models import Event, Notification, PostedMessage

Json = dict[str, Any]

BATCH = 200
# Of an `editions` frame.
GUILDS = 1000
# What may change the editions of a server.
EDITION_EVENTS = (EventType.SERVER_UPDATED, EventType.CHRONICLE_CREATED, EventType.CHRONICLE_UPDATED)
# A tracker channel shows what the players themselves see: who may manage the server chose it for that.
# What only storytellers know is never in it.
SHOWN = Level.PRIVATE
ROLL_EVENTS = (EventType.ROLL_MADE, EventType.ROLL_REROLLED, EventType.ROLL_REVEALED)
# Of the rolls made while nobody listened, so many of the last are news.
MAX_MISSED_ROLLS = 10
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
    episode_channel: str = ""


def targets(stream_ids: Collection[str] | None = None, shards: Shards = ALL) -> dict[str, Target]:
    """By stream id, for servers on these shards: all of them, or those of the given streams. Three queries."""
    listens = ~Q(server__tracker_channel="") | Q(server__settings__has_key="storyteller_channel")
    listens |= Q(settings__has_key=tracker.EPISODE_CHANNEL)
    chronicles = Chronicle.objects.filter(
        listens | Q(id__in=message_links.stream_ids()), server__left_at=None
    )
    chronicles = chronicles.exclude(server__discord_id=None)
    if stream_ids is not None:
        chronicles = chronicles.filter(id__in=stream_ids)
    columns = ("id", "server__discord_id", "server__tracker_channel", "server__settings", "settings")
    rows = [row for row in chronicles.values_list(*columns) if row[1] and shards.serves(int(row[1]))]
    heads = timeline.heads([row[0] for row in rows])
    return {
        str(pk): Target(
            f"chronicle:{pk}",
            guild,
            channel,
            tracker.storyteller_channel(settings),
            tracker.shows(settings),
            heads[str(pk)],
            tracker.episode_channel(own),
        )
        for pk, guild, channel, settings, own in rows
    }


def next_frames(target: Target, stream_id: str, after: int) -> tuple[int, list[str]]:
    """`(seq, frames)` of the next events, at most BATCH of them."""
    events = timeline.events_since(stream_id, after, BATCH)
    cards = _cards(events)
    frames_of_events = []
    for event in events:
        frames_of_events += _tracker_frames(target, event, cards) + _roll_frames(target, event)
    seq = events[-1].seq if events else after
    return seq, frames_of_events + _message_frames(target, events, seq)


def missed_frames(target: Target, stream_id: str, after: int) -> list[str]:
    """What happened while nobody listened: for each character the last event, and how many there were (`missed`)."""
    events = [event for event in timeline.events_since(stream_id, after) if event.seq <= target.head]
    cards = _cards(events)
    counts: dict[UUID, int] = {}
    last: dict[UUID, Event] = {}
    for event in events:
        if event.entity_id in cards and frames.event_json(event, SHOWN) is not None:
            counts[event.entity_id] = counts.get(event.entity_id, 0) + 1
            last[event.entity_id] = event
    changes = [
        frame
        for event in sorted(last.values(), key=lambda event: event.seq)
        for frame in _tracker_frames(target, event, cards, counts[event.entity_id])
    ]
    rolls = [frame for event in events for frame in _roll_frames(target, event)]
    return changes + rolls[-MAX_MISSED_ROLLS:] + _message_frames(target, events, target.head)


def message_frames(target: Target, stream_id: str, after: int) -> list[str]:
    """The messages that follow what the events since then touched."""
    return _message_frames(target, timeline.events_since(stream_id, after, BATCH), target.head)


def digest_is_due(stream_id: str, after: int) -> bool:
    """Whether the first event after `after` is a day old."""
    first = next(iter(timeline.events_since(stream_id, after, 1)), None)
    return first is not None and first.created_at <= timezone.now() - DIGEST_AFTER


def notification_frames(known: Collection[UUID], shards: Shards) -> tuple[set[UUID], list[str]]:
    """Return the ids of unclaimed notifications, and the frames of those of these shards that are not in `known`."""
    ids, new = notifications.unclaimed(known)
    return ids, [_notification_frame(offer) for offer in new if shards.serves(int(offer.guild_id))]


class Played(NamedTuple):
    """What is played in a guild, the main edition first, and the language that its server has chosen."""

    editions: list[str]
    language: str


def editions_by_guild(edited: Collection[str] | None, shards: Shards) -> dict[str, Played]:
    """What is played where the bot is: in the guilds of these servers and chronicles; None: in all of these shards.
    Three queries."""
    servers = Server.objects.filter(left_at=None).exclude(discord_id=None)
    if edited is not None:
        servers = servers.filter(Q(id__in=edited) | Q(chronicles__id__in=edited)).distinct()
    editions = editions_played(servers)
    return {
        server.discord_id: Played(list(editions[server.pk]), server.language)
        for server in servers.only("discord_id", "settings")
        if server.discord_id and server.pk in editions and shards.serves(int(server.discord_id))
    }


def editions_frames(changed: Mapping[str, Played]) -> list[str]:
    """In frames of at most GUILDS."""
    listed = list(changed.items())
    batches = (listed[start : start + GUILDS] for start in range(0, len(listed), GUILDS))
    return [encode(_editions_frame(dict(batch))) for batch in batches]


def _editions_frame(batch: Mapping[str, Played]) -> Json:
    return {
        "type": "editions",
        "guilds": {guild: played.editions for guild, played in batch.items()},
        "languages": {guild: played.language for guild, played in batch.items()},
    }


def encode(frame: Mapping[str, object]) -> str:
    """Parts may be models of the contract."""
    return orjson.dumps(frame, default=vars).decode()


def head(kind: str, target: Target, seq: int, channel_id: str) -> Json:
    """The fields that the frames for a channel have in common."""
    return {
        "type": kind,
        "stream": target.name,
        "seq": seq,
        "guild_id": target.guild_id,
        "channel_id": channel_id,
    }


def _cards(events: Iterable[Event]) -> dict[UUID, Card]:
    ids = {event.entity_id for event in events if event.entity == "character"}
    characters = selectors.rows().filter(id__in=ids) if ids else ()
    return {character.id: card(derived(character), SHOWN) for character in characters}


def _tracker_frames(target: Target, event: Event, cards: Mapping[UUID, Card], count: int = 1) -> list[str]:
    shown = cards.get(event.entity_id)
    body = frames.event_json(event, SHOWN) if shown and event.type != EventType.CHARACTER_LEFT else None
    if shown is None or body is None or not target.channel_id or not target.shows.changes:
        return []
    frame = head("tracker", target, event.seq, target.channel_id) | {
        "character": {"id": str(event.entity_id), "name": shown.title},
        "event": body,
        "card": shown,
    }
    return [encode(frame | {"missed": count} if count > 1 else frame)]


def _roll_frames(target: Target, event: Event) -> list[str]:
    """A public roll for the tracker channel, a hidden one for the storytellers'."""
    if event.type not in ROLL_EVENTS:
        return []
    roll, channel_id = event.changes["roll"][1], target.channel_id
    if roll["visibility"] == "storyteller":
        channel_id = target.storyteller_channel
        _, hidden = event.changes.get("roll_hidden", (None, {}))
        roll = roll | hidden
    elif not target.shows.has_roll(event.door):
        return []
    if not channel_id:
        return []
    return [encode(head("roll", target, event.seq, channel_id) | {"roll": roll, "door": event.door})]


def _message_frames(target: Target, events: Iterable[Event], seq: int) -> list[str]:
    """What has a message of its own and was touched: as it is now, once however often."""
    events = list(events)
    touched = dict.fromkeys(filter(None, map(_followed_id, events)))
    links = message_links.by_entity(touched) if touched else {}
    message_frames = _announcements(target, events, links)
    for entity_id in touched:
        link = links.get(entity_id)
        body = _followed_state(link.entity, entity_id) if link else None
        if link and body:
            parts = {"message_id": link.message_id, "kind": link.entity, link.entity: body}
            message_frames.append(encode(head("message", target, seq, link.channel_id) | parts))
    return message_frames


def _announcements(target: Target, events: Iterable[Event], links: Mapping[UUID, PostedMessage]) -> list[str]:
    """Episodes that were planned elsewhere than in Discord, where a command posts them itself."""
    planned = {
        event.entity_id: event.seq
        for event in events
        if event.type == EventType.EPISODE_PLANNED and event.door != "discord"
    }
    wanted = planned.items() if target.episode_channel else ()
    shown = [(_followed_state("episode", pk), seq) for pk, seq in wanted if pk not in links]
    return [
        encode(head("announcement", target, seq, target.episode_channel) | {"episode": episode})
        for episode, seq in shown
        if isinstance(episode, Episode) and episode.status == "planned"
    ]


def _followed_id(event: Event) -> UUID | None:
    """The entity that a message may follow: of an answered roll request that request."""
    if event.entity == "roll":
        request = (event.changes.get("roll") or [None, {}])[1].get("request")
        return UUID(request) if request else None
    # An edit shows even where it changes nothing: none for a step that the table does not see.
    is_followed = event.entity in FOLLOWED and frames.event_json(event, Level.TABLE) is not None
    return event.entity_id if is_followed else None


def _followed_state(entity: str, entity_id: UUID) -> Answer | None:
    """As everybody at the table sees it: a message in a channel has no reader of its own."""
    try:
        return FOLLOWED[entity](entity_id)
    except NotFound:
        return None


def _request(request_id: UUID) -> Answer:
    return requests.as_the_table_sees_it(requests.find(Principal.system(), request_id))


def _conflict(conflict_id: UUID) -> Answer:
    return as_the_table_sees_it(common.find(Principal.system(), conflict_id))


FOLLOWED = {"roll_request": _request, "conflict": _conflict, "episode": episodes.shown_at_the_table}


def _notification_frame(notification: Notification) -> str:
    return encode(
        {
            "type": "notification",
            "id": str(notification.pk),
            "guild_id": notification.guild_id,
            "user_id": notification.user.discord_id,
            "decision": notification.body,
            "language": notification.user.language,
        }
    )
