"""Events and sessions that the API for shows posts."""

from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, time

from django.db import transaction
from django.utils import timezone

from chronicle.door import parse
from chronicle.models import Episode
from chronicle.principal import Principal
from chronicle.services import episodes
from companion.models import Campaign
from companion.services import publishing
from companion.services.showing import of_campaign
from contract.base import JsonObject
from contract.episodes import PlanEpisode
from contract.events import EventType
from contract.shows import ChangeShowEpisode, CreateShowEpisode, PostShowEvent
from contract.stage_changes import ConditionChange, PointsChange
from contract.translation import _
from haven.services import stage as sheets
from rules.errors import Conflict, Invalid
from rules.text import clean, clean_lines
from timeline.models import Event
from timeline.operations import InputT
from timeline.services import Cause

MAX_NOTE = 8_000  # characters of JSON


# Events


def post_event(
    campaign: Campaign, given: PostShowEvent, *, principal: Principal, cause: Cause
) -> Event | None:
    """Carry out an event: of a character, or one that only tells. None where nothing had to change."""
    if given.event_type == "custom":
        return _note(campaign, given, principal, cause)
    with transaction.atomic():
        if given.character_id is None:
            raise Invalid.field("character_id", _("Say which character this is about."))
        row = of_campaign(campaign, given.character_id)
        if given.event_type == "hp_change":
            wanted = _data(PointsChange, given.data)
            return sheets.change_points(principal, row.pk, wanted, cause).event
        return sheets.set_condition(principal, row.pk, _data(ConditionChange, given.data), cause).event


def _data(model: type[InputT], data: JsonObject) -> InputT:
    """The event's own data. Raises Invalid."""
    try:
        return parse(model, data)
    except Invalid as error:
        fields = {f"data.{path}": sentences for path, sentences in error.data["fields"].items()}
        raise Invalid(error.detail, fields=fields) from None


def _note(campaign: Campaign, given: PostShowEvent, principal: Principal, cause: Cause) -> Event:
    size = len(given.model_dump_json(include={"data"}))
    if size > MAX_NOTE:
        raise Invalid.field("data", _("This is too long: up to {most} characters.", most=MAX_NOTE))
    with publishing.changing(campaign.chronicle, principal) as locked:
        if given.character_id is not None:
            of_campaign(locked, given.character_id)
        publishing.save(locked, [])
        return publishing.record_campaign(
            locked, EventType.CAMPAIGN_NOTED, {"note": [None, given.data]}, cause, given.character_id
        )


# Sessions


def make_episode(
    campaign: Campaign, given: CreateShowEpisode, *, principal: Principal, cause: Cause
) -> Episode:
    """Write down a session: planned where its date is ahead, over where it is past."""
    begins = _moment(given.date) if given.date else timezone.now()
    with transaction.atomic():
        wanted = PlanEpisode(title=given.title, planned_for=begins, summary=given.summary)
        made = episodes.plan(campaign.chronicle, wanted, principal=principal, cause=cause)
        is_past = begins <= timezone.now()
        if is_past or given.episode_number not in (None, made.number):
            with _changing(made, principal, cause) as row:
                row.number = given.episode_number or row.number
                _require_free(row)
                if is_past:
                    row.status, row.started_at, row.ended_at = Episode.Status.DONE, begins, begins
            made = row
    return made


def _changing(episode: Episode, principal: Principal, cause: Cause) -> AbstractContextManager[Episode]:
    return episodes.changing(episode, EventType.EPISODE_CHANGED, principal=principal, cause=cause)


def change_episode(
    episode: Episode, given: ChangeShowEpisode, *, principal: Principal, cause: Cause
) -> Episode:
    with _changing(episode, principal, cause) as row:
        if given.episode_number is not None:
            row.number = given.episode_number
            _require_free(row)
        if given.title is not None:
            row.title = clean(given.title, 100)
        if given.summary is not None:
            row.summary = clean_lines(given.summary, 4000)
        if given.date is not None:
            row.planned_for = _moment(given.date)
            if row.started_at is not None and row.status == Episode.Status.DONE:
                row.started_at = row.ended_at = row.planned_for
    return row


def _moment(typed: datetime | date) -> datetime:
    """A day begins at midnight, and what has no offset is UTC."""
    moment = typed if isinstance(typed, datetime) else datetime.combine(typed, time())
    if not 1900 <= moment.year <= 9000:
        raise Invalid.field("date", _("The year must be from 1900 to 9000."))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _require_free(episode: Episode) -> None:
    rows = Episode.objects.filter(chronicle=episode.chronicle, number=episode.number)
    if rows.exclude(pk=episode.pk).exists():
        sentence = _("There’s an episode {number} already.", number=episode.number or 0)
        raise Conflict(sentence, code="episode_number_taken", fields={"episode_number": [sentence]})
