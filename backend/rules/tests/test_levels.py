"""Levels follow from points, by one curve."""

from rules.levels import level_of, points_for


def test_a_level_begins_with_its_points() -> None:
    for level in range(1, 200):
        assert level_of(points_for(level)) == level
        assert level_of(points_for(level + 1) - 1) == level


def test_a_debt_is_the_first_level() -> None:
    assert level_of(0) == level_of(-70) == 1


def test_the_first_levels_come_soon() -> None:
    assert [points_for(level) for level in range(1, 6)] == [0, 50, 150, 300, 500]
