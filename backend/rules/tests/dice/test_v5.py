"""Vampire dice (core 117–122, 205–207)."""

from collections.abc import Sequence

import pytest

from rules.dice import v5
from rules.dice.base import HUNGER, REGULAR, Die, Rolled
from rules.dice.source import listed
from rules.errors import Invalid, Unprocessable


def dice(plain: Sequence[int], hungry: Sequence[int] = ()) -> tuple[Die, ...]:
    return tuple(Die(value) for value in plain) + tuple(Die(value, HUNGER) for value in hungry)


def judged(plain: list[int], hungry: list[int], difficulty: int | None) -> tuple[str, int, int | None]:
    outcome = v5.judge(v5.Options(5, 1, difficulty), dice(plain, hungry))
    return outcome.slug, outcome.successes, outcome.margin


@pytest.mark.parametrize(
    ("plain", "hungry", "difficulty", "expected"),
    [
        # A 6 wins, a 5 does not.
        ([6, 5], [2], 1, ("success", 1, 0)),
        ([9, 9, 3], [6], 2, ("success", 3, 1)),
        ([6, 7], [], 3, ("failure", 2, -1)),
        ([2, 3], [4], 1, ("total_failure", 0, -1)),
        # One ten is one success; two are four, three five, four eight.
        ([10], [3], 1, ("success", 1, 0)),
        ([10, 10], [3], 4, ("critical", 4, 0)),
        ([10, 10, 10], [], 2, ("critical", 5, 3)),
        ([10, 10, 10, 10], [], 2, ("critical", 8, 6)),
        # Messy: a hungry ten in the pair, alone or not.
        ([10, 4], [10], 2, ("messy", 4, 2)),
        ([4], [10, 10], 2, ("messy", 4, 2)),
        ([10, 10], [10], 2, ("messy", 5, 3)),
        ([10, 10], [9], 2, ("critical", 5, 3)),
        ([9], [10], 2, ("success", 2, 0)),
        # Critical or not, what misses the difficulty has failed.
        ([10, 10], [3], 5, ("failure", 4, -1)),
        ([10], [10], 5, ("failure", 4, -1)),
        # Bestial: failed with a hungry 1; a win forgives it, a regular 1 is nothing.
        ([3], [1], 1, ("bestial", 0, -1)),
        ([7, 7], [1], 3, ("bestial", 2, -1)),
        ([7, 7], [1], 2, ("success", 2, 0)),
        ([1], [2], 1, ("total_failure", 0, -1)),
        ([10], [10, 1], 4, ("messy", 4, 0)),
        # No difficulty: one success wins, and no margin is told.
        ([7], [2], None, ("success", 1, None)),
        ([2], [2], None, ("total_failure", 0, None)),
        # Difficulty 0 still wants a success.
        ([7], [2], 0, ("success", 1, 1)),
        ([2], [2], 0, ("total_failure", 0, 0)),
        ([2], [1], 0, ("bestial", 0, 0)),
    ],
)
def test_outcomes(
    plain: list[int], hungry: list[int], difficulty: int | None, expected: tuple[str, int, int | None]
) -> None:
    assert judged(plain, hungry, difficulty) == expected


@pytest.mark.parametrize(
    ("slug", "offers"), [("bestial", ("compulsion",)), ("messy", ("compulsion",)), ("success", ())]
)
def test_the_beast_may_follow(slug: str, offers: tuple[str, ...]) -> None:
    shown = {"bestial": dice([2], [1]), "messy": dice([10], [10]), "success": dice([7], [2])}[slug]
    outcome = v5.judge(v5.Options(2, 1), shown)
    assert (outcome.slug, outcome.offers, outcome.label) == (slug, offers, v5.VERDICTS[slug].label)


@pytest.mark.parametrize(
    ("potency", "bonus"),
    [(0, 1), (1, 2), (2, 2), (3, 3), (4, 3), (5, 4), (6, 4), (7, 5), (8, 5), (9, 6), (10, 6)],
)
def test_a_surge_adds_dice_by_blood_potency_and_costs_a_rouse_check(potency: int, bonus: int) -> None:
    options = v5.Options(4, surge=potency)
    assert (options.dice, options.rouses) == (4 + bonus, 1)
    assert v5.Options(4).rouses == 0


