"""Make a roll, or compute its odds."""

from typing import Any

from django.db import transaction

from chronicle import house_rules
from chronicle.principal import Principal
from contract.events import EventType
from contract.rolls import Chances, Odds
from contract.translation import _
from haven.registry import SPLATS
from rolls import checks, roll_input
from rolls.chances import labelled, of_odds, of_roll
from rolls.models import Roll, RollRequest
from rolls.roll_input import Attached, Built
from rolls.serializers import labelled_pool, outcome_json
from rolls.services.common import (
    Done,
    RollInput,
    Subject,
    attached_roll,
    chance_fields,
    check_fields,
    find_subject,
    follow,
    input_fields,
    keep_consequence,
    operations_of,
    record,
    without_difficulty,
)
from rolls.sheet import Sheet
from rolls.systems import DEFAULT, SYSTEMS, System, fits, splats_of, system, system_of
from rules.dice import source as sources
from rules.dice.base import Operations
from rules.dice.source import Source
from rules.errors import Invalid
from rules.odds import h5 as h5_odds
from rules.odds import v5 as v5_odds
from rules.odds import w5 as w5_odds
from timeline.services import Cause

# Those of which the odds with a Willpower spent can be told before.
WITH_REROLL: dict[str, Any] = {"v5": v5_odds.odds, "w5": w5_odds.odds, "h5": h5_odds.odds}


@transaction.atomic(savepoint=False)
def roll(
    principal: Principal,
    given: RollInput,
    cause: Cause,
    source: Source | None = None,
    request: RollRequest | None = None,
) -> Done:
    """Roll, store and apply. Raises Invalid, NotFound, NotAllowed, Conflict (`ambiguous`), Unprocessable."""
    draw = source or sources.system()
    subject, kind = resolve(principal, given)
    cause = without_difficulty(cause) if given.hide_difficulty else cause
    built = roll_input.build(given.pool, kind.asked.read(given.options), subject.sheet)
    rolled = kind.dice.roll(built.options, draw)
    outcome, judged = kind.first_outcome(built.options, rolled), kind.judge(built.options, rolled)
    made = Roll(
        **input_fields(principal, given, subject),
        **chance_fields(of_roll(kind, built.options)),
        system=kind.slug,
        pool=built.pool(),
        options=built.options.as_json(),
        rolled=rolled.as_json(),
        outcome=outcome_json(judged),
        offers=list(judged.offers),
        slug=outcome.slug,
        passed=outcome.passed,
        successes=outcome.successes,
        request=request,
    )
    made.outcome["notices"] += [notice.as_json() for notice in built.notices]
    parts = [_attached(made, attached, subject.sheet, draw) for attached in built.checks]
    operations = operations_of(kind.consequences(built.options, rolled), *(found for _, found in parts))
    change = follow(principal, subject.character, operations, cause)
    keep_consequence(made, change)
    made.save(force_insert=True)
    for part, _rolled in parts:
        part.save(force_insert=True)
    return Done(made, record(made, EventType.ROLL_MADE, cause), change, subject.chosen)


def _attached(main: Roll, attached: Attached, sheet: Sheet, draw: Source) -> tuple[Roll, Operations]:
    ready = checks.prepare(attached.check, attached.options, sheet)
    check = ready.run(draw)
    fields = check_fields(check, ready.slug_of(check)) | chance_fields(ready.outlook())
    return (
        attached_roll(main, attached.check, {**fields, "options": dict(attached.options)}),
        check.operations,
    )


def resolve(principal: Principal, given: RollInput, *, locked: bool = True) -> tuple[Subject, System]:
    """Find who rolls and with which dice. Raises Invalid: `wrong_splat` when these are not the character's dice."""
    wanted = system(given.system) if given.system is not None else None
    splats = splats_of(wanted) if wanted else tuple(SPLATS)
    sheetless = wanted is not None and not wanted.edition
    subject = find_subject(principal, given, splats, locked=locked, sheetless=sheetless)
    if wanted is None:
        wanted = _system_played(subject)
    if subject.character and not fits(wanted, subject.character):
        raise Invalid(
            _(
                "{name} doesn’t roll these dice ({label}).",
                name=subject.character.name,
                label=_(wanted.label),
            ),
            code="wrong_splat",
        )
    return subject, wanted


def _system_played(subject: Subject) -> System:
    """The dice of the character; of somebody without a sheet those of the chronicle's edition."""
    if subject.character is not None:
        return system_of(subject.character)
    if subject.chronicle is None:
        raise Invalid.field("system", _("Choose the dice system, or a character."))
    return SYSTEMS[DEFAULT[subject.chronicle.edition]]


def odds(principal: Principal, given: RollInput) -> Odds:
    """Compute the exact odds; nothing is rolled or stored."""
    return _odds(given, *resolve(principal, given, locked=False))


def odds_of_nobody(given: RollInput) -> Odds:
    """As `odds`, without a sheet: open to everyone."""
    return _odds(given, Subject(Sheet(), None), system(given.system))


def _odds(given: RollInput, subject: Subject, kind: System) -> Odds:
    built = roll_input.build(given.pool, kind.asked.read(given.options), subject.sheet)
    found = of_roll(kind, built.options)
    why_none = kind.why_no_odds(built.options) if found is None else None
    notices = (*built.notices, why_none) if why_none else built.notices
    return Odds.from_object(
        subject,
        system=kind.slug,
        label=kind.label,
        pool=labelled_pool(built.pool(), kind.slug),
        options=built.options.as_json(),
        notices=[notice.as_json() for notice in notices],
        chances=labelled(found.as_json(), kind.verdicts) if found else None,
        with_reroll=_with_reroll(kind, built) if house_rules.rerolls(subject.chronicle) else None,
    )


def _with_reroll(kind: System, built: Built) -> Chances | None:
    """The odds with up to three failed dice rerolled by Willpower, if the roll would be lost."""
    if kind.slug not in WITH_REROLL or getattr(built.options, "plain", False):
        return None
    found = of_odds(WITH_REROLL[kind.slug](built.options, reroll="if_lost"), kind.verdicts)
    return labelled(found.as_json(), kind.verdicts)
