"""The exact odds of the 5th edition against brute force, and against rolls of the engine: 200,000 in the long run."""

from collections.abc import Sequence
from fractions import Fraction
from math import sqrt
from types import ModuleType
from typing import Any

import pytest

from rules.dice import h5, v5, w5
from rules.dice.base import DESPERATION, HUNGER, RAGE, REGULAR, Die, Rolled
from rules.dice.source import seeded
from rules.errors import Invalid
from rules.odds import h5 as h5_odds
from rules.odds import v5 as v5_odds
from rules.odds import w5 as w5_odds
from rules.odds.base import Odds, Offer
from rules.tests.dice import brute
from testing.fuzzing import FUZZ

ROLLS = 30_000 if FUZZ == 1 else 200_000
# So many standard errors: with a fixed seed a test passes or fails for good; by chance one in two million would fail.
ERRORS = 5


def pools() -> list[tuple[int, int]]:
    """Every pool of up to five dice as plain and special dice."""
    return [(dice - special, special) for dice in range(1, 6) for special in range(dice + 1)]


@pytest.mark.parametrize(("plain", "special"), pools())
def test_vampire_pools_are_exact(plain: int, special: int) -> None:
    for difficulty in (None, *range(10)):
        options = v5.Options(plain + special, special, difficulty)
        expected = brute.shares(brute.v5, plain, special, difficulty or 0)
        assert v5_odds.count(options).fractions() == expected


@pytest.mark.parametrize(("plain", "special"), pools())
def test_werewolf_pools_are_exact(plain: int, special: int) -> None:
    for difficulty in (None, *range(10)):
        options = w5.Options(plain + special, special, difficulty)
        need = difficulty or 0
        assert w5_odds.count(options).fractions() == brute.shares(brute.w5, plain, special, need)
        gained = w5_odds.count(options, choice=w5.GAIN).fractions()
        assert gained == brute.shares(brute.w5_gain, plain, special, need)


@pytest.mark.parametrize(("plain", "special"), [pool for pool in pools() if pool[0]])
def test_hunter_pools_are_exact(plain: int, special: int) -> None:
    for difficulty in (None, *range(10)):
        options = h5.Options(plain, special, difficulty)
        expected = brute.shares(brute.h5, plain, special, difficulty or 0)
        assert h5_odds.count(options).fractions() == expected


WON = {"success", "critical", "messy", "choice"}


@pytest.mark.parametrize(("plain", "special"), [(1, 0), (3, 1), (4, 2), (5, 1), (6, 0)])
@pytest.mark.parametrize("difficulty", [1, 3])
@pytest.mark.parametrize("reroll", ["always", "if_lost"])
def test_odds_with_willpower_are_exact(plain: int, special: int, difficulty: int, reroll: str) -> None:
    asked = plain, special, difficulty, reroll == "if_lost", WON
    vampire = v5_odds.count(v5.Options(plain + special, special, difficulty), reroll=reroll)
    assert vampire.fractions() == brute.shares_with_willpower(brute.v5, *asked)
    werewolf = w5_odds.count(w5.Options(plain + special, special, difficulty), reroll=reroll)
    assert werewolf.fractions() == brute.shares_with_willpower(brute.w5, *asked)
    hunter = h5_odds.count(h5.Options(plain, special, difficulty), reroll=reroll)
    assert hunter.fractions() == brute.shares_with_willpower(brute.h5, *asked)


def facts_of(dice: Sequence[Die], regular: bool) -> brute.Facts:
    return brute.facts(tuple(die.value for die in dice if (die.kind == REGULAR) == regular))


def brute_reroll(rule: brute.Rule, rolled: Rolled, picked: Sequence[int], need: int) -> brute.Shares:
    found: dict[tuple[str, int], int] = {}
    for fresh in brute.product(range(1, 11), repeat=len(picked)):
        dice = list(rolled.dice)
        for index, value in zip(picked, fresh, strict=True):
            dice[index] = Die(value, dice[index].kind)
        key = rule(facts_of(dice, True), facts_of(dice, False), need)
        found[key] = found.get(key, 0) + 1
    return {key: Fraction(number, 10 ** len(picked)) for key, number in found.items()}


