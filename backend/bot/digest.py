"""One summary a day in place of each change: what became of the characters, and who rolled how often. Blocking."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from bot.feed_frames import ROLL_EVENTS, SHOWN, Json, Target, encode, head
from contract.events import EventType
from timeline import frames
from timeline import services as timeline
from timeline.models import Event

# What fits into one message; of the rest only the number is given.
MAX_CHARACTERS, MAX_CHANGES, MAX_PEOPLE, MAX_TEXT_LENGTH = 25, 12, 10, 100


def digest_frames(target: Target, stream_id: str, after: int) -> list[str]:
    """At most one frame for the tracker channel, and one with the hidden rolls for that of the storytellers.

    Each has the number of its last event, so the two differ, and they come in this order.
    """
    events = [event for event in timeline.events_since(stream_id, after) if event.seq <= target.head]
    public = [event for event in events if _is_shown(event, target)]
    hidden = [event for event in events if _is_hidden_roll(event)]
    by_channel = ((target.channel_id, public), (target.storyteller_channel, hidden))
    wanted = [(channel, of_channel) for channel, of_channel in by_channel if channel and of_channel]
    wanted.sort(key=lambda pair: pair[1][-1].seq)
    return [_frame(target, channel, of_channel) for channel, of_channel in wanted]


def _is_shown(event: Event, target: Target) -> bool:
    if event.type in ROLL_EVENTS:
        return not _is_hidden_roll(event) and target.shows.has_roll(event.door)
    is_change = event.entity == "character" and event.type != EventType.CHARACTER_LEFT
    return is_change and target.shows.changes and frames.event_json(event, SHOWN) is not None


def _is_hidden_roll(event: Event) -> bool:
    return event.type in ROLL_EVENTS and event.changes["roll"][1]["visibility"] == "storyteller"


def _frame(target: Target, channel_id: str, events: list[Event]) -> str:
    characters = _characters(event for event in events if event.entity == "character")
    digest = {
        "since": events[0].created_at.isoformat(),
        "until": events[-1].created_at.isoformat(),
        "characters": [character.as_json() for character in characters[:MAX_CHARACTERS]],
        "others": max(0, len(characters) - MAX_CHARACTERS),
        "rolls": _rolls(event for event in events if event.entity == "roll"),
    }
    return encode(head("digest", target, events[-1].seq, channel_id) | {"digest": digest})


@dataclass(slots=True)
class _Character:
    """What became of a character during the day."""

    id: UUID
    type: str
    name: str = ""
    count: int = 0
    changes: dict[str, list[Any]] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    edition: str = ""
    choices: set[str] = field(default_factory=set)

    def add(self, event: Event) -> None:
        self.name = str(event.subject.get("name", ""))
        self.count += 1
        # As it ended; but who came during the day is new, whatever happened then.
        if self.type != EventType.CHARACTER_CREATED or event.type == EventType.CHARACTER_DELETED:
            self.type = event.type
        if event.type == EventType.CHARACTER_UPDATED:
            changes = frames.visible_changes(event, SHOWN)
            self._add_changes(changes)
            self.choices |= set(frames.choices_of(event, changes))
            self.labels |= event.labels
            self.edition = frames.edition_of(event)

    def _add_changes(self, changes: Mapping[str, list[Any]]) -> None:
        for path, (before, after) in changes.items():
            first = self.changes[path][0] if path in self.changes else _shortened(before)
            self.changes[path] = [first, _shortened(after)]

    def as_json(self) -> Json:
        """With what is different from before; a value that changed and changed back is no change."""
        changed = {path: pair for path, pair in self.changes.items() if pair[0] != pair[1]}
        shown = dict(list(changed.items())[:MAX_CHANGES])
        return {
            "id": str(self.id),
            "count": self.count,
            "type": self.type,
            "name": self.name,
            "changes": shown,
            "more": len(changed) - len(shown),
            "labels": {path: label for path, label in self.labels.items() if path in shown},
            "edition": self.edition,
            "choices": [path for path in shown if path in self.choices],
        }


def _characters(events: Iterable[Event]) -> list[_Character]:
    """Each character once, the busiest first."""
    characters: dict[UUID, _Character] = {}
    for event in events:
        characters.setdefault(event.entity_id, _Character(event.entity_id, event.type)).add(event)
    return sorted(characters.values(), key=lambda character: -character.count)


def _shortened(value: Any) -> Any:
    """Of an entry its name, of a text its beginning."""
    if isinstance(value, dict):
        return {"name": str(value.get("name") or value.get("description") or "")[:MAX_TEXT_LENGTH]}
    return value[:MAX_TEXT_LENGTH] if isinstance(value, str) else value


def _rolls(events: Iterable[Event]) -> list[Json]:
    """By who rolled: how often, and how often it passed. A roll that was revealed later counts once."""
    latest = {event.entity_id: event.changes["roll"][1] for event in events}
    people: dict[str, Json] = {}
    for roll in latest.values():
        roller = roll["roller"]
        person = people.setdefault(roller["id"], {"name": roller["name"], "rolls": 0, "passed": 0})
        person["rolls"] += 1
        person["passed"] += bool(roll["outcome"]["passed"])
    return sorted(people.values(), key=lambda person: -person["rolls"])[:MAX_PEOPLE]
