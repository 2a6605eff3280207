"""Werewolf dice: Rage, brutal outcomes, rites."""

import pytest

from rules.dice import w5
from rules.dice.base import RAGE, REGULAR, Die, Rolled
from rules.dice.source import listed
from rules.errors import Invalid, Unprocessable


def dice(plain: list[int], raging: list[int]) -> tuple[Die, ...]:
    return tuple(Die(value) for value in plain) + tuple(Die(value, RAGE) for value in raging)


@pytest.mark.parametrize(
    ("plain", "raging", "difficulty", "expected"),
    [
        ([7, 8], [6], 3, ("success", 3, 0)),
        ([7, 8], [6], 4, ("failure", 3, -1)),
        ([2], [3], 1, ("total_failure", 0, -1)),
        # Tens pair up whatever dice show them, and nothing is messy.
        ([10], [10], 2, ("critical", 4, 2)),
        # Two brutal dice fail even a critical win; one does nothing, nor do regular ones.
        ([10, 10], [1, 2], 2, ("brutal", 4, 2)),
        ([2, 2], [1, 1], 2, ("brutal", 0, -2)),
        ([1, 2], [1], None, ("total_failure", 0, None)),
        ([7], [2, 3], None, ("success", 1, None)),
        ([3], [3], 0, ("total_failure", 0, 0)),
    ],
)
def test_outcomes(
    plain: list[int], raging: list[int], difficulty: int | None, expected: tuple[str, int, int | None]
) -> None:
    outcome = w5.judge(w5.Options(5, 1, difficulty), dice(plain, raging))
    assert (outcome.slug, outcome.successes, outcome.margin) == expected
    assert outcome.passed == (outcome.slug in ("success", "critical"))
    assert outcome.choices == ((w5.GAIN,) if outcome.slug == "brutal" else ())


@pytest.mark.parametrize(("difficulty", "slug", "passed"), [(6, "brutal_gain", True), (7, "brutal", False)])
def test_violence_turns_a_brutal_outcome_into_four_successes(
    difficulty: int, slug: str, passed: bool
) -> None:
    options = w5.Options(4, 2, difficulty)
    rolled = w5.choose(options, Rolled(dice([7, 8], [1, 2])), w5.GAIN)
    outcome = w5.judge(options, rolled.dice, rolled.choice)
    assert (outcome.slug, outcome.passed, outcome.successes, outcome.choices) == (slug, passed, 6, ())
    with pytest.raises(Unprocessable):
        w5.choose(options, rolled, w5.GAIN)


def test_only_a_brutal_outcome_can_be_turned_to_use() -> None:
    with pytest.raises(Unprocessable):
        w5.choose(w5.Options(2, 1), Rolled(dice([7], [1])), w5.GAIN)
    assert w5.judge(w5.Options(2, 1), dice([7], [1]), w5.GAIN).successes == 1


def test_rage_dice_take_the_place_of_regular_ones() -> None:
    rolled = w5.roll(w5.Options(3, 2), listed([4, 5, 6]))
    assert [(die.value, die.kind) for die in rolled.dice] == [(4, REGULAR), (5, RAGE), (6, RAGE)]


@pytest.mark.parametrize(
    ("options", "all_dice", "raging"),
    [
        (w5.Options(2, 5), 2, 2),
        (w5.Options(4, 1, specialty="Howl"), 5, 1),
        # A rite: two dice for who is trained in it, one for who is not, and one of Rage for each.
        (w5.Options(5, 2, trained=2, participants=3), 12, 7),
        (w5.Options(0, 5, participants=1), 1, 1),
    ],
)
def test_the_size_of_a_pool(options: w5.Options, all_dice: int, raging: int) -> None:
    assert (options.dice, options.rage_dice) == (all_dice, raging)


def test_brutal_dice_stay_and_other_rage_dice_may_be_rolled_again() -> None:
    options = w5.Options(6, 5)
    rolled = Rolled(dice([1], [1, 2, 3, 6, 10]))
    assert w5.may_reroll(options, rolled) == (0, 3, 4, 5)
    again = w5.reroll(options, rolled, (0, 3), listed([9, 2]))
    assert [die.value for die in again.dice] == [9, 1, 2, 2, 6, 10]
    assert again.dice[3].kind == RAGE
    for picked in [(1,), (2,), (0, 2)]:
        with pytest.raises(Invalid):
            w5.reroll(options, rolled, picked, listed([9, 9]))


def test_after_the_gain_nothing_is_rolled_again() -> None:
    options = w5.Options(3, 2)
    rolled = w5.choose(options, Rolled(dice([3], [1, 1])), w5.GAIN)
    assert w5.may_reroll(options, rolled) == ()
    assert w5.strategies(options, rolled) == []
    with pytest.raises(Unprocessable):
        w5.reroll(options, rolled, (0,), listed([9]))


def picks(plain: list[int], raging: list[int]) -> dict[str, tuple[int, ...]]:
    return {
        strategy.slug: strategy.picked
        for strategy in w5.strategies(w5.Options(5, 2, 2), Rolled(dice(plain, raging)))
    }


def test_rage_dice_of_three_to_five_fill_up_the_failures() -> None:
    assert picks([2, 7], [3, 1]) == {"failures": (0,), "criticals": (0, 1), "failures_rage": (0, 2)}
    assert picks([], [3, 4, 5, 5, 2]) == {"failures_rage": (0, 1, 2)}


def test_with_three_regular_failures_rage_dice_are_left_alone() -> None:
    assert picks([2, 3, 4, 5], [3, 4]) == {"failures": (0, 1, 2)}
    assert picks([7], [1, 2]) == {"criticals": (0,)}
