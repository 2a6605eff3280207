"""Ways to reroll, each with its exact odds."""

from collections.abc import Sequence

from haven.models import Character
from haven.utility import derived
from rolls import chances
from rolls.models import Roll
from rolls.serializers import options_of, to_roll_again
from rolls.systems import SYSTEMS, System
from rules.dice.base import Operations, Strategy
from rules.dice.blood import spend_willpower
from rules.errors import GameError, Invalid, Problems
from rules.json import JsonObject
from rules.odds.base import Odds

# What players call an outcome that a strategy avoids.
VERDICT_WORDS = {"messy": "mess"}
NO_ODDS: JsonObject = {"odds": None, "gain": None}


def cost(system: System, character: Character | None) -> Operations:
    """Return the Willpower that a reroll costs; nothing without a sheet. Raises Unprocessable when none is left."""
    if character is None or not system.willpower:
        return ()
    track = character.document().get("willpower")
    return spend_willpower(track) if isinstance(track, dict) and "superficial" in track else ()


def strategies(roll: Roll, with_odds: bool = True) -> list[JsonObject]:
    """Return the ways to reroll; none when nobody could pay. Odds would give a hidden difficulty away."""
    try:
        price = _price(roll)
    except GameError:
        return []
    found = SYSTEMS[roll.system].offers(options_of(roll), to_roll_again(roll))
    return [_shown(roll, offer.strategy, offer.odds, price, with_odds) for offer in found]


def _price(roll: Roll) -> str:
    character = derived(roll.character) if roll.character else None
    return "1 Willpower" if cost(SYSTEMS[roll.system], character) else ""


def _shown(roll: Roll, strategy: Strategy, odds: Odds, price: str, with_odds: bool) -> JsonObject:
    shown = _odds(SYSTEMS[roll.system], odds, float(roll.outcome["passed"])) if with_odds else NO_ODDS
    if strategy.avoids:
        shown = shown | {"gain": None}
    return {
        "slug": strategy.slug,
        "label": strategy.label,
        "description": strategy.description,
        "dice": list(strategy.picked),
        "cost": price,
        "aim": f"no {VERDICT_WORDS.get(strategy.avoids, strategy.avoids)}" if strategy.avoids else "",
        "chance": _chance(strategy, odds) if with_odds else None,
        **shown,
    }


def _chance(strategy: Strategy, odds: Odds) -> float:
    """The chance of what the strategy is for: to win, or to turn an outcome away."""
    if strategy.avoids:
        return chances.rounded(1 - odds.outcomes.get(strategy.avoids, 0.0))
    return chances.rounded(odds.passed or 0.0)


def picked(roll: Roll, dice: Sequence[int]) -> tuple[int, ...]:
    """Check the indexes that a person picked. Raises Invalid."""
    kind, options, rolled = SYSTEMS[roll.system], options_of(roll), to_roll_again(roll)
    problems = Problems()
    if not isinstance(dice, list) or not 1 <= len(dice) <= 100:
        problems.add("dice", "A list of indexes is expected.")
    else:
        for die in dice:
            problems.whole("dice", die, 0, 1000)
    problems.settle()
    if set(dice) - set(kind.may_reroll(options, rolled)):
        raise Invalid.field("dice", "One of these dice may not be rolled again.")
    most = kind.most_again(options, rolled)
    if len(set(dice)) != len(dice) or len(dice) > most:
        raise Invalid.field("dice", f"Pick one to {most} different dice.")
    return tuple(dice)


def of_picked(roll: Roll, dice: Sequence[int], with_odds: bool = True) -> list[JsonObject]:
    """Return the odds of rerolling these dice, as the only strategy; none when nobody could pay. Raises Invalid."""
    system = SYSTEMS[roll.system]
    try:
        price = _price(roll)
    except GameError:
        return []
    chosen = picked(roll, dice)
    if not system.rerolls:
        return []
    odds = system.reroll_odds(options_of(roll), to_roll_again(roll), chosen)
    strategy = Strategy("picked", "Picked dice", chosen, "The dice that were picked")
    return [_shown(roll, strategy, odds, price, with_odds)]


def _odds(system: System, odds: Odds, standing: float) -> JsonObject:
    found = chances.of_odds(odds, system.verdicts)
    labelled = chances.labelled(found.as_json(), system.verdicts)
    return {"odds": labelled, "gain": chances.rounded((found.win or 0.0) - standing)}
