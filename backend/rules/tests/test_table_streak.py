"""Streaks of a table, in its own rhythm."""

from collections.abc import Iterable
from datetime import date, timedelta

import pytest

from rules.table_streak import Session, TableStreak, table_streak

FIRST = date(2026, 10, 2)


def sessions(marks: str, weeks: int = 1) -> list[Session]:
    """`x` came, `-` absent, `e` excused, a blank: the table did not play, `c`: it was called off; one a period."""
    found: list[Session] = []
    called_off = 0
    for number, mark in enumerate(marks):
        if mark == "c":
            called_off += 1
        elif mark != " ":
            day = FIRST + timedelta(weeks=weeks * number)
            found.append(Session(day, mark == "x", mark == "e", weeks, called_off))
            called_off = 0
    return found


@pytest.mark.parametrize("weeks", [1, 2])
@pytest.mark.parametrize(
    ("marks", "current", "longest", "grace"),
    [
        ("", 0, 0, 1),
        ("xxx", 3, 3, 1),
        ("--xx", 2, 2, 1),
        ("xx-x", 3, 3, 0),
        ("xx--x", 1, 2, 1),
        ("xx-x-x", 1, 3, 1),
        ("xx-", 2, 2, 0),
        ("xx--", 0, 2, 1),
        ("xeex", 2, 2, 1),
        ("xx x", 3, 3, 0),
        ("xx  x", 1, 2, 1),
        ("xxccx", 3, 3, 1),
        ("xx cx", 3, 3, 0),
        ("eex", 1, 1, 1),
    ],
)
def test_one_miss_in_a_streak_is_forgiven(
    marks: str, current: int, longest: int, grace: int, weeks: int
) -> None:
    assert table_streak(sessions(marks, weeks)) == TableStreak(current, longest, grace)


def test_two_sessions_in_one_week_both_count() -> None:
    days: Iterable[int] = (0, 2, 7)
    assert table_streak(Session(FIRST + timedelta(day), True, weeks=1) for day in days).current == 3


def test_a_session_that_moves_by_some_days_leaves_nothing_out() -> None:
    days: Iterable[int] = (0, 9, 14, 24)
    assert table_streak(Session(FIRST + timedelta(day), True, weeks=1) for day in days).grace == 1


def test_without_a_rhythm_only_the_sessions_count() -> None:
    far_apart = [Session(FIRST + timedelta(100 * number), True) for number in range(3)]
    assert table_streak(far_apart).current == 3


def test_a_rhythm_that_changed_counts_each_session_by_its_own() -> None:
    weekly = [Session(FIRST + timedelta(weeks=number), True, weeks=1) for number in range(3)]
    fortnightly = [Session(FIRST + timedelta(weeks=2 + 2 * number), True, weeks=2) for number in (1, 2)]
    assert table_streak(weekly + fortnightly) == TableStreak(5, 5, 1)
