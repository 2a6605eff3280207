"""Ways to reroll, each with its exact odds."""

from collections.abc import Sequence

from contract import rolls as shapes
from contract.translation import N_, _
from haven.models import Character
from haven.utility import derived
from rolls import chances
from rolls.models import Roll
from rolls.serializers import options_of, to_roll_again
from rolls.sheet import Sheet
from rolls.systems import SYSTEMS, System
from rules.dice.base import Operations, Strategy
from rules.dice.blood import spend_willpower
from rules.errors import GameError, Invalid
from rules.odds.base import Odds

# What players call an outcome that a strategy avoids.
VERDICT_WORDS = {"messy": "mess"}


def cost(system: System, character: Character | None) -> Operations:
    """Return the Willpower that a reroll costs; nothing without a sheet. Raises Unprocessable when none is left."""
    if character is None or not system.willpower:
        return ()
    track = Sheet(character).counters("willpower")
    return spend_willpower(track) if "superficial" in track else ()


def ways(roll: Roll, dice: Sequence[int] | None, with_odds: bool) -> list[shapes.Strategy]:
    """Return the ways to reroll, or that of rerolling these `dice`; none when nobody could pay.

    Odds would give a hidden difficulty away. Raises Invalid.
    """
    try:
        price = _price(roll)
    except GameError:
        return []
    if dice is not None:
        return _of_picked(roll, picked(roll, dice), price, with_odds)
    found = SYSTEMS[roll.system].offers(options_of(roll), to_roll_again(roll))
    return [_shown(roll, offer.strategy, offer.odds, price, with_odds) for offer in found]


def _price(roll: Roll) -> str:
    character = derived(roll.character) if roll.character else None
    return "1 Willpower" if cost(SYSTEMS[roll.system], character) else ""


def _shown(roll: Roll, strategy: Strategy, odds: Odds, price: str, with_odds: bool) -> shapes.Strategy:
    system = SYSTEMS[roll.system]
    found = chances.of_odds(odds, system.verdicts)
    gain = chances.rounded((found.win or 0.0) - float(roll.outcome["passed"]))
    return shapes.Strategy.from_object(
        strategy,
        dice=strategy.picked,
        cost=price,
        aim=f"no {VERDICT_WORDS.get(strategy.avoids, strategy.avoids)}" if strategy.avoids else "",
        chance=_chance(strategy, odds) if with_odds else None,
        odds=chances.labelled(found.as_json(), system.verdicts) if with_odds else None,
        gain=gain if with_odds and not strategy.avoids else None,
    )


def _chance(strategy: Strategy, odds: Odds) -> float:
    """The chance of what the strategy is for: to win, or to turn an outcome away."""
    if strategy.avoids:
        return chances.rounded(1 - odds.outcomes.get(strategy.avoids, 0.0))
    return chances.rounded(odds.passed or 0.0)


def picked(roll: Roll, dice: Sequence[int]) -> tuple[int, ...]:
    """Check the indexes that a person picked. Raises Invalid."""
    kind, options, rolled = SYSTEMS[roll.system], options_of(roll), to_roll_again(roll)
    if set(dice) - set(kind.may_reroll(options, rolled)):
        raise Invalid.field("dice", _("One of these dice can’t be rerolled."))
    most = kind.most_again(options, rolled)
    if len(set(dice)) != len(dice) or len(dice) > most:
        raise Invalid.field("dice", _("Pick 1 to {most} different dice.", most=most))
    return tuple(dice)


def _of_picked(roll: Roll, chosen: tuple[int, ...], price: str, with_odds: bool) -> list[shapes.Strategy]:
    system = SYSTEMS[roll.system]
    if not system.rerolls:
        return []
    odds = system.reroll_odds(options_of(roll), to_roll_again(roll), chosen)
    strategy = Strategy("picked", N_("Picked dice"), chosen, N_("The dice you picked"))
    return [_shown(roll, strategy, odds, price, with_odds)]