def test_hunger_dice_take_the_place_of_regular_ones() -> None:
    rolled = v5.roll(v5.Options(4, 2), listed([1, 2, 3, 4]))
    assert [die.kind for die in rolled.dice] == [REGULAR, REGULAR, HUNGER, HUNGER]
    assert [die.value for die in rolled.dice] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("options", "all_dice", "hungry"),
    [
        (v5.Options(2, 5), 2, 2),
        (v5.Options(3, 1, specialty="Knives"), 4, 1),
        (v5.Options(0), 1, 0),
        (v5.Options(-2, specialty="Knives"), 1, 0),
        # What was taken away is taken from the bonus too, before the one die that is always left.
        (v5.Options(-1, 2, specialty="Knives", surge=1), 2, 2),
    ],
)
def test_the_size_of_a_pool(options: v5.Options, all_dice: int, hungry: int) -> None:
    assert (options.dice, options.hunger_dice) == (all_dice, hungry)


def test_a_reroll_happens_once_and_remembers() -> None:
    options = v5.Options(4, 1)
    rolled = Rolled(dice([2, 3, 9], [1]))
    again = v5.reroll(options, rolled, (1, 0), listed([8, 10]))
    assert [die.value for die in again.dice] == [8, 10, 9, 1]
    assert (again.rerolled, [die.value for die in again.before]) == ((0, 1), [2, 3])
    assert v5.may_reroll(options, again) == ()
    assert v5.strategies(options, again) == []
    with pytest.raises(Unprocessable):
        v5.reroll(options, again, (2,), listed([5]))


@pytest.mark.parametrize("picked", [(), (3,), (0, 0), (0, 1, 2, 4), (0, 3), (7,), (-1,)])
def test_what_may_not_be_rolled_again(picked: tuple[int, ...]) -> None:
    """No hunger dice, no more than three, none twice."""
    with pytest.raises(Invalid) as caught:
        v5.reroll(v5.Options(5, 1), Rolled((*dice([2, 3, 4], [1]), Die(2))), picked, listed([5] * 9))
    assert "picked" in caught.value.data["fields"]


def picks(plain: list[int], hungry: list[int]) -> dict[str, tuple[int, ...]]:
    found = v5.strategies(v5.Options(5, 1, 2), Rolled(dice(plain, hungry)))
    assert all(strategy.label for strategy in found)
    return {strategy.slug: strategy.picked for strategy in found}


def test_strategies_take_the_first_failures() -> None:
    assert picks([7, 2, 3, 4, 5], [1]) == {"failures": (1, 2, 3)}


def test_criticals_are_hunted_with_failures_before_successes() -> None:
    assert picks([7, 2, 8, 10], [1]) == {"failures": (1,), "criticals": (1, 0, 2)}
    assert picks([7, 8], [1]) == {"criticals": (0, 1)}


def test_nothing_to_reroll_offers_nothing() -> None:
    assert picks([10, 10], [1]) == {}
    assert picks([], [2, 3]) == {}


def test_a_mess_is_avoided_by_its_regular_tens() -> None:
    assert picks([10, 2, 8], [10]) == {
        "failures": (1,),
        "criticals": (1, 2),
        "messy": (0,),
        "messy_failures": (0, 1),
    }


@pytest.mark.parametrize(
    ("plain", "hungry"),
    [([2, 3], [10, 10]), ([10, 2], [10, 10]), ([10, 10, 10, 10], [10]), ([10, 10], [2])],
)
def test_a_mess_that_cannot_be_avoided_is_not_offered(plain: list[int], hungry: list[int]) -> None:
    assert not {"messy", "messy_failures"} & set(picks(plain, hungry))


def test_nothing_on_the_sheet_follows_from_the_dice() -> None:
    assert v5.consequences(v5.Options(2), Rolled(dice([1, 1]))) == ()