SYSTEMS: list[tuple[ModuleType, ModuleType, brute.Rule, Any]] = [
    (v5, v5_odds, brute.v5, v5.Options(8, 3, 3)),
    (w5, w5_odds, brute.w5, w5.Options(8, 3, 3)),
    (h5, h5_odds, brute.h5, h5.Options(6, 3, 4)),
]


@pytest.mark.parametrize(("system", "odds", "rule", "options"), SYSTEMS)
def test_what_a_reroll_would_do_is_exact(
    system: ModuleType, odds: ModuleType, rule: brute.Rule, options: Any
) -> None:
    source = seeded(11)
    offered = 0
    for _ in range(25):
        rolled = system.roll(options, source)
        for strategy in system.strategies(options, rolled):
            offered += 1
            expected = brute_reroll(rule, rolled, strategy.picked, options.difficulty)
            assert odds.SYSTEM.count_reroll(options, rolled, strategy.picked).fractions() == expected
            shares = odds.reroll_odds(options, rolled, strategy.picked)
            assert shares.passed == pytest.approx(
                float(sum(share for (slug, _), share in expected.items() if slug in WON))
            )
    assert offered >= 25


def test_rage_dice_are_counted_as_rage_dice_when_rolled_again() -> None:
    options = w5.Options(4, 3, 1)
    rolled = Rolled((Die(7), Die(3, RAGE), Die(4, RAGE), Die(2, RAGE)))
    assert w5_odds.SYSTEM.count_reroll(options, rolled, (1, 2)).fractions() == brute_reroll(
        brute.w5, rolled, (1, 2), 1
    )


def test_every_offer_comes_with_its_odds() -> None:
    options = v5.Options(5, 2, 2)
    rolled = Rolled((Die(10), Die(3), Die(8), Die(10, HUNGER), Die(2, HUNGER)))
    offers = v5_odds.offers(options, rolled)
    assert [offer.strategy.slug for offer in offers] == ["failures", "criticals", "messy", "messy_failures"]
    assert offers[0].odds.outcomes == {"messy": 1.0}
    # The regular ten again: nine in ten break the pair, and the 8 and the hungry 10 are the two successes needed.
    assert offers[2].odds.outcomes == {"messy": 0.1, "success": 0.9}
    assert Offer.from_json(offers[2].as_json()) == offers[2]


def test_only_dice_that_may_be_rolled_again_have_reroll_odds() -> None:
    rolled = Rolled((Die(3), Die(4), Die(1), Die(2), Die(3, HUNGER)))
    for picked in [(4,), (0, 0), (), (0, 1, 2, 3), (9,)]:
        with pytest.raises(Invalid) as caught:
            v5_odds.reroll_odds(v5.Options(5, 1), rolled, picked)
        assert "picked" in caught.value.data["fields"]
    with pytest.raises(Invalid):
        v5_odds.odds(v5.Options(5), reroll="sometimes")


def assert_near(odds: Odds, outcomes: dict[str, int], totals: int, rolls: int = ROLLS) -> None:
    assert set(outcomes) <= set(odds.outcomes)
    assert sum(odds.outcomes.values()) == pytest.approx(1)
    assert sum(odds.successes) == pytest.approx(1)
    for slug, share in odds.outcomes.items():
        error = sqrt(share * (1 - share) / rolls)
        assert abs(outcomes.get(slug, 0) / rolls - share) <= ERRORS * error, slug
    assert odds.deviation
    assert abs(totals / rolls - odds.mean) <= ERRORS * odds.deviation / sqrt(rolls)


def tried(
    system: ModuleType, options: Any, rolls: int, seed: int, again: bool = False
) -> tuple[dict[str, int], int]:
    source = seeded(seed)
    outcomes: dict[str, int] = {}
    totals = 0
    for _ in range(rolls):
        rolled = system.roll(options, source)
        outcome = system.judge(options, rolled.dice)
        if again and not outcome.passed:
            failures = [
                index for index, die in enumerate(rolled.dice) if die.kind == REGULAR and die.value < 6
            ][:3]
            if failures:
                rolled = system.reroll(options, rolled, failures, source)
                outcome = system.judge(options, rolled.dice)
        outcomes[outcome.slug] = outcomes.get(outcome.slug, 0) + 1
        totals += outcome.successes
    return outcomes, totals


