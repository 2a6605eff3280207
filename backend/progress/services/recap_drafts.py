"""Draft the recap of an episode from its timeline: who came, rolls of note, who was hurt, what changed.

Only what the whole table sees, then and now: no hidden roll, no trait that is private by now, nobody who left.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from chronicle.models import Attendance, Episode
from contract.base import Json
from contract.episodes import MAX_RECAP
from contract.events import Event as ShownEvent
from contract.events import EventType
from contract.labels import label
from contract.translation import _
from haven.models import Character
from haven.selectors import alive
from haven.utility import derived
from progress.services.rolls_of_note import worth_of
from rolls.models import Roll, Visibility
from rolls.selectors import rows as rolls
from rolls.serializers import is_check, title
from rules.visibility import Level
from timeline.frames import event_for
from timeline.models import Event

# Bounds of what one episode is searched for, and of what its draft holds.
MOST_EVENTS, MOST_ROLLS = 5000, 1000
MOST_LINES, MOST_CHANGES = 12, 6
# The trait in which a character of any game is hurt, and what of it is no wound.
HEALTH, NO_WOUND = frozenset({"health", "hp"}), frozenset({"total", "max", "size"})


@dataclass
class _Outcome:
    """What became of a character: path → its first and last value of the evening, and its label."""

    name: str
    changes: dict[str, tuple[Json, Json]] = field(default_factory=dict)
    lines: dict[str, str] = field(default_factory=dict)

    def add(self, event: ShownEvent, shown: Iterable[str]) -> None:
        for path in shown:
            before, after = event.changes[path]
            first = self.changes[path][0] if path in self.changes else before
            self.changes[path] = (first, after)
            sides = (event.in_words(path, first) or "–", event.in_words(path, after) or "–")
            self.lines[path] = f"{event.label_of(path)} {sides[0]} → {sides[1]}"

    def of(self, wounds: bool) -> list[str]:
        """The lines of wounds, or of all the rest; what ended as it began is no change."""
        moved = (path for path, (before, after) in self.changes.items() if before != after)
        return [self.lines[path] for path in moved if _is_wound(path) is wounds]


def draft(episode: Episode) -> str:
    """A text to go on from, in the language of who asks; empty where nothing is known."""
    outcomes = list(_outcomes(episode))
    parts = [
        _came(episode),
        _section(_("Rolls to remember"), _of_note(episode)),
        _section(_("Who was hurt"), _lines(outcomes, wounds=True)),
        _section(_("What changed"), _lines(outcomes, wounds=False)),
    ]
    return "\n\n".join(filter(None, parts))[:MAX_RECAP]


def _section(head: str, lines: Iterable[str]) -> str:
    shown = [f"• {line}" for line in lines][:MOST_LINES]
    return "\n".join([head, *shown]) if shown else ""


def _came(episode: Episode) -> str:
    rows = Attendance.objects.filter(episode=episode, state=Attendance.State.CAME).select_related("user")
    played = [row.character for row in rows if row.character]
    names = dict(alive().filter(pk__in=played, chronicle=episode.chronicle_id).values_list("pk", "name"))
    people = [
        (
            f"{names[row.character]} ({row.user.display_name})"
            if row.character in names
            else row.user.display_name
        )
        for row in rows
    ]
    return _("Who came: {names}.", names=", ".join(sorted(people, key=str.casefold))) if people else ""


def _of_note(episode: Episode) -> Iterator[str]:
    """The rolls of characters who are here that people will talk about, as they stand."""
    start, end = span(episode)
    found = rolls().filter(
        chronicle=episode.chronicle_id,
        visibility=Visibility.PUBLIC,
        created_at__range=(start, end),
        character__chronicle=episode.chronicle_id,
        character__deleted_at=None,
    )
    for roll in found.order_by("pk")[:MOST_ROLLS]:
        if worth_of(roll):
            yield _line_of(roll)


def _line_of(roll: Roll) -> str:
    name = roll.character.name if roll.character else roll.name
    outcome = label(str(roll.outcome["label"]))
    return f"{name}: {label(title(roll))}, {outcome}" if is_check(roll) else f"{name}: {outcome}"


def _outcomes(episode: Episode) -> Iterator[_Outcome]:
    """What became of each character who is still here, in the order of their names."""
    here = {row.pk: derived(row) for row in alive().filter(chronicle=episode.chronicle_id)}
    outcomes: dict[UUID, _Outcome] = {}
    for event in _updates(episode):
        character = here.get(event.entity_id)
        shown = event_for(event, Level.TABLE) if character else None
        if character and shown:
            one = outcomes.setdefault(character.pk, _Outcome(character.name))
            one.add(shown, (path for path in shown.changes if _is_open(character, path)))
    return iter(sorted(outcomes.values(), key=lambda one: one.name.casefold()))


def _updates(episode: Episode) -> Iterable[Event]:
    start, end = span(episode)
    events = Event.objects.filter(
        stream_id=episode.chronicle_id,
        type=EventType.CHARACTER_UPDATED.value,
        created_at__range=(start, end),
    )
    return events.select_related("stream", "actor").order_by("seq")[:MOST_EVENTS]


def _is_open(character: Character, path: str) -> bool:
    return character.level_of(path) <= Level.TABLE


def _is_wound(path: str) -> bool:
    slug, _dot, part = path.partition(".")
    return slug in HEALTH and part not in NO_WOUND


def _lines(outcomes: Iterable[_Outcome], *, wounds: bool) -> Iterator[str]:
    for outcome in outcomes:
        if lines := outcome.of(wounds):
            more = ", …" if len(lines) > MOST_CHANGES else ""
            yield f"{outcome.name}: " + ", ".join(lines[:MOST_CHANGES]) + more


def span(episode: Episode) -> tuple[datetime, datetime]:
    """From its start to its end, or to now while it runs."""
    return episode.started_at or episode.planned_for, episode.ended_at or timezone.now()
