"""Plan, start, end and call off the sessions of a chronicle. Whatever changes one goes through `changing`.

The row of the chronicle is locked first, so two who plan or start at the same moment come one after the other.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from chronicle import features
from chronicle.models import Attendance, Chronicle, Episode
from chronicle.principal import Principal
from chronicle.services.change import difference
from chronicle.services.chronicles import lock
from chronicle.services.schedules import clock_of, schedule_of
from contract.episodes import MAX_SUMMARY, MAX_TITLE, ChangeEpisode, PlanEpisode
from contract.events import EpisodeSubject, EventType
from contract.translation import N_, _
from rules.errors import Conflict, Invalid, Limit
from rules.schedule import on_the_clock
from rules.text import clean, clean_lines
from rules.visibility import SECRET, TABLE, Level
from timeline.services import Cause, record

MAX_PLANNED = 20
MAX_EPISODES = 2000
LABELS = {
    "number": N_("Episode number"),
    "title": N_("Title"),
    "summary": N_("Summary"),
    "status": N_("Status"),
    "planned_for": N_("Date"),
    "stream_offset": N_("Start of the recording"),
    "recap": N_("Recap"),
    "draft": N_("Draft of the recap"),
    "recap_is_public": N_("Recap is public"),
}
# Of a draft storytellers alone know.
DRAFT = "draft"
# The path of what an attendance was awarded: storytellers alone see it, as experience is not the table's business.
EXPERIENCE = "experience"
Status = Episode.Status


def plan(chronicle: Chronicle, wanted: PlanEpisode, *, principal: Principal, cause: Cause) -> Episode:
    """Plan the next session, at the time that is named or at the next free date of the schedule."""
    with transaction.atomic():
        locked = lock_chronicle(chronicle, principal)
        _refuse_too_many(locked)
        schedule = schedule_of(locked)
        if wanted.planned_for is not None:
            begins = _moment(locked, wanted.planned_for, principal)
        else:
            begins = next_free(locked, timezone.now())
        _refuse_same_time(locked, begins)
        made = Episode.objects.create(
            chronicle=locked,
            number=_next_number(locked),
            title=clean(wanted.title, MAX_TITLE),
            summary=clean_lines(wanted.summary, MAX_SUMMARY),
            planned_for=begins,
            weeks=schedule.weeks if schedule else None,
        )
        changes = difference({}, {path: value for path, value in document(made).items() if value})
        _record(made, changes, cause, EventType.EPISODE_PLANNED)
    return made


def lock_chronicle(chronicle: Chronicle, principal: Principal, action: str = "episode.run") -> Chronicle:
    """Lock it for a change of its sessions. Raises NotAllowed where sessions are switched off."""
    locked = lock(chronicle, principal, action)
    features.require(locked.server, "sessions")
    return locked


def _refuse_too_many(chronicle: Chronicle) -> None:
    rows = Episode.objects.filter(chronicle=chronicle)
    if rows.filter(status=Status.PLANNED).count() >= MAX_PLANNED:
        raise Limit(
            _("Up to {most} episodes can be planned at once.", most=MAX_PLANNED), code="too_many_planned"
        )
    if rows.count() >= MAX_EPISODES:
        raise Limit(
            _("A chronicle can have up to {most} episodes.", most=MAX_EPISODES), code="too_many_sessions"
        )


def _moment(chronicle: Chronicle, typed: datetime, principal: Principal) -> datetime:
    """What is typed without an offset is on the table's clock."""
    if typed.tzinfo is not None:
        return typed
    return on_the_clock(typed, clock_of(schedule_of(chronicle), principal))


def next_free(chronicle: Chronicle, now: datetime) -> datetime:
    """Return the next date of the schedule after every session that is planned. Raises Invalid without a schedule."""
    schedule = schedule_of(chronicle)
    if schedule is None:
        raise Invalid.field("planned_for", _("Say when, or set a schedule first."))
    planned = Episode.objects.filter(chronicle=chronicle, status=Status.PLANNED)
    latest = planned.aggregate(latest=Max("planned_for"))["latest"]
    return schedule.rhythm.after(max(now, latest) if latest else now)


def _refuse_same_time(chronicle: Chronicle, begins: datetime) -> None:
    if Episode.objects.filter(chronicle=chronicle, status=Status.PLANNED, planned_for=begins).exists():
        raise Conflict(_("An episode is planned for that time already."), code="session_planned")


def _next_number(chronicle: Chronicle) -> int:
    highest = Episode.objects.filter(chronicle=chronicle).aggregate(highest=Max("number"))["highest"]
    return (highest or 0) + 1


