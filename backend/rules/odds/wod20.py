"""Exact odds of the 20th edition: every way in which ones, tens, wins and misses can share the dice, counted."""

from collections import defaultdict
from collections.abc import Iterable
from math import comb

from rules.dice.base import Rolled
from rules.dice.wod20 import (
    VERDICTS,
    Count,
    Options,
    count,
    left_of,
    may_reroll,
    slug_of,
    strategies,
    successes_of,
)
from rules.odds.base import Odds, Offer, picked_dice
from rules.odds.states import Tally


def odds(options: Options) -> Odds:
    return count_all(options, Count(0, 0, 0), options.dice).odds(VERDICTS)


def reroll_odds(options: Options, rolled: Rolled, picked: Iterable[int]) -> Odds:
    """The odds of rolling the picked dice again. Raises Invalid for dice that may not be rolled again."""
    again = picked_dice(picked, may_reroll(options, rolled))
    kept = [die for index, die in enumerate(rolled.dice) if index not in again]
    return count_all(options, count(options, kept), len(again)).odds(VERDICTS)


def offers(options: Options, rolled: Rolled) -> tuple[Offer, ...]:
    """Each strategy with its odds."""
    found = strategies(options, rolled)
    return tuple(Offer(strategy, reroll_odds(options, rolled, strategy.picked)) for strategy in found)


def count_all(options: Options, kept: Count, dice: int) -> Tally:
    """Count every throw of so many dice beside those that are kept, in whole numbers."""
    tally = Tally()
    for (left, bare), ways in _ways(options, kept, dice).items():
        tally.add(slug_of(options, left, bare), successes_of(options, left), ways)
    return tally


def _ways(options: Options, kept: Count, dice: int) -> dict[tuple[int, bool], int]:
    """In how many ways out of 10 ** dice so many successes are left, by whether ones stand without a win."""
    one_faces = int(not options.no_botch)
    ten_faces = int(bool(options.specialty))
    win_faces = 11 - options.difficulty - ten_faces
    miss_faces = 10 - one_faces - ten_faces - win_faces
    rest_ways = [_row(number, win_faces, miss_faces) for number in range(dice + 1)]
    found: dict[tuple[int, bool], int] = defaultdict(int)
    for ones in range(kept.ones, kept.ones + dice * one_faces + 1):
        others = kept.ones + dice - ones
        for tens in range(others * ten_faces + 1):
            rest = others - tens
            orders = comb(dice, ones - kept.ones) * comb(others, tens)
            for wins, ways in enumerate(rest_ways[rest], kept.wins + tens):
                if ways:
                    left = left_of(ones, wins, kept.tens + tens, options.ones)
                    found[left, ones > 0 and not wins] += orders * ways
    return found


def _row(dice: int, win_faces: int, miss_faces: int) -> list[int]:
    """In how many ways so many of the dice win, 0 to all."""
    return [comb(dice, wins) * win_faces**wins * miss_faces ** (dice - wins) for wins in range(dice + 1)]
