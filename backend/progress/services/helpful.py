"""Helpful acts: a player says that somebody helped, a storyteller confirms it, and whoever helped gets points."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from chronicle import rights
from chronicle.models import Chronicle, ServerMember
from chronicle.principal import Principal
from contract.badges import MAX_HELP
from contract.events import EventType, HelpfulActSubject
from contract.translation import N_, _
from discordauth.models import CustomUser
from progress.models import HelpfulAct
from progress.services import ledger
from progress.services.earners import locked_user
from progress.services.honour_notifications import notify
from rules.errors import Conflict, Invalid, NotAllowed, NotFound
from rules.notices import notice
from rules.text import clean, has_ink
from timeline.models import Event
from timeline.services import Cause, record

POINTS = 10
# Of one person to one storyteller's desk.
MOST_WAITING = 20
State = HelpfulAct.State
EVENTS = {
    State.WAITING: EventType.HELPFUL_REPORTED,
    State.CONFIRMED: EventType.HELPFUL_CONFIRMED,
    State.REFUSED: EventType.HELPFUL_REFUSED,
}
DECIDED: dict[str, str] = {
    State.CONFIRMED: N_("This was already confirmed."),
    State.REFUSED: N_("This was already refused."),
}


@transaction.atomic(savepoint=False)
def report(
    principal: Principal, chronicle: Chronicle, helper: CustomUser, text: str, cause: Cause
) -> HelpfulAct:
    """Say that somebody helped. Raises NotAllowed for oneself, Invalid for who is no member, Conflict when there is
    too much waiting."""
    rights.can(principal, "chronicle.view", chronicle).require()
    if principal.user is None:
        raise NotAllowed(_("Sign in first."))
    if principal.id == helper.pk:
        raise NotAllowed(
            _("You can’t report your own help. Ask the person you helped to do it."), code="own_help"
        )
    if not ServerMember.objects.filter(server=chronicle.server, user=helper).exists():
        raise Invalid.field("user", _("This person isn’t a member here."))
    words = clean(text, MAX_HELP)
    if not has_ink(words):
        raise Invalid.field("text", _("Say what they helped with."))
    locked_user(principal.user.pk)
    mine = HelpfulAct.objects.filter(chronicle=chronicle, reported_by=principal.user, state=State.WAITING)
    if mine.count() >= MOST_WAITING:
        raise Conflict(
            _(
                "{count} of your reports are still waiting for a storyteller. Let them decide first.",
                count=MOST_WAITING,
            ),
            code="too_many_waiting",
        )
    row = HelpfulAct.objects.create(
        chronicle=chronicle, helper=helper, reported_by=principal.user, text=words
    )
    _record(row, cause)
    return row


def waiting_one(principal: Principal, act_id: UUID) -> HelpfulAct:
    """A helpful act that a storyteller can decide about, or could. Raises NotFound, NotAllowed."""
    rows = HelpfulAct.objects.select_related("chronicle__server", "helper", "reported_by")
    if (row := rows.filter(pk=act_id).first()) is None:
        raise NotFound(_("There’s no such report."))
    rights.can(principal, "chronicle.honour", row.chronicle).require()
    return row


@transaction.atomic(savepoint=False)
def confirm(principal: Principal, act_id: UUID, cause: Cause) -> HelpfulAct:
    """Confirm that somebody helped, which gives them points. Raises NotAllowed for oneself, and for who reported it."""
    row = _locked(principal, act_id)
    if principal.id == row.helper_id:
        raise NotAllowed(_("You can’t confirm your own help. Ask another storyteller."), code="own_help")
    if principal.id == row.reported_by_id:
        raise NotAllowed(
            _("You reported this yourself, so another storyteller has to confirm it."), code="own_report"
        )
    reason = notice("points_helpful")
    key = f"helpful:{row.pk}"
    ledger.award(row.helper, POINTS, "helpful", reason, key, cause, chronicle=row.chronicle)
    event = _decide(row, State.CONFIRMED, principal, cause)
    notify(event, row.helper, row.chronicle, cause, "helped", row.helper.display_name, row.text)
    return row


@transaction.atomic(savepoint=False)
def refuse(principal: Principal, act_id: UUID, cause: Cause, reason: str = "") -> HelpfulAct:
    """Refuse a report; who made it learns of it. Who reported may refuse it too: that takes it back."""
    row = _locked(principal, act_id)
    event = _decide(row, State.REFUSED, principal, cause)
    words = clean(reason, 300) or row.text
    notify(event, row.reported_by, row.chronicle, cause, "help_refused", row.helper.display_name, words)
    return row


def _locked(principal: Principal, act_id: UUID) -> HelpfulAct:
    seen = waiting_one(principal, act_id)
    locked_user(seen.helper_id)
    row = HelpfulAct.objects.select_for_update().get(pk=seen.pk)
    row.chronicle, row.helper, row.reported_by = seen.chronicle, seen.helper, seen.reported_by
    if row.state != State.WAITING:
        raise Conflict(_(DECIDED[row.state]), code="already_decided")
    return row


def _decide(row: HelpfulAct, state: HelpfulAct.State, principal: Principal, cause: Cause) -> Event:
    row.state, row.decided_by, row.decided_at = state, principal.user, timezone.now()
    row.save(update_fields=["state", "decided_by", "decided_at"])
    return _record(row, cause)


def _record(row: HelpfulAct, cause: Cause) -> Event:
    """For who helped and the storytellers."""
    before = None if row.state == State.WAITING else State.WAITING.value
    return record(
        stream=("chronicle", row.chronicle_id),
        type=EVENTS[State(row.state)],
        subject=HelpfulActSubject(owner=row.helper_id, name=row.helper.display_name),
        entity_id=row.pk,
        version=0,
        cause=cause,
        changes={"state": [before, row.state], "text": [None, row.text]},
    )