def change(episode: Episode, wanted: ChangeEpisode, *, principal: Principal, cause: Cause) -> Episode:
    """Change title, date, summary, or where the recording begins. What was played keeps its date."""
    with changing(episode, EventType.EPISODE_CHANGED, principal=principal, cause=cause) as locked:
        if wanted.title is not None:
            locked.title = clean(wanted.title, MAX_TITLE)
        if wanted.summary is not None:
            locked.summary = clean_lines(wanted.summary, MAX_SUMMARY)
        if wanted.stream_offset is not None:
            locked.stream_offset = wanted.stream_offset
        if wanted.planned_for is not None:
            _move(locked, _moment(locked.chronicle, wanted.planned_for, principal))
    return locked


def _move(episode: Episode, begins: datetime) -> None:
    if begins == episode.planned_for:
        return
    require_status(episode, Status.PLANNED)
    _refuse_same_time(episode.chronicle, begins)
    episode.planned_for = begins


def start(chronicle: Chronicle, episode: Episode | None, *, principal: Principal, cause: Cause) -> Episode:
    """Start a planned session, or with None one that nobody planned. Only one runs at a time."""
    with transaction.atomic():
        locked = lock_chronicle(chronicle, principal)
        if episode is None:
            now = PlanEpisode(planned_for=timezone.now())
            episode = plan(locked, now, principal=principal, cause=cause)
        with changing(episode, EventType.EPISODE_STARTED, principal=principal, cause=cause) as started:
            require_status(started, Status.PLANNED)
            if live := Episode.objects.filter(chronicle=locked, status=Status.LIVE).first():
                raise Conflict(
                    _("Episode {number} is still running. End it first.", number=live.number),
                    code="session_live",
                )
            started.status, started.started_at = Status.LIVE, timezone.now()
    return started


def end(episode: Episode, summary: str | None) -> None:
    """End a (locked) session that runs."""
    require_status(episode, Status.LIVE)
    episode.status, episode.ended_at = Status.DONE, timezone.now()
    if summary is not None:
        episode.summary = clean_lines(summary, MAX_SUMMARY)


def cancel(episode: Episode, *, principal: Principal, cause: Cause) -> Episode:
    """Call a planned episode off: its number is free again, and nobody's streak breaks by it."""
    with changing(episode, EventType.EPISODE_CANCELLED, principal=principal, cause=cause) as locked:
        require_status(locked, Status.PLANNED)
        locked.status, locked.number = Status.CANCELLED, None
    return locked


# Status → why something that needs another one is refused.
REFUSALS = {
    Status.PLANNED: N_("This episode hasn’t started yet."),
    Status.LIVE: N_("This episode is running already."),
    Status.DONE: N_("This episode is over."),
    Status.CANCELLED: N_("This episode was called off."),
}


def require_status(episode: Episode, *wanted: str) -> None:
    """Raises Conflict (`session_planned`, `session_live`, `session_done`, `session_cancelled`)."""
    if episode.status not in wanted:
        raise Conflict(_(REFUSALS[Status(episode.status)]), code=f"session_{episode.status}")


@contextmanager
def changing(
    episode: Episode,
    type: EventType,
    *,
    principal: Principal,
    cause: Cause,
    action: str = "episode.run",
) -> Iterator[Episode]:
    """Yield the locked session to change (without saving it); then save what differs, and record it as one event."""
    with transaction.atomic():
        chronicle = lock_chronicle(episode.chronicle, principal, action)
        locked = Episode.objects.select_for_update().get(pk=episode.pk)
        locked.chronicle = chronicle
        before = document(locked)
        yield locked
        if changes := difference(before, document(locked)):
            locked.version += 1
            locked.save()
            _record(locked, changes, cause, type)


def document(episode: Episode) -> dict[str, Any]:
    """Return the session as a flat document: `{"title": …, "attendance.<user>": {…}}`. One query."""
    flat: dict[str, Any] = {name: getattr(episode, name) for name in ("number", "title", "summary", "status")}
    flat["planned_for"] = episode.planned_for.isoformat()
    if episode.stream_offset:
        flat["stream_offset"] = episode.stream_offset
    if episode.recap:
        flat["recap" if episode.recap_published_at else DRAFT] = episode.recap
    if episode.recap_is_public:
        flat["recap_is_public"] = True
    for row in Attendance.objects.filter(episode=episode).order_by("user_id"):
        flat[f"attendance.{row.user_id}"] = {
            "coming": row.answer,
            "state": row.state or None,
            "character": str(row.character) if row.character else None,
        }
        if row.experience is not None:
            flat[f"{EXPERIENCE}.{row.user_id}"] = row.experience
    return flat


def _record(episode: Episode, changes: dict[str, list[Any]], cause: Cause, type: EventType) -> None:
    record(
        stream=("chronicle", episode.chronicle_id),
        type=type,
        subject=EpisodeSubject(name=episode.title, number=episode.number),
        entity_id=episode.id,
        version=episode.version,
        cause=cause,
        changes=changes,
        visibility={path: int(_level_of(path)) for path in changes},
        labels={path: LABELS[path] for path in changes if path in LABELS},
    )


def _level_of(path: str) -> Level:
    return SECRET if path == DRAFT or path.startswith(EXPERIENCE) else TABLE
