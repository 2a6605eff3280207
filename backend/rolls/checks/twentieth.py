"""Prepare the checks of the 20th anniversary edition, and initiative, which every edition has."""

from collections.abc import Callable, Mapping

from contract.translation import _
from rolls import chances
from rolls.checks.base import Prepared, certain
from rolls.roll_input import lines_of
from rolls.sheet import Sheet
from rolls.traits import wound
from rules.dice import degeneration as rules
from rules.dice import initiative as orders
from rules.dice import vitae, wod20
from rules.dice.base import Check, Step
from rules.dice.degeneration import DegenerationOptions
from rules.dice.initiative import InitiativeOptions
from rules.dice.source import Source
from rules.dice.vitae import BloodGainOptions, BloodUseOptions
from rules.dice.wounds import LEVELS
from rules.errors import Invalid
from rules.odds.wod20 import odds as wod20_odds
from rules.traits.adventurer import AbilityScore, modifier


def degeneration(asked: DegenerationOptions, sheet: Sheet) -> Prepared:
    path = "morality" if "morality" in sheet.document else "humanity"
    test = rules.Options(
        path=path,
        value=sheet.number(path) or 0,
        virtue=asked.virtue or rules.virtue_of(str(sheet.value("morality_name") or "")),
        dots=sheet.number("conscience") or 0,
        difficulty=asked.difficulty,
    )
    return Prepared(
        lambda source: rules.degeneration(test, source),
        lambda: chances.of_odds(wod20_odds(test.roll), wod20.VERDICTS),
        _verdict,
        dice=test.roll.dice,
    )


def _verdict(check: Check) -> str:
    return "botch" if check.tone == "botch" else "success" if check.passed else "failure"


def blood_use(asked: BloodUseOptions, sheet: Sheet) -> Prepared:
    blood, health = sheet.counters("blood"), sheet.counters("health")
    generation = sheet.number("generation")
    return Prepared(lambda source: vitae.use(blood, health, asked.amount, asked.action, generation), certain)


def blood_gain(asked: BloodGainOptions, sheet: Sheet) -> Prepared:
    return Prepared(lambda source: vitae.gain(sheet.counters("blood"), asked.amount), certain)


def initiative(asked: InitiativeOptions, sheet: Sheet) -> Prepared:
    """One die and a rating; where the table is of the 5th, a pool that everybody rolls once."""
    if asked.pool is not None:
        pool = _pool(asked.pool, sheet)
        return _order(lambda source: orders.roll5th(pool, source), "Successes", pool.pool)
    wanted = _with_a_die(asked, sheet)
    return _order(lambda source: orders.roll(wanted, source), "Initiative", 1)


def initiative_pool(given: Mapping[str, object], sheet: Sheet) -> orders.Options5th:
    """`pool` as a number or in words. Raises Invalid."""
    return _pool(InitiativeOptions.read(given).pool, sheet)


def initiative_options(given: Mapping[str, object], sheet: Sheet, *, thrown: bool = False) -> orders.Options:
    """`rating`, else the sheet's Dexterity + Wits; `modifier`, less for wounds; `extra_actions`.

    Raises Invalid; Unprocessable for the incapacitated, unless the die was `thrown` before.
    """
    return _with_a_die(InitiativeOptions.read(given), sheet, thrown)


def _pool(pool: str | int | None, sheet: Sheet) -> orders.Options5th:
    _, lines = lines_of(pool, sheet)
    return orders.Options5th(sum(line.dice for line in lines))


def _with_a_die(asked: InitiativeOptions, sheet: Sheet, thrown: bool = False) -> orders.Options:
    level = wound(sheet.character, sheet.document) if sheet.character else 0
    if not thrown:
        wod20.refuse_incapacitated(level)
    modifier = asked.modifier - LEVELS[level].penalty
    return orders.Options(_rating(asked.rating, sheet), modifier, asked.extra_actions)


def _rating(wanted: int | None, sheet: Sheet) -> int:
    if wanted is not None:
        return wanted
    if not sheet.character or sheet.character.edition == "5th":
        raise Invalid.field("rating", _("Give the rating, or the pool your table rolls."))
    if isinstance(sheet.character.traits.get("dexterity"), AbilityScore):
        return modifier(sheet.number("dexterity") or 10) + (sheet.number("initiative") or 0)
    traits = ("dexterity", "wits")
    return sum(sheet.counters(slug).get("dots", 0) or sheet.rating(slug) for slug in traits)


def _order(roll: Callable[[Source], orders.Initiative], label: str, dice: int) -> Prepared:
    def run(source: Source) -> Check:
        found = roll(source)
        return Check(
            slug="initiative",
            label=f"{label} {found.value}",
            tone="neutral",
            colour="#ba3d16",
            passed=True,
            steps=(Step("initiative", label, found.dice),),
            successes=found.value,
            value={
                "value": found.value,
                "tiebreak": found.tiebreak,
                "extra_actions": found.extra_actions,
            },
        )

    return Prepared(run, lambda: None, dice=dice)
