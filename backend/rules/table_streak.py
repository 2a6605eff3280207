"""How many sessions in a row somebody came to, in the rhythm of their table.

A session that somebody missed, and a time in which the table should have played and did not, breaks the streak. One
miss is forgiven in each streak. Nobody misses what the storyteller called off, or was excused from.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

GRACE = 1


@dataclass(frozen=True, slots=True)
class Session:
    """One that is over: its day on the clock of the table, and the weeks of the rhythm in which it was played (None:
    there was none). `called_off`: how many were called off since the one before.
    """

    day: date
    came: bool
    excused: bool = False
    weeks: int | None = None
    called_off: int = 0


@dataclass(frozen=True, slots=True)
class TableStreak:
    """`grace`: how many misses the streak still forgives."""

    current: int = 0
    longest: int = 0
    grace: int = GRACE


def table_streak(sessions: Iterable[Session]) -> TableStreak:
    """Work the streak out from all sessions, the oldest first."""
    current, longest, grace = 0, 0, GRACE
    before: Session | None = None
    for session in sessions:
        grace -= _left_out(before, session) + (not session.came and not session.excused)
        if current == 0 or grace < 0:
            current, grace = 0, GRACE
        current += session.came
        longest = max(longest, current)
        before = session
    return TableStreak(current, longest, grace)


def _left_out(before: Session | None, session: Session) -> int:
    """How often the table should have played between two sessions."""
    if before is None or session.weeks is None:
        return 0
    periods = round((session.day - before.day).days / (7 * session.weeks))
    return max(periods - 1 - session.called_off, 0)
