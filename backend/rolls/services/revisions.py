"""Revise a roll: reroll dice, choose an outcome, reveal it, exclude it from statistics."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from chronicle import features, house_rules, rights
from chronicle.principal import Principal
from contract.events import EventType
from contract.translation import N_, _
from haven.models import Character
from haven.services.common import lock
from rolls import reroll_options, selectors
from rolls.chances import of_odds, of_roll
from rolls.models import MAX_REASON, Roll, Visibility
from rolls.roll_input import Built
from rolls.serializers import (
    is_check,
    knows_difficulty,
    options_of,
    outcome_json,
    replacement,
    rolled_of,
    to_roll_again,
)
from rolls.services.common import (
    Done,
    chance_fields,
    follow,
    keep_consequence,
    operations_of,
    record,
    save_once,
)
from rolls.systems import SYSTEMS, System
from rules.dice import h5
from rules.dice import source as sources
from rules.dice.base import Record, Rolled
from rules.dice.pool import PoolLine
from rules.dice.source import Source
from rules.errors import Conflict, Invalid, NotAllowed, Unprocessable
from rules.text import clean, has_ink
from timeline.models import Event
from timeline.services import Cause

ALREADY = N_("This roll was already rerolled.")


def locked(principal: Principal, roll_id: UUID, action: str) -> tuple[Roll, Character | None]:
    """Lock the character, then the roll, and return both."""
    seen = selectors.get(principal, roll_id)
    rights.can(principal, action, seen).require()
    character = lock(seen.character_id) if seen.character_id else None
    return lock_roll(seen.id), character


def lock_roll(roll_id: UUID) -> Roll:
    """Lock the row until commit and read it again."""
    Roll.objects.select_for_update().filter(pk=roll_id).order_by().values_list("pk").first()
    return selectors.whole(roll_id)


@transaction.atomic(savepoint=False)
def reroll(
    principal: Principal,
    roll_id: UUID,
    cause: Cause,
    *,
    strategy: str | None = None,
    dice: Sequence[int] | None = None,
    source: Source | None = None,
) -> Done:
    """Rolls dice again, each roll once, for a Willpower where a sheet has it. What was rolled again may be so in its
    turn where the chronicle sets no end to it.

    Raises Conflict (`already_rerolled`), Unprocessable (`no_willpower`, `no_reroll`), Invalid.
    """
    first, character = locked(principal, roll_id, "roll.reroll")
    features.require_in([first.chronicle], "dice")
    if replacement(first) or (first.replaces_id and not house_rules.endless_rerolls(first.chronicle)):
        raise Conflict(_(ALREADY), code="already_rerolled")
    if not house_rules.rerolls(first.chronicle):
        raise NotAllowed(_("This chronicle doesn’t allow rerolls."), code="house_rule")
    kind = SYSTEMS[first.system]
    if kind.rerolls_lost and not knows_difficulty(principal, first):
        raise NotAllowed(
            _("The target is hidden, so only the storyteller can choose what to reroll."),
            code="hidden_target",
        )
    if is_check(first) or not kind.rerolls:
        raise Unprocessable(_("These dice can’t be rerolled."), "no_reroll")
    options, rolled = options_of(first), to_roll_again(first)
    price = reroll_options.cost(kind, character)
    picked = _picked(first, options, rolled, strategy, dice)
    chances = of_odds(kind.reroll_odds(options, rolled, picked), kind.verdicts)
    again = kind.dice.reroll(options, rolled, picked, source or sources.system())
    roll = _second(first, principal, again)
    for name, value in chance_fields(chances).items():
        setattr(roll, name, value)
    operations = operations_of(price, kind.consequences(options, again, rolled))
    change = follow(principal, character, operations, cause)
    keep_consequence(roll, change)
    save_once(roll, Conflict(_(ALREADY), code="already_rerolled"))
    return Done(roll, record(roll, EventType.ROLL_REROLLED, cause), change)


def _picked(
    roll: Roll, options: Record, rolled: Rolled, strategy: str | None, dice: Sequence[int] | None
) -> Sequence[int]:
    kind = SYSTEMS[roll.system]
    if dice is not None and strategy is None:
        return reroll_options.picked(roll, dice)
    if strategy is not None and dice is None:
        found = next((way for way in kind.strategies(options, rolled) if way.slug == strategy), None)
        if found is None:
            raise Invalid.field("strategy", _("This roll can’t be rerolled that way."))
        return found.picked
    raise Invalid.field("strategy", _("Choose a strategy, or the dice."))


def _second(first: Roll, principal: Principal, again: Rolled) -> Roll:
    kind, options = SYSTEMS[first.system], options_of(first)
    outcome, judged = kind.first_outcome(options, again), kind.judge(options, again)
    return Roll(
        chronicle=first.chronicle,
        character=first.character,
        roller=principal.user or first.roller,
        name=first.name,
        system=first.system,
        pool=first.pool,
        options=first.options,
        rolled=again.as_json(),
        outcome=outcome_json(judged),
        offers=list(judged.offers),
        slug=outcome.slug,
        passed=outcome.passed,
        successes=outcome.successes,
        visibility=first.visibility,
        hide_difficulty=first.hide_difficulty,
        note=first.note,
        request=first.request,
        replaces=first,
    )


@transaction.atomic(savepoint=False)
def choose(
    principal: Principal, roll_id: UUID, choice: str, cause: Cause, source: Source | None = None
) -> Done:
    """Choose an open outcome, once: Overreach or Despair, a brutal outcome turned to use; or let Desperation join.

    Raises Conflict (`already_chosen`, `already_rerolled`), Unprocessable where there is nothing to choose.
    """
    roll, character = locked(principal, roll_id, "roll.reroll")
    if replacement(roll):
        raise Conflict(_(ALREADY), code="already_rerolled")
    kind, rolled = SYSTEMS[roll.system], rolled_of(roll)
    if rolled.choice:
        raise Conflict(_("The outcome of this roll was already chosen."), code="already_chosen")
    if choice not in roll.outcome["choices"]:
        raise Unprocessable(_("That can’t be chosen here."), "no_choice")
    options = options_of(roll)
    if isinstance(options, h5.Options) and choice == h5.JOIN:
        options, chosen = h5.join(options, rolled, source or sources.system())
        _joined(roll, kind, options, chosen)
    else:
        chosen = kind.dice.choose(options, rolled, choice)
    roll.rolled, roll.outcome = chosen.as_json(), outcome_json(kind.judge(options, chosen))
    operations = operations_of(kind.consequences(options, chosen, rolled))
    change = follow(principal, character, operations, cause)
    keep_consequence(roll, change)
    return Done(roll, _saved(roll, EventType.ROLL_CHOSEN, cause), change)


def _joined(roll: Roll, kind: System, options: h5.Options, rolled: Rolled) -> None:
    """Keep a roll as one that was made with these dice of Desperation."""
    lines = (*map(PoolLine.from_json, roll.pool["lines"]), PoolLine("Desperation", options.desperation))
    roll.options = options.as_json()
    roll.pool = Built(roll.pool["text"], lines, options).pool()
    outcome = kind.first_outcome(options, rolled)
    fields = {"slug": outcome.slug, "passed": outcome.passed, "successes": outcome.successes}
    for name, value in (fields | chance_fields(of_roll(kind, options))).items():
        setattr(roll, name, value)


@transaction.atomic(savepoint=False)
def reveal(principal: Principal, roll_id: UUID, cause: Cause) -> Done:
    """Make a roll and its attached checks public. Raises Conflict (`already_public`)."""
    seen = selectors.get(principal, roll_id)
    rights.can(principal, "roll.reveal", seen).require()
    roll = lock_roll(seen.id)
    if roll.visibility == Visibility.PUBLIC:
        raise Conflict(_("Everyone can already see this roll."), code="already_public")
    roll.visibility, roll.revealed_at = Visibility.PUBLIC, timezone.now()
    roll.parts.filter(offer=None).update(visibility=Visibility.PUBLIC)
    return Done(roll, _saved(roll, EventType.ROLL_REVEALED, cause))


@transaction.atomic(savepoint=False)
def strike(principal: Principal, roll_id: UUID, cause: Cause, reason: str = "", undo: bool = False) -> Done:
    """Exclude a roll and its attached checks from statistics, or include them again."""
    seen = selectors.get(principal, roll_id)
    rights.can(principal, "roll.strike", seen).require()
    if not undo and not has_ink(reason):
        raise Invalid.field("reason", _("Say why this roll doesn’t count."))
    roll = lock_roll(seen.id)
    if (roll.struck_at is not None) != undo:
        sentence = _("This roll counts.") if undo else _("This roll was already excluded.")
        raise Conflict(sentence, code="already_done")
    roll.struck_at = None if undo else timezone.now()
    roll.struck_by = None if undo else principal.user
    roll.struck_reason = "" if undo else clean(reason, MAX_REASON)
    roll.parts.filter(offer=None).update(struck_at=roll.struck_at)
    return Done(roll, _saved(roll, EventType.ROLL_STRUCK, cause))


def _saved(roll: Roll, type: EventType, cause: Cause) -> Event:
    roll.version += 1
    roll.save()
    return record(roll, type, cause)
