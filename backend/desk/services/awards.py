"""Award experience to many characters: to all of them, or to nobody with a list of every reason."""

from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

from django.db import transaction

from chronicle import features, rights
from chronicle.models import Chronicle
from chronicle.principal import Principal
from contract.desk import MAX_REASON
from contract.translation import _
from desk.services.notifications import notify_award
from haven.house_rules import traits_of
from haven.services.change import apply
from haven.services.common import Change, lock
from rules.errors import GameError, Invalid, NotFound
from rules.ids import entry_id
from rules.notices import notice
from rules.text import clean
from rules.traits import Operation, work_out
from timeline.services import Cause


@transaction.atomic(savepoint=False)
def award(
    principal: Principal,
    chronicle: Chronicle,
    characters: Collection[UUID],
    amount: int,
    reason: str,
    cause: Cause,
) -> list[Change]:
    """Give each of these characters so much experience, one event each with the reason.

    Raises Invalid: with `fields` for what was typed, with `errors` (`[{"character", "name", "detail"}]`) when it does
    not work for some; then nobody got anything.
    """
    rights.can(principal, "chronicle.tell", chronicle).require()
    features.require(chronicle.server, "desk")
    text = _reason(reason)
    # In the order in which characters are locked everywhere.
    ids = sorted(set(characters))
    if not ids:
        raise Invalid.field("characters", _("There’s no active character here to award."))
    done, errors = [], []
    for pk in ids:
        try:
            done.append(_give(principal, chronicle, pk, amount, text, cause))
        except GameError as error:
            errors.append({"character": str(pk), "name": error.data.get("name", ""), "detail": error.detail})
    if errors:
        raise Invalid(
            _(
                "Nobody got anything, because {failed} of {all} can’t. {reason}",
                failed=len(errors),
                all=len(ids),
                reason=errors[0]["detail"],
            ),
            errors=errors,
        )
    notify_award(done, amount, text, cause)
    return done


def _reason(value: str) -> str:
    text = clean(value, MAX_REASON + 1)
    if not text or len(text) > MAX_REASON:
        raise Invalid.field("reason", _("Say what for, in 1 to {most} characters.", most=MAX_REASON))
    return text


def _give(
    principal: Principal, chronicle: Chronicle, pk: UUID, amount: int, reason: str, cause: Cause
) -> Change:
    character = lock(pk)
    if character.chronicle_id != chronicle.id:
        raise NotFound(_("There’s no such character in this chronicle."))
    rights.can(principal, "character.review", character).require()
    operation = Operation("experience", "adjust", amount)
    outcome = work_out(traits_of(character), character.document(), [operation], entry_id)
    gained = outcome.values["experience"]["total"] - character.experience_total if outcome.changes else 0
    if gained != amount:
        raise Invalid(
            _("{name} can’t hold {amount} more experience.", name=character.name, amount=amount),
            name=character.name,
        )
    outcome = replace(
        outcome, notices=[*outcome.notices, notice("experience_awarded", amount=amount, reason=reason)]
    )
    return Change(character, apply(character, outcome, cause))
