"""Exact odds of the 20th edition: every way in which ones, tens, wins and misses can share the dice, counted."""

from collections import defaultdict
from collections.abc import Iterable
from math import comb

from rules.dice.base import Rolled
from rules.dice.wod20 import VERDICTS, Count, Options, count, left_of, slug_of, successes_of
from rules.odds.base import Odds, sorted_outcomes


def odds(options: Options) -> Odds:
    return _odds(options, Count(0, 0, 0), options.dice)


def reroll_odds(options: Options, rolled: Rolled, picked: Iterable[int]) -> Odds:
    again = set(picked)
    kept = [one for index, one in enumerate(rolled.dice) if index not in again]
    return _odds(options, count(options, kept), len(again))


def _odds(options: Options, kept: Count, dice: int) -> Odds:
    outcomes: dict[str, int] = defaultdict(int)
    totals: dict[int, int] = defaultdict(int)
    for (left, bare), ways in _ways(options, kept, dice).items():
        outcomes[slug_of(options, left, bare)] += ways
        totals[successes_of(options, left)] += ways
    every = 10**dice
    return Odds(
        outcomes=sorted_outcomes({slug: ways / every for slug, ways in outcomes.items()}, tuple(VERDICTS)),
        successes=tuple(totals[number] / every for number in range(max(totals) + 1)),
        mean=sum(number * ways for number, ways in totals.items()) / every,
    )


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
                    left = left_of(ones, wins, kept.tens + tens)
                    found[left, ones > 0 and not wins] += orders * ways
    return found


def _row(dice: int, win_faces: int, miss_faces: int) -> list[int]:
    """In how many ways so many of the dice win, 0 to all."""
    return [comb(dice, wins) * win_faces**wins * miss_faces ** (dice - wins) for wins in range(dice + 1)]
