"""The checks of the 20th anniversary edition, and the order of acting, which every edition has."""

from collections.abc import Callable
from typing import Any

from rolls import chances
from rolls.asking import Sheet, lines_of
from rolls.checks.base import Options, Prepared, certain, whole
from rolls.traits import wound
from rules.dice import degeneration as rules
from rules.dice import initiative as orders
from rules.dice import vitae, wod20
from rules.dice.base import Check, Step
from rules.dice.source import Source
from rules.dice.wounds import LEVELS
from rules.errors import Invalid
from rules.odds.wod20 import odds as wod20_odds


def degeneration(options: Options, sheet: Sheet) -> Prepared:
    path = "morality" if "morality" in sheet.document else "humanity"
    asked = rules.Options(
        path=path,
        value=sheet.number(path) or 0,
        virtue=options.get("virtue") or rules.virtue_of(sheet.document.get("morality_name", "")),
        dots=sheet.number("conscience") or 0,
        difficulty=whole(options, "difficulty", 2, 10, rules.DIFFICULTY),
    )
    return Prepared(
        lambda source: rules.degeneration(asked, source),
        lambda: chances.of_odds(wod20_odds(asked.roll), wod20.VERDICTS),
        _verdict,
        dice=asked.roll.dice,
    )


def _verdict(check: Check) -> str:
    return "botch" if check.tone == "botch" else "success" if check.passed else "failure"


def blood_use(options: Options, sheet: Sheet) -> Prepared:
    amount: Any = options.get("amount")
    action: Any = options.get("action")
    blood, health = sheet.document["blood"], sheet.document["health"]
    generation = sheet.number("generation")
    return Prepared(lambda source: vitae.use(blood, health, amount, action, generation), certain)


def blood_gain(options: Options, sheet: Sheet) -> Prepared:
    amount: Any = options.get("amount")
    return Prepared(lambda source: vitae.gain(sheet.document["blood"], amount), certain)


def initiative(options: Options, sheet: Sheet) -> Prepared:
    """One die and a rating; where the table is of the 5th, a pool that everybody rolls once."""
    if options.get("pool") is not None:
        pool = initiative_pool(options, sheet)
        return _order(lambda source: orders.roll5th(pool, source), "Successes", pool.pool)
    wanted = initiative_options(options, sheet)
    return _order(lambda source: orders.roll(wanted, source), "Initiative", 1)


def initiative_pool(options: Options, sheet: Sheet) -> orders.Options5th:
    """`pool` as a number or in words. Raises Invalid."""
    _, lines = lines_of(options["pool"], sheet)
    return orders.Options5th(sum(one.dice for one in lines))


def initiative_options(options: Options, sheet: Sheet) -> orders.Options:
    """`rating`, else the sheet's Dexterity + Wits; `modifier`, less for wounds; `extra_actions`. Raises Invalid."""
    return orders.Options(
        _rating(options, sheet),
        whole(options, "modifier", -50, 50, 0) - _wound_penalty(sheet),
        whole(options, "extra_actions", 0, 5, 0),
    )


def _wound_penalty(sheet: Sheet) -> int:
    return LEVELS[wound(sheet.character, sheet.document)].penalty if sheet.character else 0


def _rating(options: Options, sheet: Sheet) -> Any:
    if options.get("rating") is not None:
        return options["rating"]
    found = [sheet.document.get(slug) for slug in ("dexterity", "wits")]
    if not sheet.character or sheet.character.edition == "5th":
        raise Invalid.field("rating", "Name the rating, or the pool that your table rolls.")
    return sum(one["dots"] if isinstance(one, dict) else one or 0 for one in found)


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
