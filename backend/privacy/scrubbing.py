"""The timeline of somebody who goes: numbers, times and what the table saw stay, so that streams have no gap and
others' changes can be undone. What was between player and storytellers goes, and so do names and ids of the person.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from chronicle.models import ServerMember
from contract.translation import N_
from discordauth.models import FORMER_PLAYER, CustomUser
from haven.models import Character
from haven.portraits import PORTRAIT
from privacy import retention
from rules.visibility import Level
from timeline.models import Event, Notification, Stream

WINDOW = 1000
KEPT = "traces"
# In place of what is gone from a change: seen by who saw it, and nothing that could be undone.
GONE, ERASED = "erased", N_("Deleted with the account")
NAMES = frozenset({"name", "username", "global_name", "discord_username", "nickname"})
PICTURES = frozenset({"avatar_url", "picture_url"})
# Whose private changes are between a player and their storytellers.
PRIVATE_OF = frozenset({"character", "submission", "helpful_act"})
# Of `chronicle.services.chronicles.hand_over`: by name, who led and who leads.
LEAD = ".storyteller"
SAVED = ("changes", "visibility", "labels", "notices", "subject", "command", "interaction_id", "actor_name")


@dataclass(frozen=True)
class Traces:
    """By what a person is found in events: ids, names, and the addresses of their pictures."""

    id: str
    discord_id: str
    names: frozenset[str]
    characters: frozenset[UUID]
    portraits: tuple[str, ...]

    @classmethod
    def of(cls, person: CustomUser) -> "Traces":
        characters = frozenset(Character.objects.filter(owner=person).values_list("pk", flat=True))
        pictures = tuple(sorted({path for pk in characters for path in portraits_of(pk)}))
        names = frozenset(names_of(person))
        return cls(str(person.pk), discord_id_of(person), names, characters, pictures)


def remember(person: CustomUser) -> dict[str, Any]:
    """What of a person is looked for until nothing of them is left; kept in the row of an account that is closed."""
    given = {person.username, person.global_name, person.discord_username, person.get_full_name()}
    given |= set(ServerMember.objects.filter(user=person).values_list("nickname", flat=True))
    return {KEPT: {"discord_id": person.discord_id or "", "names": sorted(given - {""})}}


def discord_id_of(person: CustomUser) -> str:
    return str(person.metadata.get(KEPT, {}).get("discord_id", ""))


def names_of(person: CustomUser) -> list[str]:
    found: list[str] = person.metadata.get(KEPT, {}).get("names", [])
    return found


def portraits_of(character_id: UUID) -> set[str]:
    """Every picture that a character ever had: old ones are kept for undo."""
    found = set(Character.objects.filter(pk=character_id).values_list("avatar", flat=True))
    for changes in Event.objects.filter(entity_id=character_id).values_list("changes", flat=True).iterator():
        found |= {side for side in changes.get("avatar", ()) if isinstance(side, str)}
    return {path for path in found if path.startswith(f"{PORTRAIT.folder}/")}


def scrub_events(person: CustomUser) -> None:
    traces = Traces.of(person)
    for event in _events_with(traces, person):
        before = {name: getattr(event, name) for name in SAVED}
        _scrub(event, traces, person)
        changed = {name: getattr(event, name) for name in SAVED if getattr(event, name) != before[name]}
        if changed:
            Event.objects.filter(pk=event.pk).update(**changed)


def _events_with(traces: Traces, person: CustomUser) -> Iterator[Event]:
    """Every event that has to do with them, read by windows of the key: no index tells what JSON holds."""
    wanted = Q(actor=person) | Q(entity_id__in=traces.characters) | Q(changes_text__contains=LEAD)
    for name in traces.names:
        wanted |= Q(command__contains=f"@{name}")
    for text in filter(None, (traces.id, traces.discord_id)):
        wanted |= Q(changes_text__contains=text) | Q(subject_text__contains=text)
    every, last = Event.objects.order_by("pk"), None
    while True:
        rows = every if last is None else every.filter(pk__gt=last)
        ids = list(rows.values_list("pk", flat=True)[:WINDOW])
        if not ids:
            return
        texts = {f"{name}_text": Cast(name, TextField()) for name in ("changes", "subject")}
        window = Event.objects.filter(pk__gte=ids[0], pk__lte=ids[-1]).annotate(**texts)
        yield from window.filter(wanted)
        last = ids[-1]


def _scrub(event: Event, traces: Traces, person: CustomUser) -> None:
    if event.actor_id == person.pk:
        event.actor_name = event.interaction_id = ""
    theirs = event.subject.get("owner") == traces.id or event.entity_id in traces.characters
    if theirs and event.entity in PRIVATE_OF:
        _drop_private(event)
    event.command = _without_mentions(event.command, traces)
    event.changes = _without_lead(event, traces, person)
    for name in ("changes", "subject"):
        setattr(event, name, _without(getattr(event, name), traces))
    event.notices = _without(event.notices, traces, by_name=True)


def _without_mentions(command: str, traces: Traces) -> str:
    """In a command others are named as they are in Discord: `player:@mira`."""
    for name in sorted(traces.names, key=len, reverse=True):
        command = re.sub(rf"@{re.escape(name)}(?![\w.])", lambda found: f"@{FORMER_PLAYER}", command)
    return command


def _without_lead(event: Event, traces: Traces, person: CustomUser) -> dict[str, Any]:
    """Who acted is the lead before. Who got a role by it is the lead since, and so may be who had one, by name."""
    gave, got = event.actor_id == person.pk, f"members.{traces.id}" in event.changes

    def shown(name: str | None, is_theirs: bool) -> str | None:
        return FORMER_PLAYER if name and (is_theirs or name in traces.names) else name

    return {
        path: [shown(sides[0], gave), shown(sides[1], got and not gave)] if path.endswith(LEAD) else sides
        for path, sides in event.changes.items()
    }


def _drop_private(event: Event) -> None:
    """Leave what the table saw. A mark on the level of the storytellers stands for the rest."""
    public = {path for path in event.changes if event.visibility.get(path, Level.PRIVATE) <= Level.TABLE}
    if public == set(event.changes):
        return
    event.changes = {path: event.changes[path] for path in public} | {GONE: [None, None]}
    event.visibility = {path: event.visibility[path] for path in public} | {GONE: int(Level.SECRET)}
    event.labels = {path: label for path, label in event.labels.items() if path in public} | {GONE: ERASED}
    event.notices, event.command = [], ""


def _without(value: Any, traces: Traces, by_name: bool = False) -> Any:
    """The same, with a former player in place of the person. `by_name`: a name alone is enough to tell."""
    if isinstance(value, list):
        return [_without(part, traces, by_name) for part in value]
    if isinstance(value, dict):
        found = {
            key: _without_name(part) if key == f"members.{traces.id}" else _without(part, traces, by_name)
            for key, part in value.items()
            if not traces.discord_id or key != traces.discord_id
        }
        return _anonymous(found) if value.get("id") == traces.id else found
    if not isinstance(value, str):
        return value
    if by_name and value in traces.names:
        return FORMER_PLAYER
    if value == traces.discord_id or any(path in value for path in traces.portraits):
        return ""
    return value


def _without_name(sides: Any) -> Any:
    """Of a membership its nickname goes; who came and went, and with which roles, is the server's history."""
    return [side | {"nickname": ""} if isinstance(side, dict) else side for side in sides]


def _anonymous(person: dict[str, Any]) -> dict[str, Any]:
    shown = {name: FORMER_PLAYER for name in person if name in NAMES}
    shown |= dict.fromkeys(PICTURES & person.keys(), "")
    return person | shown | ({"discord_id": None} if "discord_id" in person else {})


def delete_own_stream(person: CustomUser) -> None:
    """What they did alone: their characters without a chronicle, their private rolls."""
    rows = Event.objects.filter(stream_id=person.pk)
    # A character moved to a chronicle before a change was undone there.
    elsewhere = Event.objects.filter(undoes__stream_id=person.pk).exclude(stream_id=person.pk)
    Event.objects.filter(pk__in=list(elsewhere.values_list("pk", flat=True))).update(undoes=None)
    rule = next(rule for rule in retention.RULES if rule.model is Event)
    # The newest first: what undid something goes before that.
    while ids := list(rows.order_by("-pk").values_list("pk", flat=True)[:WINDOW]):
        retention.delete(rule, ids)
    Stream.objects.filter(pk=person.pk).delete()


def notifications_with(person: CustomUser) -> Any:
    """Those to them, and those that name them."""
    return Notification.objects.filter(Q(user=person) | Q(event__actor=person))
