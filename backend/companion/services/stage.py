"""What the producer decides: black, who is hidden, which rolls are stopped or shown again, the title card.

One step is one event with paths under `stage`, so that each can be taken back, and a scene of the past read from it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from chronicle import rights
from chronicle.models import Chronicle, ServerMember
from chronicle.principal import Principal
from companion.models import Campaign, Producer
from companion.selectors.published import public_campaign
from contract.base import Json, JsonObject
from contract.events import CampaignSubject, EventType
from contract.stage import Decisions, ShownAgain, TitleCard
from contract.translation import N_, _
from discordauth.models import CustomUser
from haven.models import Character
from rolls.models import Roll
from rules.errors import Conflict, NotFound
from rules.text import clean
from rules.visibility import TABLE
from timeline import services as timeline
from timeline.models import Event
from timeline.services import Cause

BLACKOUT, HIDDEN, VETOED, AGAIN, TITLE = "blackout", "hidden", "vetoed", "again", "title_card"
# Of rolls that were stopped or shown again the newest are remembered; older ones are on no screen.
MOST_REMEMBERED = 50
MOST_PRODUCERS = 10
LABELS = {
    "stage.blackout": N_("Blackout"),
    "stage.hidden": N_("Off air"),
    "stage.vetoed": N_("Rolls stopped"),
    "stage.again": N_("Rolls shown again"),
    "stage.title_card": N_("Title card"),
    "producers": N_("Producers"),
}


@contextmanager
def producing(principal: Principal, chronicle: Chronicle) -> Iterator[Campaign]:
    """Yield the campaign, locked, to who decides what is on air. Raises NotAllowed, NotFound, Unprocessable."""
    with transaction.atomic():
        found = public_campaign(principal, chronicle)
        campaign = Campaign.objects.select_for_update().get(pk=found.pk)
        campaign.chronicle = chronicle
        rights.can(principal, "campaign.produce", campaign).require()
        yield campaign


def set_blackout(principal: Principal, chronicle: Chronicle, on: bool, cause: Cause) -> Campaign:
    with producing(principal, chronicle) as campaign:
        _put(campaign, {BLACKOUT: on}, cause)
    return campaign


def set_hidden(
    principal: Principal, chronicle: Chronicle, character: UUID, hidden: bool, cause: Cause
) -> Campaign:
    """Take a character off air, or put it on again. Raises NotFound."""
    with producing(principal, chronicle) as campaign:
        if not Character.objects.filter(pk=character, chronicle=chronicle).exists():
            raise NotFound(_("There’s no such character in this chronicle."))
        _put(campaign, {HIDDEN: _with(_decided(campaign).hidden, character, hidden)}, cause)
    return campaign


def set_veto(principal: Principal, chronicle: Chronicle, roll: UUID, vetoed: bool, cause: Cause) -> Campaign:
    """Keep a roll from the screen, or allow it again; it goes at once where it is shown already."""
    with producing(principal, chronicle) as campaign:
        _require_roll(chronicle, roll)
        _put(campaign, {VETOED: _with(_decided(campaign).vetoed, roll, vetoed)}, cause)
    return campaign


def show_again(principal: Principal, chronicle: Chronicle, roll: UUID, cause: Cause) -> Campaign:
    """Show a roll once more, now; a stopped one is allowed by that."""
    with producing(principal, chronicle) as campaign:
        _require_roll(chronicle, roll)
        decided = _decided(campaign)
        others = [each for each in decided.again if each.roll != roll]
        again = [*others, ShownAgain(roll=roll, at=timezone.now())][-MOST_REMEMBERED:]
        told: Json = [each.model_dump(mode="json") for each in again]
        _put(campaign, {AGAIN: told, VETOED: _with(decided.vetoed, roll, False)}, cause)
    return campaign


def set_title(principal: Principal, chronicle: Chronicle, title: str, text: str, cause: Cause) -> Campaign:
    """Show a title card; without a title it goes."""
    card = TitleCard(title=clean(title, 80), text=clean(text, 120))
    with producing(principal, chronicle) as campaign:
        _put(campaign, {TITLE: card.model_dump(mode="json") if card.title else None}, cause)
    return campaign


def undo(principal: Principal, chronicle: Chronicle, cause: Cause) -> Campaign:
    """Take the last step back that was not taken back yet. Raises Conflict (`nothing_to_undo`)."""
    with producing(principal, chronicle) as campaign:
        steps = Event.objects.filter(entity_id=campaign.pk, type=EventType.STAGE_CHANGED.value)
        last = steps.filter(undoes=None, undone_by=None).order_by("-seq").first()
        if last is None:
            raise Conflict(_("There’s nothing to undo."), "nothing_to_undo")
        before = {path.removeprefix("stage."): pair[0] for path, pair in last.changes.items()}
        _put(campaign, before, cause, last)
    return campaign


def set_producer(principal: Principal, chronicle: Chronicle, user: UUID, on: bool, cause: Cause) -> Campaign:
    """Let a member of the server produce, or no longer. Raises Conflict (`too_many`), NotFound."""
    with producing(principal, chronicle) as campaign:
        rights.can(principal, "campaign.run", chronicle).require()
        person = _person(chronicle, user, on)
        rows = Producer.objects.filter(campaign=campaign, user=person)
        if on == rows.exists():
            return campaign
        if on and campaign.producers.count() >= MOST_PRODUCERS:
            raise Conflict(_("At most {most} people.", most=MOST_PRODUCERS), "too_many")
        if on:
            Producer.objects.create(campaign=campaign, user=person)
        else:
            rows.delete()
        pair = [None, person.display_name] if on else [person.display_name, None]
        _record(campaign, {"producers": pair}, cause, EventType.PRODUCERS_CHANGED)
    return campaign


def _person(chronicle: Chronicle, user: UUID, is_new: bool) -> CustomUser:
    """Who leaves may have left the server already."""
    person = CustomUser.objects.filter(pk=user).first()
    known = ServerMember.objects.filter(server=chronicle.server_id, user=user).exists()
    if person is None or (is_new and not known):
        raise NotFound(_("This person isn’t a member here."))
    return person


def _put(campaign: Campaign, wanted: JsonObject, cause: Cause, undoes: Event | None = None) -> None:
    """Change what is given, in one event. Nothing is recorded where nothing changes."""
    stage, changes = dict(campaign.stage), dict[str, list[Any]]()
    for name, value in wanted.items():
        before = stage.get(name)
        if before != value and (before or value):
            changes[f"stage.{name}"] = [before, value]
            stage[name] = value
            if value is None:
                del stage[name]
    if changes or undoes:
        campaign.stage = stage
        _record(campaign, changes, cause, EventType.STAGE_CHANGED, undoes)


def _record(
    campaign: Campaign,
    changes: dict[str, list[Any]],
    cause: Cause,
    type: EventType,
    undoes: Event | None = None,
) -> None:
    campaign.version += 1
    campaign.save(update_fields=["stage", "version", "updated_at"])
    timeline.record(
        stream=("chronicle", campaign.chronicle_id),
        type=type,
        subject=CampaignSubject(name=campaign.chronicle.name),
        entity_id=campaign.pk,
        version=campaign.version,
        cause=cause,
        changes=changes,
        visibility=dict.fromkeys(changes, int(TABLE)),
        labels={path: LABELS[path] for path in changes},
        undoes=undoes,
    )


def _decided(campaign: Campaign) -> Decisions:
    return Decisions.model_validate(campaign.stage)


def _with(listed: list[UUID], thing: UUID, on: bool) -> Json:
    others: list[Json] = [str(each) for each in listed if each != thing]
    return [*others, str(thing)][-MOST_REMEMBERED:] if on else others


def _require_roll(chronicle: Chronicle, roll: UUID) -> None:
    if not Roll.objects.filter(pk=roll, chronicle=chronicle).exists():
        raise NotFound(_("There’s no such roll in this chronicle."))
