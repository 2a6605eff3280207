from typing import Any

import pytest

from rules.dice.initiative import Initiative, Options, Options5th, Turn, acting, declaring, roll, roll5th
from rules.dice.source import listed
from rules.errors import Invalid


def entry(value: int, tiebreak: int = 0, extra: int = 0) -> Initiative:
    return Initiative((), value, tiebreak, extra)


def test_a_die_and_the_rating() -> None:
    made = roll(Options(6, modifier=-1, extra_actions=2), listed([8]))
    assert (made.value, made.tiebreak, made.extra_actions) == (13, 5, 2)
    assert Initiative.from_json(made.as_json()) == made


def test_never_below_nothing() -> None:
    assert roll(Options(1, modifier=-20), listed([3])).value == 0


def test_the_quickest_acts_first_and_ties_go_to_the_higher_rating() -> None:
    turns = acting([entry(9, 4), entry(12, 3), entry(9, 6)])
    assert [turn.who for turn in turns] == [1, 2, 0]
    assert len({turn.together for turn in turns}) == 3


def test_equals_in_everything_act_together() -> None:
    turns = acting([entry(9, 4), entry(12, 3), entry(9, 4)])
    assert turns == [Turn(1, False, 0), Turn(0, False, 1), Turn(2, False, 1)]


def test_extra_actions_come_after_everybody() -> None:
    everybody = [entry(5, extra=1), entry(9, extra=2), entry(7)]
    turns = acting(everybody)
    assert [(turn.who, turn.extra) for turn in turns] == [
        (1, False),
        (2, False),
        (0, False),
        (1, True),
        (1, True),
        (0, True),
    ]


def test_the_slowest_declares_first_and_extra_actions_are_declared_last() -> None:
    everybody = [entry(5, extra=1), entry(9, extra=1), entry(7)]
    assert [(turn.who, turn.extra) for turn in declaring(everybody)] == [
        (0, False),
        (2, False),
        (1, False),
        (0, True),
        (1, True),
    ]


def test_nobody_has_no_order() -> None:
    assert acting([]) == declaring([]) == []


def test_one_roll_for_an_order_in_the_5th_edition() -> None:
    owl = roll5th(Options5th(3), listed([6, 10, 10]))
    fox = roll5th(Options5th(5), listed([6, 6, 7, 8, 9]))
    assert (owl.value, fox.value) == (5, 5)
    assert [turn.who for turn in acting([owl, fox])] == [1, 0]  # as many successes, the larger pool


@pytest.mark.parametrize("wrong", [{"rating": 101}, {"modifier": -51}, {"extra_actions": 6}, {"rating": "6"}])
def test_wrong_options(wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as caught:
        Options(**{"rating": 5, **wrong})
    assert set(caught.value.data["fields"]) == set(wrong)
    with pytest.raises(Invalid):
        Options5th(0)
