"""Degeneration of the 20th anniversary edition."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.dice.degeneration import Options, degeneration, virtue_of
from rules.dice.source import listed
from rules.errors import Invalid, Unprocessable


@pytest.mark.parametrize(
    ("morality", "virtue"),
    [
        ("Humanity", "conscience"),
        ("", "conscience"),
        (" path of honorable ACCORD", "conscience"),
        ("Path of Caine", "conviction"),
        ("Path of our own table", "conviction"),
    ],
)
def test_each_morality_has_its_virtue(morality: str, virtue: str) -> None:
    assert virtue_of(morality) == virtue


@pytest.mark.parametrize(
    ("dice", "label", "operations"),
    [
        ([8, 2, 3], "No degeneration", ()),
        ([7, 2, 3], "Degeneration", (("adjust", "humanity", -1),)),
        ([8, 1, 3], "Degeneration", (("adjust", "humanity", -1),)),
        ([1, 2, 3], "Degeneration, botched", (("adjust", "humanity", -1), ("adjust", "conscience", -1))),
    ],
)
def test_what_falls_costs_what_the_book_says(dice: list[int], label: str, operations: object) -> None:
    fell = degeneration(Options("humanity", 7, dots=3), listed(dice))
    assert fell.label == label
    assert (
        tuple((operation["op"], operation["path"], operation["value"]) for operation in fell.operations)
        == operations
    )
    assert fell.passed == (not operations)


def test_without_the_virtue_one_die_is_rolled_and_none_is_lost() -> None:
    fell = degeneration(Options("morality", 3, "conviction", dots=0), listed([1]))
    assert [operation["path"] for operation in fell.operations] == ["morality"]
    assert fell.steps[0].label == "Conviction (difficulty 8)"


def test_nothing_is_rolled_for_where_nothing_is_left() -> None:
    with pytest.raises(Unprocessable):
        degeneration(Options("humanity", 0), listed([]))


@pytest.mark.parametrize("wrong", [{"virtue": "courage"}, {"difficulty": 1}, {"difficulty": 11}])
def test_nonsense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        Options("humanity", 7, **wrong)  # type: ignore[arg-type]  # that is what is tried


@given(st.integers(1, 10), st.integers(0, 5), st.integers(2, 10), st.lists(st.integers(1, 10), min_size=5))
def test_a_dot_goes_exactly_when_it_fails(value: int, dots: int, difficulty: int, dice: list[int]) -> None:
    fell = degeneration(Options("humanity", value, dots=dots, difficulty=difficulty), listed(dice))
    assert bool(fell.operations) == (not fell.passed)
    assert len(fell.operations) <= 2
