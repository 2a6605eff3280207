"""What somebody rolls for a place in the order: the numbers that were given, the sheet's, or those of before."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from contract.translation import _
from rolls.checks.twentieth import initiative_options, initiative_pool
from rolls.sheet import Sheet
from rules.conflict.kinds import POOL, Kind
from rules.conflict.state import InitiativeRoll
from rules.dice import initiative
from rules.dice import source as sources
from rules.dice.source import Source
from rules.errors import Invalid

Given = Mapping[str, Any]


@dataclass(frozen=True)
class Before:
    """What is corrected. The die stays, unless it is thrown `again`."""

    throw: InitiativeRoll
    extra_actions: int
    again: bool


def throw(
    kind: Kind, sheet: Sheet, given: Given, before: Before | None, source: Source
) -> tuple[InitiativeRoll, int]:
    """And the number of extra actions. `given`: `rating`, `modifier`, `extra_actions`, `pool`. Raises Invalid."""
    if kind.rolls == POOL:
        return _pool(sheet, given, before, source), 0
    wanted = _wanted(kind, sheet, given, before)
    if before and not before.again:
        source = sources.listed([before.throw.dice[0].value])
    made = initiative.roll(wanted, source, kind.sides)
    return (
        InitiativeRoll(made.dice, wanted.rating, wanted.modifier, made.value, made.tiebreak),
        wanted.extra_actions,
    )


def _wanted(kind: Kind, sheet: Sheet, given: Given, before: Before | None) -> initiative.Options:
    if before:
        given = {"rating": before.throw.rating, "extra_actions": before.extra_actions, **given}
    if given.get("rating") is None and sheet.character is None:
        what = _("Dexterity + Wits") if kind.slowest_first else _("Initiative modifier")
        raise _no_rating(
            "rating", _("There’s no sheet to take it from: give the rating ({trait}).", trait=what)
        )
    wanted = initiative_options(given, sheet, thrown=before is not None and not before.again)
    # What wounds take is in it already.
    return replace(wanted, modifier=before.throw.modifier) if before and "modifier" not in given else wanted


def _pool(sheet: Sheet, given: Given, before: Before | None, source: Source) -> InitiativeRoll:
    if "pool" in given:
        pool = initiative_pool(given, sheet)
    elif before:
        pool = initiative.Options5th(before.throw.rating)
    else:
        raise _no_rating("pool", _("Give a pool: a number, or traits such as strength + brawl."))
    made = initiative.roll5th(pool, source)
    return InitiativeRoll(made.dice, pool.pool, 0, made.value, made.tiebreak)


def _no_rating(name: str, sentence: str) -> Invalid:
    return Invalid(sentence, code="no_rating", fields={name: [sentence]})
