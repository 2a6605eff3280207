"""What of an event is published, or nothing: public when it happened, and public now.

Each type of event has a line in `PROJECTIONS`; a type without one is nobody's business. A projection reads the state
that the event left behind from a `Rewind`, so the same function serves an event that has just happened and one of
last year.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from chronicle.models import Chronicle, Episode
from companion import cast, moments
from companion.cast import Seen
from companion.models import Campaign
from companion.rewind import LAYOUT, ROSTER, VISIBILITY, Rewind
from conflicts.models import Conflict
from contract.base import Json, JsonObject
from contract.events import EventType
from contract.stage import (
    DataKind,
    EventKind,
    PublicEvent,
    StageCampaign,
    StageConflict,
    StageEpisode,
    StageState,
    StageTurn,
    TierLayout,
)
from haven.gauges import on_stage
from haven.models import Character
from haven.utility import derived
from rolls.models import Roll
from rules.conflict.kinds import GATHER
from rules.conflict.order import acting, current
from rules.conflict.state import DECLARED, State
from rules.visibility import PUBLIC, TABLE
from timeline.models import Event


@dataclass(frozen=True)
class Published:
    """What is said of an event. `takes_off`: something goes off air by it, at once whatever the delay."""

    kind: DataKind
    data: JsonObject
    character: UUID | None = None
    event_type: EventKind = "custom"
    takes_off: bool = False

    def as_event(self, campaign_id: UUID, event: Event) -> PublicEvent:
        assert event.public_seq is not None
        return PublicEvent(
            id=event.pk,
            campaign_id=campaign_id,
            character_id=self.character,
            event_type=self.event_type,
            data={"kind": self.kind, **self.data},
            created_at=event.created_at,
            seq=event.public_seq,
        )


@dataclass(frozen=True)
class Line:
    """A public event as it stands in the campaign's stream; `event` is None where nothing of it is public any more."""

    seq: int
    event: PublicEvent | None
    takes_off: bool = False


Projection = Callable[[Event, Rewind], Published | None]


def project(event: Event, after: Rewind) -> Published | None:
    """`after` stands at the moment right after the event."""
    projection = PROJECTIONS.get(event.type)
    return projection(event, after) if projection else None


# Characters


def _came(event: Event, after: Rewind) -> Published | None:
    seen = after.public(event.entity_id)
    return None if seen is None else _whole(seen, after.campaign)


def _whole(seen: Seen, campaign: Campaign) -> Published:
    body: JsonObject = cast.shown(campaign, seen).model_dump(mode="json")
    return Published("character", {"character": body}, seen.row.pk)


def _left(event: Event, after: Rewind) -> Published | None:
    """Nothing but that it is gone, and only of one that was on stage."""
    was_published = event.public_seq is not None
    return _gone(event.entity_id) if was_published or _was_on_stage(event.entity_id) else None


def _was_on_stage(character_id: UUID) -> bool:
    """Of one that has just gone: its row stands as it was, wherever it plays now."""
    row = Character.objects.filter(pk=character_id).first()
    return row is not None and cast.has_public_name(derived(row))


def _gone(character_id: UUID) -> Published:
    return Published("left", {}, character_id, takes_off=True)


def _changed(event: Event, after: Rewind) -> Published | None:
    seen = after.character(event.entity_id)
    if seen is None:
        return None
    before, status = event.changes.get("status", (None, None))
    if status == "draft" and cast.NAME not in seen.hidden:
        return _gone(event.entity_id)
    if not seen.is_public:
        return None
    fields = {path: pair for path, pair in event.changes.items() if _is_shown(event, path, seen.hidden)}
    if not fields and before != "draft":
        return None
    if before == "draft" or {path.partition(".")[0] for path in fields} & _of_the_whole(seen):
        return _whole(seen, after.campaign)
    return _fields(event, seen, fields)


def _is_shown(event: Event, path: str, hidden: set[str]) -> bool:
    level = event.visibility.get(path)
    return level is not None and level <= PUBLIC and path.partition(".")[0] not in hidden


def _of_the_whole(seen: Seen) -> set[str]:
    """Traits that are more than a gauge: with one of them the whole character is published again."""
    parts = type(seen.row).stage_parts
    return {"name", "status", "theme", "avatar", *(parts[name] for name in parts if name not in ("hp", "ac"))}


