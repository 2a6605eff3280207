"""Snowflakes and times as Discord writes them."""

import time
from datetime import UTC, datetime

EPOCH_MS = 1_420_070_400_000  # 2015-01-01, the first second of Discord's ids


class Snowflakes:
    """Generates ids that rise strictly, also after a restart with the last one."""

    def __init__(self, last: int = 0) -> None:
        self.last = last

    def next(self) -> str:
        now = (time.time_ns() // 1_000_000 - EPOCH_MS) << 22
        self.last = max(now, self.last + 1)
        return str(self.last)


def now_iso() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def is_snowflake(value: object) -> bool:
    """Tell whether a value is an id: text or an integer, not a bool."""
    if isinstance(value, bool):
        return False
    text = str(value) if isinstance(value, int | str) else ""
    return text.isascii() and text.isdigit() and len(text) <= 20
