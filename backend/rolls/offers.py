"""Ways to roll again, each with exactly what it would do."""

from typing import Any

from haven.models import Character
from haven.utility import derived
from rolls import chances
from rolls.models import Roll
from rolls.serializers import options_of, rolled_of
from rolls.systems import SYSTEMS, System
from rules.dice.base import Operations
from rules.dice.blood import spend_willpower
from rules.errors import GameError


def cost(system: System, character: Character | None) -> Operations:
    """What Willpower pays for a reroll: nothing where there is no sheet. Raises Unprocessable when none is left."""
    if character is None or not system.willpower:
        return ()
    track = character.document().get("willpower")
    return spend_willpower(track) if isinstance(track, dict) and "superficial" in track else ()


def strategies(roll: Roll, with_odds: bool = True) -> list[dict[str, Any]]:
    """Empty when nobody could pay; where the difficulty is hidden the odds would tell it."""
    system, options, rolled = SYSTEMS[roll.system], options_of(roll), rolled_of(roll)
    character = derived(roll.character) if roll.character else None
    try:
        price = "1 Willpower" if cost(system, character) else ""
    except GameError:
        return []
    standing = float(roll.outcome["passed"])
    return [
        {
            "slug": one.strategy.slug,
            "label": one.strategy.label,
            "description": one.strategy.description,
            "dice": list(one.strategy.picked),
            "cost": price,
            **(_odds(system, one.odds, standing) if with_odds else {"odds": None, "gain": None}),
        }
        for one in system.offers(options, rolled)
    ]


def _odds(system: System, odds: Any, standing: float) -> dict[str, Any]:
    found = chances.of_odds(odds, system.verdicts)
    told = chances.told(found.as_json(), system.verdicts)
    return {"odds": told, "gain": chances.rounded((found.win or 0.0) - standing)}