def _fields(event: Event, seen: Seen, pairs: Mapping[str, tuple[Json, Json]]) -> Published:
    """The changed values, and what they make of the gauges that show them."""
    document = {slug: value for slug, value in seen.document.items() if slug not in seen.hidden}
    stats = on_stage(type(seen.row), document, seen.row.chronicle).stats
    slugs = {path.partition(".")[0] for path in pairs}
    changed = [gauge.model_dump(mode="json") for gauge in stats.gauges if gauge.path in slugs]
    data: dict[str, Any] = {
        "fields": {path: after for path, (_before, after) in pairs.items()},
        "labels": {path: event.labels[path] for path in pairs if path in event.labels},
        "gauges": changed,
        "version": seen.version,
    }
    if stats.conditions is not None:
        data["conditions"] = list(stats.conditions)
    kind, more = _as_specified(seen, pairs, stats.hp.max if stats.hp else None)
    return Published("fields", data | more, seen.row.pk, kind)


def _as_specified(
    seen: Seen, pairs: Mapping[str, tuple[Json, Json]], most: int | None
) -> tuple[EventKind, JsonObject]:
    """The specification's names for what changed: hit points, or one condition."""
    traits = type(seen.row).traits
    for path, (before, after) in pairs.items():
        trait = traits[path.partition(".")[0]]
        if trait.kind == "hp":
            return "hp_change", {"path": path, "before": before, "after": after, "max": most}
        if trait.kind == "conditions":
            return "condition", {"condition": _name_of(before, after), "on": after is not None}
    return "custom", {}


def _name_of(before: Json, after: Json) -> Json:
    entry = before if after is None else after
    return entry.get("name") if isinstance(entry, dict) else entry


def _shown(event: Event, after: Rewind) -> Published | None:
    """Somebody changed who may see a trait: it comes on air with its value, or goes off."""
    ((path, (before, now)),) = event.changes.items()
    slug, seen = path.removeprefix(VISIBILITY), after.character(event.entity_id)
    if seen is None or PUBLIC.label not in (before, now):
        return None
    if now != PUBLIC.label:
        return _hidden(seen, slug, event)
    if not seen.is_public or slug in seen.hidden:
        return None
    if slug == cast.NAME or slug in _of_the_whole(seen):
        return _whole(seen, after.campaign)
    return _fields(event, seen, {slug: (None, seen.document.get(slug))})


def _hidden(seen: Seen, slug: str, event: Event) -> Published | None:
    if slug == cast.NAME:
        return _gone(seen.row.pk) if cast.is_finished(seen.document) else None
    if not seen.is_public:
        return None
    return Published("hidden", {"paths": [slug], "version": seen.version}, seen.row.pk, takes_off=True)


# What is played


def _roll(event: Event, after: Rewind) -> Published | None:
    if not after.campaign.shows_rolls:
        return None
    roll = after.roll(event.entity_id)
    return roll_published(roll, after) if roll else None


def roll_published(roll: Roll, after: Rewind) -> Published | None:
    if roll.character_id is None or not moments.is_public(roll):
        return None
    seen = after.public(roll.character_id)
    if seen is None or str(roll.character_id) not in after.roster:
        return None
    return Published("roll", {"moment": moments.moment_of(roll, seen).model_dump(mode="json")}, seen.row.pk)


def _conflict(event: Event, after: Rewind) -> Published | None:
    heard = any(event.visibility.get(path, PUBLIC + 2) <= TABLE for path in event.changes)
    if not heard or not after.campaign.shows_conflicts:
        return None
    found = after.conflict(event.entity_id)
    shown = conflict_shown(*found, after) if found else None
    return Published("conflict", {"conflict": shown.model_dump(mode="json") if shown else None})


def conflict_shown(row: Conflict, state: State, after: Rewind) -> StageConflict | None:
    """Who acts when, without who is hidden and whose name is not public; None once it is over."""
    known = state.shown
    if not known.open:
        return None
    turns = [] if known.phase == GATHER else _turns(known, after)
    return StageConflict(id=row.pk, kind=row.kind, title=row.title, round=known.round, turns=turns)


def _turns(state: State, after: Rewind) -> list[StageTurn]:
    now, found = current(state), []
    for turn in acting(state):
        who, action = state.participants[turn.participant], state.actions.get(turn.key)
        character = UUID(who.character) if who.character else None
        if character is not None and after.public(character) is None:
            continue
        is_current = now is not None and turn.key == now.key
        waits = action is None or action.state == DECLARED
        progress = "current" if is_current else "waiting" if action is None else action.state
        progress = "declared" if waits and action is not None and not is_current else progress
        found.append(StageTurn(name=who.name, character=character, state=progress))
    return found


def _episode(event: Event, after: Rewind) -> Published | None:
    """Sessions that run or ran; what is only planned may be a surprise."""
    row = Episode.objects.filter(pk=event.entity_id).first()
    if row is None or row.started_at is None or row.status == Episode.Status.CANCELLED:
        return None
    if event.type == EventType.EPISODE_ENDED:
        return Published("episode", {"episode": None, "number": row.number})
    if event.type == EventType.EPISODE_CHANGED and ("title" not in event.changes or _was_over(row, event)):
        return None
    return Published("episode", {"episode": episode_shown(row).model_dump(mode="json"), "number": row.number})


