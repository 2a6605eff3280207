"""Hunter dice: Desperation, Overreach, Despair."""

import pytest

from rules.dice import h5
from rules.dice.base import DESPERATION, Die, Rolled, adjust, operation
from rules.dice.source import listed
from rules.errors import Invalid, Unprocessable

DESPAIRS = (operation("despair", "set", True),)


def dice(plain: list[int], desperate: list[int]) -> tuple[Die, ...]:
    return tuple(Die(value) for value in plain) + tuple(Die(value, DESPERATION) for value in desperate)


@pytest.mark.parametrize(
    ("plain", "desperate", "difficulty", "choice", "expected"),
    [
        ([7], [6], 2, "", ("success", 2, 0)),
        ([10], [10], 2, "", ("critical", 4, 2)),
        ([7], [2], 2, "", ("failure", 1, -1)),
        ([2], [3], 1, "", ("total_failure", 0, -1)),
        # Nobody named a difficulty: one success is needed all the same.
        ([2], [3], None, "", ("total_failure", 0, None)),
        ([2], [1], None, "", ("despair", 0, None)),
        ([2], [1], 0, "", ("despair", 0, 0)),
        ([7], [1], 2, "", ("despair", 1, -1)),
        ([7], [1], 1, "", ("choice", 1, 0)),
        ([7], [1], 1, "overreach", ("overreach", 1, 0)),
        ([10, 10], [1], 1, "overreach", ("overreach_critical", 4, 3)),
        ([10, 10], [1], 1, "despair", ("despair", 4, 3)),
        # A regular 1 is nothing.
        ([1, 7], [6], 2, "", ("success", 2, 0)),
    ],
)
def test_outcomes(
    plain: list[int],
    desperate: list[int],
    difficulty: int | None,
    choice: str,
    expected: tuple[str, int, int | None],
) -> None:
    outcome = h5.judge(h5.Options(5, 1, difficulty), dice(plain, desperate), choice)
    assert (outcome.slug, outcome.successes, outcome.margin) == expected
    assert outcome.choices == (("overreach", "despair") if outcome.slug == "choice" else ())


def test_desperation_dice_are_added() -> None:
    assert [
        die.value for die in h5.roll(h5.Options(2, 2, specialty="Crypts"), listed([1, 2, 3, 4, 5])).dice
    ] == [
        1,
        2,
        3,
        4,
        5,
    ]
    assert h5.Options(-5).dice == 1


@pytest.mark.parametrize(
    ("choice", "operations"), [("overreach", adjust("danger", 1)), ("despair", DESPAIRS)]
)
def test_what_is_chosen_follows_on_the_sheet(choice: str, operations: tuple) -> None:
    options = h5.Options(1, 1, 1)
    rolled = Rolled(dice([7], [1]))
    assert h5.consequences(options, rolled) == ()
    chosen = h5.choose(options, rolled, choice)
    assert h5.consequences(options, chosen, earlier=rolled) == operations
    with pytest.raises(Unprocessable):
        h5.choose(options, chosen, "despair")


def test_only_a_won_roll_with_a_one_asks() -> None:
    for plain, desperate in (([7], [2]), ([2], [1])):
        with pytest.raises(Unprocessable):
            h5.choose(h5.Options(1, 1, 1), Rolled(dice(plain, desperate)), "overreach")
    with pytest.raises(Unprocessable):
        h5.choose(h5.Options(1, 1, 1), Rolled(dice([7], [1])), "flee")


def test_despair_of_a_failed_roll_comes_at_once_and_a_reroll_takes_it_back() -> None:
    options = h5.Options(2, 1, 1)
    rolled = Rolled(dice([2, 3], [1]))
    assert h5.consequences(options, rolled) == DESPAIRS
    won = h5.reroll(options, rolled, (0,), listed([8]))
    assert h5.judge(options, won.dice).slug == "choice"
    assert h5.consequences(options, won, earlier=rolled) == (operation("despair", "set", False),)
    lost = h5.reroll(options, rolled, (0,), listed([4]))
    assert h5.consequences(options, lost, earlier=rolled) == ()


def test_desperation_dice_are_never_rolled_again() -> None:
    options = h5.Options(2, 1, 1)
    rolled = Rolled(dice([2, 7], [3]))
    assert h5.may_reroll(options, rolled) == (0, 1)
    with pytest.raises(Invalid):
        h5.reroll(options, rolled, (2,), listed([8]))
    assert {strategy.slug: strategy.picked for strategy in h5.strategies(options, rolled)} == {
        "failures": (0,),
        "criticals": (0, 1),
    }


def test_after_the_choice_nothing_is_rolled_again() -> None:
    options = h5.Options(2, 1, 1)
    rolled = h5.choose(options, Rolled(dice([2, 7], [1])), "overreach")
    assert h5.strategies(options, rolled) == []
    with pytest.raises(Unprocessable):
        h5.reroll(options, rolled, (0,), listed([8]))
