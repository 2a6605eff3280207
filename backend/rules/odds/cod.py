"""Exact odds of Chronicles of Darkness.

Dice that roll again have no most of successes. The successes of one die and all that it brings are a series: with A for
faces that end it and B for those that roll again, G = A + B·G, so each coefficient follows from the one before. The
series is cut where less than `REST` is left, told as `beyond`. Outcomes and mean are exact all the same.
"""

from collections.abc import Iterable, Sequence

from rules.dice.base import Rolled
from rules.dice.cod import EXCEPTIONAL, NO_AGAIN, VERDICTS, Options, may_reroll, strategies
from rules.odds.base import (
    Odds,
    Offer,
    convolve,
    deviation,
    passed_share,
    picked_dice,
    power,
    sorted_outcomes,
)

REST = 1e-12


class Faces:
    """How likely one die fails, succeeds, rolls again without a success, and does both."""

    def __init__(self, options: Options) -> None:
        shown = range(1, 11)
        wins = {face for face in shown if face >= options.target}
        again = {face for face in shown if face >= options.again}
        self.fails = len(set(shown) - wins - again) / 10
        self.wins = len(wins - again) / 10
        self.blank_again = len(again - wins) / 10
        self.win_again = len(wins & again) / 10

    def chain(self, most: int) -> list[float]:
        """The distribution of one die's successes, with all dice that it adds."""
        series = [self.fails / (1 - self.blank_again)]
        for number in range(1, most + 1):
            ends = self.wins if number == 1 else 0.0
            series.append((ends + self.win_again * series[-1]) / (1 - self.blank_again))
        return series

    def rote(self, most: int) -> list[float]:
        """As `chain`, for a die that is rolled once more when it fails."""
        chain = self.chain(most)
        twice = [(self.fails + self.blank_again) * share for share in chain]
        for number in range(1, most + 1):
            twice[number] += self.win_again * chain[number - 1] + (self.wins if number == 1 else 0.0)
        return twice

    @property
    def chain_mean(self) -> float:
        return (self.wins + self.win_again) / (1 - self.blank_again - self.win_again)

    @property
    def rote_mean(self) -> float:
        again = self.fails + self.blank_again + self.win_again
        return self.wins + self.win_again + again * self.chain_mean


def odds(options: Options) -> Odds:
    if options.chance:
        return _chance(options)
    faces = Faces(options)
    mean = options.dice * (faces.rote_mean if options.rote else faces.chain_mean)
    most = _most(options, options.dice, mean)
    single = faces.rote(most) if options.rote else faces.chain(most)
    return _odds_of(options, power(single, options.dice, most), mean)


def reroll_odds(options: Options, rolled: Rolled, picked: Iterable[int]) -> Odds:
    """The odds of rolling the picked dice again. Raises Invalid for dice that may not be rolled again."""
    again = picked_dice(picked, may_reroll(options, rolled))
    kept = sum(die.value >= options.target for index, die in enumerate(rolled.dice) if index not in again)
    faces = Faces(options)
    mean = len(again) * faces.chain_mean
    most = _most(options, len(again), mean)
    fresh = power(faces.chain(most), len(again), most)
    return _odds_of(options, convolve([0.0] * kept + [1.0], fresh), kept + mean)


def offers(options: Options, rolled: Rolled) -> tuple[Offer, ...]:
    """Each strategy with its odds."""
    found = strategies(options, rolled)
    return tuple(Offer(strategy, reroll_odds(options, rolled, strategy.picked)) for strategy in found)


def _most(options: Options, dice: int, mean: float) -> int:
    """Where to cut the series: nothing is beyond without dice that roll again; else far behind the mean."""
    return dice if options.again == NO_AGAIN else int(2 * mean) + 4 * int(dice**0.5) + 40


def _odds_of(options: Options, successes: Sequence[float], mean: float) -> Odds:
    beyond = max(0.0, 1 - sum(successes)) if options.again < NO_AGAIN else 0.0
    outcomes = {
        "failure": successes[0],
        "success": sum(successes[1:EXCEPTIONAL]),
        "exceptional": min(1.0, sum(successes[EXCEPTIONAL:]) + beyond),
    }
    shown = list(successes)
    while shown[-1] + beyond < REST:
        beyond += shown.pop()
    return _odds(outcomes, shown, mean, beyond)


def _chance(options: Options) -> Odds:
    rolls_again = 0.8 if options.rote else 0.0
    ten = one = 0.1 + rolls_again * 0.1
    outcomes = {"dramatic_failure": one, "failure": 1 - ten - one, "success": ten}
    return _odds(outcomes, (1 - ten, ten), ten)


def _odds(outcomes: dict[str, float], successes: Sequence[float], mean: float, beyond: float = 0.0) -> Odds:
    return Odds(
        outcomes=sorted_outcomes(outcomes, tuple(VERDICTS)),
        successes=tuple(successes),
        mean=mean,
        beyond=beyond,
        passed=passed_share(outcomes, VERDICTS),
        deviation=deviation(successes, mean),
    )