def _was_over(row: Episode, event: Event) -> bool:
    # An event that is not stored yet happens now.
    happened = event.created_at or timezone.now()
    return row.ended_at is not None and row.ended_at <= happened


def episode_shown(row: Episode) -> StageEpisode:
    return StageEpisode(id=row.pk, number=row.number, title=row.title, started_at=row.started_at)


# The campaign itself


def campaign_shown(campaign: Campaign) -> StageCampaign:
    row: Chronicle = campaign.chronicle
    return StageCampaign(id=campaign.pk, slug=row.slug, name=row.name, description=row.description)


def _campaign(event: Event, after: Rewind) -> Published | None:
    return Published("campaign", {"campaign": campaign_shown(after.campaign).model_dump(mode="json")})


def _options(event: Event, after: Rewind) -> Published | None:
    shown = campaign_shown(after.campaign).model_dump(mode="json")
    names = ("shows_rolls", "shows_players", "shows_conflicts")
    off = any(event.changes.get(name, (None, None))[1] is False for name in names)
    return Published("campaign", {"campaign": shown}, takes_off=off)


def _chronicle(event: Event, after: Rewind) -> Published | None:
    return _campaign(event, after) if event.changes.keys() & {"name", "slug", "description"} else None


def _roster(event: Event, after: Rewind) -> Published | None:
    listed = event.changes[ROSTER][1] or []
    after.load(UUID(pk) for pk in listed)
    there = [UUID(pk) for pk in listed if after.public(UUID(pk))]
    return Published("roster", {"character_ids": [str(pk) for pk in cast.in_order(listed, there)]})


def _layout(event: Event, after: Rewind) -> Published | None:
    ((path, (_before, now)),) = event.changes.items()
    shown = TierLayout.model_validate(now or {}).model_dump(mode="json")
    return Published("layout", {"tier": path.removeprefix(f"{LAYOUT}."), **shown})


def _note(event: Event, after: Rewind) -> Published | None:
    """What somebody posted by the API. Of a character that is gone nothing is published any more."""
    character = event.subject.get("character")
    if character is not None and after.public(UUID(character)) is None:
        return None
    posted = event.changes["note"][1]
    return Published("note", {"note": posted}, UUID(character) if character else None)


def _pictured(event: Event, after: Rewind) -> Published | None:
    character = event.subject.get("character")
    seen = after.public(UUID(character)) if character else None
    return None if seen is None else _whole(seen, after.campaign)


def _stage(event: Event, after: Rewind) -> Published:
    """What the producer decided. Of rolls only that something about them did: which they are, the scene shows."""
    state = StageState.model_validate(after.stage)
    takes_off = any(_takes_off(path, *pair) for path, pair in event.changes.items())
    return Published("stage", {"stage": state.model_dump(mode="json")}, takes_off=takes_off)


def _takes_off(path: str, before: Json, now: Json) -> bool:
    if path.endswith((".hidden", ".vetoed")):
        return not set(now or []) <= set(before or [])  # type: ignore[arg-type]
    return path.endswith(".again") or bool(now) == path.endswith(".blackout")


ROLLS = (
    EventType.ROLL_MADE,
    EventType.ROLL_REROLLED,
    EventType.ROLL_CHOSEN,
    EventType.ROLL_REVEALED,
)
PROJECTIONS: dict[str, Projection] = {
    EventType.CHARACTER_CREATED: _came,
    EventType.CHARACTER_RESTORED: _came,
    EventType.CHARACTER_MOVED: _came,
    EventType.CHARACTER_UPDATED: _changed,
    EventType.CHARACTER_SHOWN: _shown,
    EventType.CHARACTER_DELETED: _left,
    EventType.CHARACTER_LEFT: _left,
    **dict.fromkeys(ROLLS, _roll),
    **{type: _conflict for type in EventType if type.startswith("conflict.")},
    EventType.EPISODE_STARTED: _episode,
    EventType.EPISODE_CHANGED: _episode,
    EventType.EPISODE_ENDED: _episode,
    EventType.CHRONICLE_UPDATED: _chronicle,
    EventType.CAMPAIGN_PUBLISHED: _campaign,
    EventType.CAMPAIGN_CHANGED: _options,
    EventType.CAMPAIGN_ROSTER: _roster,
    EventType.CAMPAIGN_LAYOUT: _layout,
    EventType.CAMPAIGN_NOTED: _note,
    EventType.CAMPAIGN_PICTURED: _pictured,
    EventType.STAGE_CHANGED: _stage,
}
