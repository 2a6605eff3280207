"""Chapters of a recording: rolls of note, conflicts and title cards, as far as they are public now."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from companion.drawing.parts import VERDICTS
from companion.projection import ROLLS
from companion.selectors import past
from companion.selectors.replay import Recording
from companion.selectors.scene import public_events
from contract.events import EventType
from contract.replay import Chapter, ChapterKind, Chapters
from contract.stage import Decisions, Moment, PublicEvent, StageConflict, StageState
from contract.translation import _
from timeline.models import Event

# A plain success or failure is no chapter.
PLAIN = ("success", "failure")
TYPES = (*ROLLS, EventType.STAGE_CHANGED, EventType.CONFLICT_STARTED)
# YouTube knows no shorter ones, and nobody jumps between them.
SHORTEST = 10
MOST = 500
MAX_TITLE = 100


def chapters(recorded: Recording) -> Chapters:
    """In order; the first begins with the recording, and none is shorter than ten seconds."""
    found = [_opening(recorded)]
    for at, kind, title in sorted(_marks(recorded), key=lambda mark: mark[0]):
        seconds, last = recorded.seconds(at), found[-1]
        if seconds - last.seconds >= SHORTEST:
            found.append(Chapter(seconds=seconds, title=_short(title), kind=kind, at=at))
        elif last.kind != "start":
            found[-1] = last.model_copy(update={"title": _short(f"{last.title} · {title}")})
        elif recorded.length > 2 * SHORTEST:
            found.append(Chapter(seconds=SHORTEST, title=_short(title), kind=kind, at=at))
    return Chapters(length=recorded.length, chapters=found[:MOST])


Mark = tuple[datetime, ChapterKind, str]


def _opening(recorded: Recording) -> Chapter:
    row = recorded.episode
    title = row.title or _("Episode {number}", number=row.number)
    return Chapter(seconds=0, title=_short(title), kind="start", at=recorded.begins)


def _short(title: str) -> str:
    line = " ".join(title.split())
    return line if len(line) <= MAX_TITLE else f"{line[: MAX_TITLE - 1]}…"


def _marks(recorded: Recording) -> Iterator[Mark]:
    events = list(_events(recorded))
    lines = past.lines(recorded.campaign, events)
    public = [line.event for line in reversed(lines) if line.event is not None]
    yield from _rolls(recorded, public)
    yield from _conflicts(public)
    yield from _title_cards(public)


def _events(recorded: Recording) -> Iterable[Event]:
    rows = public_events(recorded.campaign).filter(type__in=TYPES)
    return rows.filter(created_at__gte=recorded.begins, created_at__lte=recorded.ends).order_by("seq")


def _rolls(recorded: Recording, events: Iterable[PublicEvent]) -> Iterator[Mark]:
    """Each roll once, as it stands: it may have been rerolled or decided."""
    decided = Decisions.model_validate(recorded.campaign.stage)
    rolls = {
        moment.id: moment
        for event in events
        if event.data["kind"] == "roll" and (moment := Moment.model_validate(event.data["moment"]))
    }
    for moment in rolls.values():
        is_kept_off = moment.id in decided.vetoed or moment.character in decided.hidden
        if moment.kind not in PLAIN and not is_kept_off and moment.at >= recorded.begins:
            yield moment.at, moment.kind, f"{moment.name}: {_(VERDICTS[moment.kind])}"


def _conflicts(events: Iterable[PublicEvent]) -> Iterator[Mark]:
    for event in events:
        if event.data["kind"] == "conflict" and (shown := event.data["conflict"]):
            conflict = StageConflict.model_validate(shown)
            yield event.created_at, "conflict", conflict.title or _("Conflict")


def _title_cards(events: Iterable[PublicEvent]) -> Iterator[Mark]:
    before = ""
    for event in events:
        if event.data["kind"] == "stage":
            card = StageState.model_validate(event.data["stage"]).title_card
            title = card.title if card else ""
            if title and title != before:
                yield event.created_at, "title", title
            before = title
