"""Exact chances for storage and answers: of a roll by its system's odds, of a check by enumerating its dice."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import comb
from typing import Any

from contract import rolls as shapes
from rolls.systems import System
from rules.dice import v5
from rules.dice.base import Check, Record, Verdict
from rules.dice.source import Source
from rules.json import JsonObject
from rules.odds.base import Odds
from rules.odds.v5 import odds as v5_odds

# Six digits are more than anybody sees.
DIGITS = 6
MAX_SHARES = 200

Faces = tuple[tuple[int, Fraction], ...]
# A 6 or more holds: two faces stand for the ten.
COIN: Faces = ((1, Fraction(1, 2)), (6, Fraction(1, 2)))


@dataclass(frozen=True)
class Chances:
    """Chances for storage. `successes[n]` is that of `least + n`; `mean` and `variance` are those of the successes."""

    outcomes: Mapping[str, float]
    win: float | None
    mean: float | None = None
    variance: float | None = None
    least: int = 0
    successes: tuple[float, ...] = ()
    beyond: float = 0.0

    def as_json(self) -> JsonObject:
        return {
            "outcomes": {slug: rounded(outcome) for slug, outcome in self.outcomes.items()},
            "win": None if self.win is None else rounded(self.win),
            "mean": None if self.mean is None else rounded(self.mean),
            "least": self.least,
            "successes": [rounded(share) for share in self.successes],
            "beyond": rounded(self.beyond),
        }


def rounded(number: float) -> float:
    return float(f"{float(number):.{DIGITS}g}")


def of_odds(odds: Odds, verdicts: Mapping[str, Verdict]) -> Chances:
    won = sum(share for slug, share in odds.outcomes.items() if verdicts[slug].passed)
    variance = None if odds.deviation is None else odds.deviation**2
    return Chances(
        odds.outcomes,
        won if odds.passed is None else odds.passed,
        odds.mean,
        variance,
        odds.least,
        trimmed(odds.successes),
        odds.beyond,
    )


def trimmed(shares: Iterable[float]) -> tuple[float, ...]:
    """Cut off negligible shares at the end; return none of a sum with hundreds of values."""
    kept = list(shares)
    while len(kept) > 1 and kept[-1] < 1e-9:
        kept.pop()
    return tuple(kept) if len(kept) <= MAX_SHARES else ()


def of_roll(system: System, options: Record) -> Chances | None:
    """Return the odds; None for a general expression that is no plain sum."""
    found = system.odds(options)
    return None if found is None else of_odds(found, system.verdicts)


def labelled(stored: Mapping[str, Any], labels: Mapping[str, Verdict]) -> shapes.Chances:
    """Add labels to every outcome; a slug that is no verdict (of a check) is its own label."""
    outcomes = [_outcome(slug, outcome, labels) for slug, outcome in stored["outcomes"].items()]
    return shapes.Chances.model_validate({**stored, "outcomes": outcomes})


PLAIN = {
    "passed": Verdict("Passed", "success", "#66ff33", True),
    "failed": Verdict("Failed", "failure", "#000000", False),
}


def verdict_of(slug: str, labels: Mapping[str, Verdict]) -> Verdict:
    known = labels.get(slug) or PLAIN.get(slug)
    return known or Verdict(slug.replace("_", " ").capitalize(), "neutral", "#8ab4f8", True)


def _outcome(slug: str, chance: float, labels: Mapping[str, Verdict]) -> shapes.Chance:
    return shapes.Chance.from_object(verdict_of(slug, labels), slug=slug, chance=chance)


# Of checks.


class _NeedsDie(Exception):
    """The enumeration needs another die."""

    def __init__(self, sides: int) -> None:
        self.sides = sides


def enumerated(run: Callable[[Source], Check], slug_of: Callable[[Check], str], faces: Faces = ()) -> Chances:
    """Enumerate every way that a check can go, running it with each of `faces` (all of a die if none) in turn."""
    ways: dict[tuple[str, bool, int], Fraction] = defaultdict(Fraction)
    waiting: list[tuple[tuple[int, ...], Fraction]] = [((), Fraction(1))]
    while waiting:
        shown, share = waiting.pop()
        try:
            check = run(_showing(shown))
        except _NeedsDie as more:
            every = faces or tuple((face, Fraction(1, more.sides)) for face in range(1, more.sides + 1))
            waiting += [((*shown, face), share * part) for face, part in every]
            continue
        ways[slug_of(check), check.passed, held(check)] += share
    return _summed(ways)


def _showing(shown: tuple[int, ...]) -> Source:
    waiting = iter(shown)

    def draw(sides: int) -> int:
        value = next(waiting, None)
        if value is None:
            raise _NeedsDie(sides)
        return value

    return draw


def held(check: Check) -> int:
    """Count the passed parts with dice: the successes of a check."""
    return sum(bool(step.passed) for step in check.steps if step.dice)


def _summed(ways: Mapping[tuple[str, bool, int], Fraction]) -> Chances:
    outcomes: dict[str, Fraction] = defaultdict(Fraction)
    for (slug, _, _), share in ways.items():
        outcomes[slug] += share
    won = sum(share for (_, passed, _), share in ways.items() if passed)
    mean = sum(number * share for (_, _, number), share in ways.items())
    square = sum(number * number * share for (_, _, number), share in ways.items())
    counted = {
        slug: float(share) for slug, share in sorted(outcomes.items(), key=lambda outcome: -outcome[1])
    }
    return Chances(counted, float(won), float(mean), float(square - mean * mean))


def repeated(times: int, reroll: bool) -> Chances:
    """Chances of repeated checks of one die, or of the better of two: passed when all hold."""
    holds = Fraction(3, 4) if reroll else Fraction(1, 2)
    shares = [
        comb(times, number) * holds**number * (1 - holds) ** (times - number) for number in range(times + 1)
    ]
    return Chances(
        {"passed": float(shares[-1]), "failed": float(1 - shares[-1])},
        float(shares[-1]),
        float(times * holds),
        float(times * holds * (1 - holds)),
        0,
        tuple(float(share) for share in shares),
    )


def of_pool(dice: int, difficulty: int) -> Chances:
    """Chances of regular dice of the 5th edition against a difficulty: frenzy."""
    found = v5_odds(v5.Options(pool=min(dice, 50), difficulty=difficulty))
    passed = sum(found.outcomes.get(slug, 0.0) for slug in ("success", "critical"))
    whole = of_odds(found, v5.VERDICTS)
    outcomes = {"passed": passed, "failed": 1 - passed}
    return Chances(outcomes, passed, whole.mean, whole.variance, 0, whole.successes)


def of_no_wins(dice: int) -> Chances:
    """Chances of no success at all: tests in which each one does harm."""
    wins = of_wins(dice)
    none, some = wins.outcomes["failed"], wins.outcomes["passed"]
    return replace(wins, outcomes={"passed": none, "failed": some}, win=none)


def of_wins(dice: int) -> Chances:
    """Chances of at least one success, without pairs of tens: remorse."""
    shares = tuple(comb(dice, number) / 2**dice for number in range(dice + 1))
    outcomes = {"passed": 1 - shares[0], "failed": shares[0]}
    return Chances(outcomes, 1 - shares[0], dice / 2, dice / 4, 0, shares)
