"""Rolls and exact odds a second, by system, and what the largest pool takes. Pure computing: no server, no database."""

import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module

from scripts.bench.numbers import median, milliseconds, ratio_of_rounds
from scripts.bench.shapes import Bench
from scripts.bench.table import Row
from scripts.common import BACKEND

USUAL = 7
Work = Callable[[], object]
Options = Mapping[str, int | bool | str]


async def run(bench: Bench) -> list[Row]:
    sys.path.append(str(BACKEND))
    return [row for system in SYSTEMS for row in _rows(bench, system)]


@dataclass(frozen=True)
class System:
    """The options of a usual and of the largest pool, and with which odds the largest is asked."""

    name: str
    usual: Options
    largest: Options
    odds: Options = field(default_factory=dict)
    aim: float | None = None


IF_LOST = {"reroll": "if_lost"}
SYSTEMS = [
    System("v5", {"pool": USUAL, "hunger": 2}, {"pool": 30, "hunger": 5, "difficulty": 15}, IF_LOST, 0.030),
    System("w5", {"pool": USUAL, "rage": 2}, {"pool": 50, "trained": 20, "participants": 20}, aim=0.050),
    System("h5", {"pool": USUAL}, {"pool": 50, "desperation": 5, "difficulty": 25}, IF_LOST),
    System("wod20", {"pool": USUAL}, {"pool": 50, "specialty": "any"}),
    System("cod", {"pool": USUAL}, {"pool": 30, "bonus": 30, "rote": True}),
    System("general", {"expression": "3d6+2d10"}, {"expression": "50d10"}),
]


def _rows(bench: Bench, system: System) -> list[Row]:
    from rules.dice import source

    dice = import_module(f"rules.dice.{system.name}")
    odds = import_module(f"rules.odds.{system.name}").odds
    draw, usual, largest = source.system(), dice.Options(**system.usual), dice.Options(**system.largest)
    rolled = _turns(bench, lambda: dice.roll(usual, draw), lambda: [draw(10) for _ in range(USUAL)])
    computed = _turns(bench, lambda: odds(usual), lambda: [draw(10) for _ in range(USUAL)])
    taken = median([_seconds(lambda: odds(largest, **system.odds)) for _ in range(bench.options.rounds)])
    aim = (f"≤ {milliseconds(system.aim)}", taken <= system.aim) if system.aim else ("", None)
    options = ", ".join(f"{key} {value}" for key, value in {**system.largest, **system.odds}.items())
    return [
        Row(f"rolls/s, {system.name} / as many random numbers", *_rates(rolled)),
        Row(f"odds/s, {system.name}, a usual pool", f"{1 / median(computed[0]):.0f}/s"),
        Row(f"largest odds, {system.name}: {options}", milliseconds(taken), "", None, *aim),
    ]


def _turns(bench: Bench, ours: Work, floor: Work) -> tuple[list[float], list[float]]:
    """Return the seconds of a call, round by round; the two take turns."""
    pairs = [(_each(ours), _each(floor)) for _ in range(bench.options.rounds)]
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


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
