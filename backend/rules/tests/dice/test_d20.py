"""A twenty-sided die with a modifier: examples, and odds against every throw there is."""

from itertools import product

import pytest

from rules.dice import d20
from rules.dice.base import DROPPED, REGULAR, Rolled
from rules.dice.d20 import ADVANTAGE, DISADVANTAGE, Options
from rules.dice.source import listed
from rules.errors import Invalid, Unprocessable
from rules.odds import d20 as odds


def rolled(options: Options, *values: int) -> Rolled:
    return d20.roll(options, listed(list(values)))


@pytest.mark.parametrize(
    ("options", "values", "slug", "total", "margin"),
    [
        (Options(5), [12], "total", 17, None),
        (Options(5, 15), [12], "success", 17, 2),
        (Options(-2, 15), [12], "failure", 10, -5),
        (Options(5, 15), [10], "success", 15, 0),
        (Options(0), [20], "natural_20", 20, None),
        (Options(0), [1], "natural_1", 1, None),
        (Options(-8, 15), [20], "failure", 12, -3),
        (Options(20, 15), [1], "success", 21, 6),
        (Options(5, 15, ADVANTAGE), [3, 18], "success", 23, 8),
        (Options(5, 15, DISADVANTAGE), [3, 18], "failure", 8, -7),
        (Options(5, 15, DISADVANTAGE), [1, 20], "fumble", 6, -9),
        (Options(0, None, ADVANTAGE), [20, 20], "natural_20", 20, None),
        (Options(0, 20), [20], "critical", 20, 0),
    ],
)
def test_what_came_of_it(
    options: Options, values: list[int], slug: str, total: int, margin: int | None
) -> None:
    outcome = d20.judge(options, rolled(options, *values).dice)
    assert (outcome.slug, outcome.successes, outcome.margin) == (slug, total, margin)
    assert outcome.passed is d20.VERDICTS[slug].passed


def test_the_die_that_does_not_count_lies_beside_it() -> None:
    dice = rolled(Options(0, None, ADVANTAGE), 4, 17).dice
    assert [(die.value, die.kind, die.sides) for die in dice] == [(4, DROPPED, 20), (17, REGULAR, 20)]


@pytest.mark.parametrize("advantage", ["", ADVANTAGE, DISADVANTAGE])
@pytest.mark.parametrize("difficulty", [None, 1, 8, 15, 26, 40])
@pytest.mark.parametrize("modifier", [-5, 0, 3, 25])
def test_odds_are_exact(advantage: str, difficulty: int | None, modifier: int) -> None:
    options = Options(modifier, difficulty, advantage)
    throws = list(product(range(1, 21), repeat=options.dice))
    outcomes = [d20.judge(options, rolled(options, *throw).dice) for throw in throws]
    found = odds.odds(options)
    assert sum(found.outcomes.values()) == pytest.approx(1)
    for slug in d20.VERDICTS:
        share = sum(outcome.slug == slug for outcome in outcomes) / len(throws)
        assert found.outcomes.get(slug, 0) == pytest.approx(share)
    assert found.mean == pytest.approx(sum(outcome.successes for outcome in outcomes) / len(throws))
    for total in range(modifier - 1, modifier + 23):
        least = sum(outcome.successes >= total for outcome in outcomes) / len(throws)
        assert found.at_least(total) == pytest.approx(least)
    if difficulty is None:
        assert found.passed is None
    else:
        assert found.passed == pytest.approx(sum(outcome.passed for outcome in outcomes) / len(throws))


@pytest.mark.parametrize(
    "wrong",
    [
        {"modifier": 101},
        {"modifier": "5"},
        {"modifier": 0, "advantage": "luck"},
        {"modifier": 0, "difficulty": 0},
    ],
)
def test_what_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        Options.from_json(wrong)  # type: ignore[arg-type]


def test_options_are_json_and_back() -> None:
    options = Options(5, 15, ADVANTAGE)
    assert Options.from_json(options.as_json()) == options


def test_nothing_is_rolled_again() -> None:
    thrown = rolled(Options(0), 3)
    assert d20.strategies(Options(0), thrown) == []
    with pytest.raises(Unprocessable):
        d20.reroll(Options(0), thrown, [0], listed([4]))
