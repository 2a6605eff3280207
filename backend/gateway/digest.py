"""One summary a day in place of each change: what became of the characters, and who rolled how often.

Blocking; run through `gateway.database`, as `gateway.feed_frames`.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import orjson

from contract.events import EventType
from gateway.feed_frames import ROLLED, SHOWN, Target
from timeline import frames
from timeline import services as timeline
from timeline.models import Event

# What fits into one message; of the rest the number is told.
MAX_CHARACTERS, MAX_CHANGES, MAX_PEOPLE, MAX_TEXT_LENGTH = 25, 12, 10, 100

Json = dict[str, Any]


def summary(target: Target, stream_id: str, after: int) -> list[str]:
    """At most one frame for the tracker channel, and one with the hidden rolls for that of the storytellers.

    Each has the number of its last event, so the two differ, and they come in this order.
    """
    events = [one for one in timeline.events_since(stream_id, after) if one.seq <= target.head]
    changed = [one for one in events if target.shows.changes and _visible(one)]
    rolled = [one for one in events if one.type in ROLLED]
    public = [one for one in rolled if not _is_hidden(one) and target.shows.has_roll(one.door)]
    hidden = [one for one in rolled if _is_hidden(one)]
    wanted = (
        (target.channel_id, sorted(changed + public, key=lambda one: one.seq)),
        (target.storyteller_channel, hidden),
    )
    told = sorted(((channel, many) for channel, many in wanted if channel and many), key=_last)
    return [_frame(target, channel, many) for channel, many in told]


def _last(told: tuple[str, list[Event]]) -> int:
    return told[1][-1].seq


def _visible(event: Event) -> bool:
    seen = event.entity == "character" and event.type != EventType.CHARACTER_LEFT
    return seen and frames.event_json(event, SHOWN) is not None


def _is_hidden(event: Event) -> bool:
    return bool(event.changes["roll"][1]["visibility"] == "storyteller")


def _frame(target: Target, channel_id: str, events: list[Event]) -> str:
    characters = _characters(one for one in events if one.entity == "character")
    told = {
        "since": events[0].created_at.isoformat(),
        "until": events[-1].created_at.isoformat(),
        "characters": characters[:MAX_CHARACTERS],
        "others": max(0, len(characters) - MAX_CHARACTERS),
        "rolls": _rolls(one for one in events if one.entity == "roll"),
    }
    head = {"type": "digest", "stream": target.name, "seq": events[-1].seq, "guild_id": target.guild_id}
    return orjson.dumps(head | {"channel_id": channel_id, "digest": told}).decode()


def _characters(events: Iterable[Event]) -> list[Json]:
    """Each once, with what is otherwise than before; what came and went again is no change. The busiest come first."""
    found: dict[UUID, Json] = {}
    for event in events:
        one = found.setdefault(event.entity_id, {"id": str(event.entity_id), "count": 0, "type": event.type})
        one["name"] = str(event.subject.get("name", ""))
        one["count"] += 1
        # As it ended; but who came during the day is new, whatever happened then.
        if one["type"] != EventType.CHARACTER_CREATED or event.type == EventType.CHARACTER_DELETED:
            one["type"] = event.type
        if event.type == EventType.CHARACTER_UPDATED:
            _add(one, frames.visible_changes(event, SHOWN), event.labels)
    for one in found.values():
        moved = {path: pair for path, pair in one.pop("changes", {}).items() if pair[0] != pair[1]}
        kept = dict(list(moved.items())[:MAX_CHANGES])
        one["changes"], one["more"] = kept, len(moved) - len(kept)
        one["labels"] = {path: label for path, label in one.pop("labels", {}).items() if path in kept}
    return sorted(found.values(), key=lambda one: -one["count"])


def _add(one: Json, changes: dict[str, list[Any]], labels: dict[str, str]) -> None:
    known = one.setdefault("changes", {})
    for path, (before, after) in changes.items():
        known[path] = [known[path][0] if path in known else _brief(before), _brief(after)]
    one.setdefault("labels", {}).update(labels)


def _brief(value: Any) -> Any:
    """An entry is told by its name, and a text by its beginning."""
    if isinstance(value, dict):
        return {"name": str(value.get("name") or value.get("description") or "")[:MAX_TEXT_LENGTH]}
    return value[:MAX_TEXT_LENGTH] if isinstance(value, str) else value


def _rolls(events: Iterable[Event]) -> list[Json]:
    """By who rolled: how often, and how often it passed. A roll that was revealed later is one."""
    thrown = {event.entity_id: event.changes["roll"][1] for event in events}
    found: dict[str, Json] = {}
    for roll in thrown.values():
        roller = roll["roller"]
        one = found.setdefault(roller["id"], {"name": roller["name"], "rolls": 0, "passed": 0})
        one["rolls"] += 1
        one["passed"] += bool(roll["outcome"]["passed"])
    return sorted(found.values(), key=lambda one: -one["rolls"])[:MAX_PEOPLE]
