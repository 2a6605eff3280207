"""Rolls and exact odds a second, by system, and what the largest pool takes. Pure computing: no server, no database."""

import sys
import time
from collections.abc import Callable
from typing import Any

from scripts.bench.numbers import median, milliseconds, ratio_of_rounds
from scripts.bench.shapes import Bench
from scripts.bench.table import Row
from scripts.common import BACKEND

USUAL = 7
V5_AIM = 0.030
Work = Callable[[], object]


def run(bench: Bench) -> list[Row]:
    sys.path.append(str(BACKEND))
    return [row for name, pools in _systems().items() for row in _rows(bench, name, *pools)]


def _systems() -> dict[str, tuple[Any, Any, dict[str, Any], dict[str, Any]]]:
    """System → its dice, its odds, the options of a usual and of its largest pool, and how its odds are asked for."""
    from rules.dice import cod, general, h5, v5, w5, wod20
    from rules.odds import cod as cod_odds
    from rules.odds import general as general_odds
    from rules.odds import h5 as h5_odds
    from rules.odds import v5 as v5_odds
    from rules.odds import w5 as w5_odds
    from rules.odds import wod20 as wod20_odds

    again = {"reroll": "if_lost"}
    return {
        "v5": (
            v5,
            v5_odds.odds,
            {"pool": USUAL, "hunger": 2},
            {"pool": 30, "hunger": 5, "difficulty": 15} | again,
        ),
        "w5": (
            w5,
            w5_odds.odds,
            {"pool": USUAL, "rage": 2},
            {"pool": 50, "rage": 5, "difficulty": 25} | again,
        ),
        "h5": (h5, h5_odds.odds, {"pool": USUAL}, {"pool": 50, "desperation": 5, "difficulty": 25} | again),
        "wod20": (wod20, wod20_odds.odds, {"pool": USUAL}, {"pool": 50, "specialty": "any"}),
        "cod": (cod, cod_odds.odds, {"pool": USUAL}, {"pool": 30, "bonus": 30, "rote": True}),
        "general": (general, general_odds.odds, {"expression": "3d6+2d10"}, {"expression": "50d10"}),
    }


def _rows(
    bench: Bench, name: str, dice: Any, odds: Any, usual: dict[str, Any], largest: dict[str, Any]
) -> list[Row]:
    from rules.dice import source

    draw, options = source.system(), dice.Options(**usual)
    how = {"reroll": largest["reroll"]} if "reroll" in largest else {}
    most = dice.Options(**{key: value for key, value in largest.items() if key != "reroll"})
    rolled = _turns(bench, lambda: dice.roll(options, draw), lambda: [draw(10) for _ in range(USUAL)])
    asked = _turns(bench, lambda: odds(options), lambda: [draw(10) for _ in range(USUAL)])
    taken = [_seconds(lambda: odds(most, **how)) for _ in range(bench.options.rounds)]
    is_v5 = name == "v5"
    told = f"largest odds, {name}: {', '.join(f'{key} {value}' for key, value in largest.items())}"
    return [
        Row(f"rolls/s, {name} / as many random numbers", *_rates(rolled)),
        Row(f"odds/s, {name}, a usual pool", f"{1 / median(asked[0]):.0f}/s"),
        Row(
            told,
            milliseconds(median(taken)),
            aim=f"≤ {milliseconds(V5_AIM)}" if is_v5 else "",
            met=median(taken) <= V5_AIM if is_v5 else None,
        ),
    ]


def _turns(bench: Bench, ours: Work, floor: Work) -> tuple[list[float], list[float]]:
    """Seconds of one call, round by round; each takes its turn."""
    pairs = [(_each(ours), _each(floor)) for _ in range(bench.options.rounds)]
    return [one for one, _ in pairs], [other for _, other in pairs]


def _each(work: Work, least: float = 0.05) -> float:
    began, calls = time.process_time(), 0
    while (taken := time.process_time() - began) < least:
        work()
        calls += 1
    return taken / calls


def _seconds(work: Work) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _rates(turns: tuple[list[float], list[float]]) -> tuple[str, str, float]:
    ours, floor = turns
    return f"{1 / median(ours):.0f}/s", f"{1 / median(floor):.0f}/s", ratio_of_rounds(ours, floor)
