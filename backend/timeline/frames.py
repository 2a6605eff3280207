"""Events as each level of viewer sees them: frames of the gateway, and the JSON of answers and history."""

from collections.abc import Callable, Iterable
from typing import Any

import orjson

from contract import events as contract
from contract.events import EVENT_TYPES, Mark
from contract.labels import edition_of_splat
from delivery.source import EventMessage
from rules.visibility import Level
from timeline.models import Event

Facts = dict[str, Any]
# Which of these paths of a splat hold words of a list.
Choices = Callable[[str, Iterable[str]], list[str]]
_choices: list[Choices] = []
# The path of a change that is the version itself: a step of a conflict.
STEP_PATH = "step"


def choices_by(ask: Choices) -> None:
    """Register the app above that knows how traits are declared."""
    _choices[:] = [ask]


def choices_of(event: Event, paths: Iterable[str]) -> list[str]:
    """Return the paths whose values readers are shown in their language, in an order that no database changes."""
    return sorted(path for ask in _choices for path in ask(event.subject.get("splat", ""), paths))


def visible_changes(event: Event, level: int) -> dict[str, list[Any]]:
    shown = event.visibility
    changes = {path: pair for path, pair in event.changes.items() if shown.get(path, Level.PRIVATE) <= level}
    if STEP_PATH in changes:
        version = version_at(event, level)
        changes[STEP_PATH] = [version - 1, version]
    return changes


def edition_of(event: Event) -> str:
    """The edition of its character, whose words its labels are; empty for what is no character."""
    return edition_of_splat(event.subject.get("splat", ""))


def version_at(event: Event, level: int) -> int:
    """The entity's version as readers of this level count it: some count only what they see."""
    versions: dict[str, int] = event.subject.get("versions", {})
    return versions.get(Level(level).label, event.version)


def event_json(event: Event, level: int, facts: Facts | None = None) -> dict[str, Any] | None:
    """The event for a reader of this level; None when all its changes are hidden from them. `facts`: those of every
    level, where several levels are made.

    Command and notices are shown only with the whole event: they describe the hidden part too.
    """
    changes = visible_changes(event, level)
    if event.changes and not changes:
        return None
    # An entity that arrives brings the storyteller's traits too, which are empty: nothing hidden is described.
    arrives = Mark.WHOLE in EVENT_TYPES[event.type].marks
    is_whole = level >= Level.PRIVATE and (arrives or len(changes) == len(event.changes))
    return {
        **(facts or facts_of(event)),
        "version": version_at(event, level),
        "command": event.command if is_whole else "",
        "changes": changes,
        "labels": {path: event.labels[path] for path in changes if path in event.labels},
        "choices": choices_of(event, changes),
        "notices": event.notices if is_whole else [],
    }


def facts_of(event: Event) -> Facts:
    """What readers of every level are shown alike."""
    actor = event.actor.as_json() if event.actor else {"id": None, "name": "", "avatar_url": ""}
    return {
        "id": str(event.id),
        "stream": event.stream.name,
        "seq": event.seq,
        "type": event.type,
        "entity": event.entity,
        "entity_id": str(event.entity_id),
        "at": event.created_at.isoformat(),
        "door": event.door,
        "actor": {
            "id": actor["id"],
            "name": event.actor_name or actor["name"],
            "avatar_url": actor["avatar_url"],
        },
        # An absent player, for whom the actor did it.
        "acting_for": event.subject.get("for"),
        "edition": edition_of(event),
        "undoes": str(event.undoes_id) if event.undoes_id else None,
        # A live event is the newest there is; the history fills this in.
        "undone_by": None,
    }


def event_for(event: Event, level: int) -> contract.Event | None:
    """As `event_json`, for an answer."""
    body = event_json(event, level)
    return None if body is None else contract.Event.model_validate(body)


def frame(event: Event, level: int, facts: Facts | None = None) -> dict[str, Any] | None:
    """The gateway's frame (docs/GATEWAY.md) for this level, or None."""
    type = EVENT_TYPES[event.type]
    if level < Level.TABLE and Mark.TABLE_ONLY in type.marks:
        return None
    body = event_json(event, level, facts)
    if body is None:
        return None
    fields = {path: after for path, (_, after) in body["changes"].items()}
    result: dict[str, Any] = {
        "type": type.frame,
        "entity": event.entity,
        "stream": body["stream"],
        "id": body["entity_id"],
        "seq": event.seq,
        "version": body["version"],
        "event": body,
    }
    if type.frame in ("created", "restored"):
        result[event.entity] = {
            **{name: value for name, value in event.subject.items() if name != "for"},
            "id": body["entity_id"],
            "version": body["version"],
            "fields": nested(fields),
        }
    else:
        result["fields"] = fields
    return result


def nested(fields: dict[str, Any]) -> dict[str, Any]:
    """`{"health.total": 7}` → `{"health": {"total": 7}}`."""
    document: dict[str, Any] = {}
    for path, value in fields.items():
        *parents, last = path.split(".")
        node = document
        for name in parents:
            node = node.setdefault(name, {})
        node[last] = value
    return document


def encode(event: Event, level: int, facts: Facts | None = None) -> str | None:
    """The frame as JSON text."""
    body = frame(event, level, facts)
    return None if body is None else orjson.dumps(body).decode()


def message(event: Event) -> EventMessage:
    """What is published: each frame encoded once per level, however many viewers there are."""
    facts = facts_of(event)
    return {
        "type": "stream.event",
        "stream": event.stream.name,
        "seq": event.seq,
        "owner": event.subject.get("owner"),
        "entity_id": str(event.entity_id),
        "event_type": event.type,
        # Whose rights it changed; None: anybody's, where it could have changed any.
        "users": event.subject.get("users"),
        "frames": {str(int(level)): encode(event, level, facts) for level in Level},
    }