@pytest.mark.parametrize(
    ("system", "odds", "options"),
    [
        (v5, v5_odds, v5.Options(13, 4, 8, "Knives", surge=1)),
        (w5, w5_odds, w5.Options(9, 3, 8, trained=2, participants=1)),
        (h5, h5_odds, h5.Options(12, 4, 9)),
    ],
)
def test_the_engine_rolls_what_the_odds_say(system: ModuleType, odds: ModuleType, options: Any) -> None:
    assert_near(odds.odds(options), *tried(system, options, ROLLS, seed=5))


@pytest.mark.parametrize(
    ("system", "odds", "options"),
    [
        (v5, v5_odds, v5.Options(9, 3, 6)),
        (w5, w5_odds, w5.Options(9, 3, 6)),
        (h5, h5_odds, h5.Options(8, 3, 7)),
    ],
)
def test_the_engine_rerolls_what_the_odds_say(system: ModuleType, odds: ModuleType, options: Any) -> None:
    rolls = ROLLS // 5
    outcomes, totals = tried(system, options, rolls, seed=7, again=True)
    assert_near(odds.odds(options, reroll="if_lost"), outcomes, totals, rolls)


def test_the_largest_pools_are_counted_whole() -> None:
    largest = v5.Options(50, 4, 12, "All", surge=10)
    assert largest.dice == 57
    assert v5_odds.count(largest, reroll="always").total == 10**60
    rite = w5.Options(50, 5, 12, "All", trained=20, participants=20)
    assert (rite.dice, rite.rage_dice) == (111, 45)
    assert w5_odds.count(rite).total == 10**111
    assert h5_odds.count(h5.Options(50, 5, 3)).total == 10**55


@pytest.mark.parametrize("reroll", ["", "if_lost"])
def test_play_15_the_largest_rite_has_exact_odds(reroll: str) -> None:
    rite = w5.Options(pool=50, rage=5, difficulty=30, trained=20, participants=20)
    odds = w5_odds.odds(rite, reroll=reroll)
    assert sum(odds.outcomes.values()) == pytest.approx(1)
    assert sum(odds.successes) == pytest.approx(1)
    # Half of the dice succeed, and each pair of tens brings two more.
    plain = rite.dice / 2 + rite.dice / 10 - (1 - 0.8**rite.dice) / 2
    assert odds.mean == pytest.approx(plain) if not reroll else odds.mean >= plain


def test_odds_are_json_and_back_and_answer_at_least() -> None:
    odds = v5_odds.odds(v5.Options(2, 0, 1))
    assert Odds.from_json(odds.as_json()) == odds
    assert odds.outcomes == {"total_failure": 0.25, "critical": 0.01, "success": 0.74}
    assert odds.at_least(1) == pytest.approx(0.75)
    assert odds.at_least(4) == pytest.approx(0.01)
    assert odds.at_least(5) == 0
    assert (odds.passed, odds.mean) == (0.75, 1.02)


def test_desperation_always_overreached_is_never_despair_of_a_won_roll() -> None:
    options = h5.Options(3, 2, 2)
    undecided = h5_odds.odds(options)
    for choice, slugs in (("overreach", {"overreach", "overreach_critical"}), ("despair", {"despair"})):
        decided = h5_odds.odds(options, choice=choice)
        assert "choice" not in decided.outcomes
        moved = sum(decided.outcomes.get(slug, 0) - undecided.outcomes.get(slug, 0) for slug in slugs)
        assert moved == pytest.approx(undecided.outcomes["choice"])


def test_desperation_dice_lie_beside_the_pool() -> None:
    rolled = h5.roll(h5.Options(3, 2), seeded(1))
    assert [die.kind for die in rolled.dice] == [REGULAR] * 3 + [DESPERATION] * 2
