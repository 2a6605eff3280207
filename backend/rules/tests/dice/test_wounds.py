import pytest

from rules.dice.wounds import LEVELS, level20th, lines20th, lines_cod
from rules.traits.damage20 import wound


@pytest.mark.parametrize(
    ("boxes", "levels"),
    [
        (7, [0, 1, 2, 3, 4, 5, 6, 7, 7]),
        (9, [0, 1, 1, 1, 2, 3, 4, 5, 6, 7]),  # two more Bruised levels
    ],
)
def test_levels_of_the_20th_edition(boxes: int, levels: list[int]) -> None:
    assert [level20th(boxes, damage) for damage in range(len(levels))] == levels


def test_the_track_of_a_sheet_tells_the_same() -> None:
    for boxes in range(7, 16):
        for damage in range(boxes + 1):
            state = {"total": boxes, "bashing": damage, "lethal": 0, "aggravated": 0}
            assert LEVELS[level20th(boxes, damage)][:2] == wound(state)


def test_penalties_of_the_20th_edition() -> None:
    assert [level.penalty for level in LEVELS] == [0, 0, 1, 1, 2, 2, 5, 5]
    assert [(line.label, line.dice) for line in lines20th(5)] == [("Mauled", -2)]
    assert lines20th(1) == ()


def test_wounds_of_chronicles_of_darkness_take_dice() -> None:
    assert [line.dice for line in lines_cod(2)] == [-2]
    assert lines_cod(0) == ()
