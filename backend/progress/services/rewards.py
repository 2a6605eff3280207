"""Give the badges that are due; those of prestige when a storyteller has approved them."""

import logging
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from chronicle import rights
from chronicle.models import Chronicle
from chronicle.principal import Principal
from contract.events import EventType, RewardSubject
from contract.translation import N_, _
from progress.badge_rules import Badge
from progress.badges import BADGES
from progress.models import Reward
from progress.services.earners import locked_user
from progress.services.honour_notifications import notify
from progress.services.once import award_once
from progress.services.row_by_row import settle_each
from rules.errors import Conflict, NotAllowed, NotFound
from rules.notices import notice
from rules.text import clean
from timeline.models import Event
from timeline.services import Cause, record

log = logging.getLogger(__name__)

SYSTEM = Cause(actor=None, door="system")
State = Reward.State
EVENTS = {
    State.GIVEN: EventType.BADGE_WON,
    State.WAITING: EventType.BADGE_WAITING,
    State.REFUSED: EventType.BADGE_REFUSED,
}
DECIDED: dict[str, str] = {
    State.GIVEN: N_("This badge was already approved."),
    State.REFUSED: N_("This badge was already refused."),
}


def settle_due() -> int:
    """Give what is due, or let it wait for a storyteller: each in a transaction of its own. Return how many."""
    return settle_each(Reward.objects.filter(state=State.DUE), _settle)


@transaction.atomic
def _settle(pk: UUID) -> bool:
    seen = Reward.objects.filter(pk=pk).first()
    if seen is None:
        return False
    locked_user(seen.user_id)
    row = Reward.objects.select_for_update().filter(pk=pk, state=State.DUE).first()
    if row is None:
        return False
    if (badge := BADGES.get(row.badge)) is None:  # its rule is gone
        row.delete()
    elif badge.prestige:
        _move(row, State.WAITING, SYSTEM)
    else:
        _give(row, badge, SYSTEM)
    return True


def _give(row: Reward, badge: Badge, cause: Cause) -> Event:
    chronicle = chronicle_of(row)
    reason = notice("points_badge", label=badge.label)
    thing = f"badge:{row.badge}:{row.scope}"
    award_once(row.user, badge.points, "badge", reason, thing, cause, chronicle=chronicle)
    return _move(row, State.GIVEN, cause)


def _move(row: Reward, state: Reward.State, cause: Cause) -> Event:
    """Save the state of a (locked) badge and record it: for its person, and for storytellers of its chronicle."""
    before, row.state, row.given_at = row.state, state, timezone.now()
    row.save(update_fields=["state", "given_at", "approved_by"])
    return record(
        stream=("chronicle", UUID(row.scope)) if row.scope else ("user", row.user_id),
        type=EVENTS[state],
        subject=RewardSubject(owner=row.user_id, name=row.badge),
        entity_id=row.pk,
        version=0,
        cause=cause,
        changes={"badge": [None, row.badge], "state": [before, state.value]},
    )


def chronicle_of(row: Reward) -> Chronicle | None:
    return Chronicle.objects.select_related("server").filter(pk=row.scope).first() if row.scope else None


def waiting_one(principal: Principal, reward_id: UUID) -> tuple[Reward, Chronicle]:
    """A badge that a storyteller can decide about, or could. Raises NotFound, NotAllowed."""
    row = Reward.objects.select_related("user").filter(pk=reward_id).exclude(state=State.DUE).first()
    chronicle = chronicle_of(row) if row else None
    if row is None or chronicle is None or row.badge not in BADGES or not BADGES[row.badge].prestige:
        raise NotFound(_("There’s no such badge."))
    rights.can(principal, "chronicle.honour", chronicle).require()
    return row, chronicle


@transaction.atomic(savepoint=False)
def approve(principal: Principal, reward_id: UUID, cause: Cause) -> Reward:
    row, chronicle = _locked(principal, reward_id)
    row.approved_by = principal.user
    notify(
        _give(row, BADGES[row.badge], cause),
        row.user,
        chronicle,
        cause,
        "badge_approved",
        BADGES[row.badge].label,
    )
    return row


@transaction.atomic(savepoint=False)
def refuse(principal: Principal, reward_id: UUID, cause: Cause, reason: str = "") -> Reward:
    row, chronicle = _locked(principal, reward_id)
    row.approved_by = principal.user
    event = _move(row, State.REFUSED, cause)
    notify(event, row.user, chronicle, cause, "badge_refused", BADGES[row.badge].label, clean(reason, 300))
    return row


def _locked(principal: Principal, reward_id: UUID) -> tuple[Reward, Chronicle]:
    seen, chronicle = waiting_one(principal, reward_id)
    user = locked_user(seen.user_id)
    row = Reward.objects.select_for_update().get(pk=seen.pk)
    row.user = user
    if principal.id == row.user_id:
        raise NotAllowed(
            _("You can’t approve or refuse your own badge. Ask another storyteller."), code="own_badge"
        )
    if row.state != State.WAITING:
        raise Conflict(_(DECIDED[row.state]), code="already_decided")
    return row, chronicle
