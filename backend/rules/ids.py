"""Time-ordered ids: rows and list entries sort by when they were made."""

import os
import threading
import time
import uuid


def uuid7() -> uuid.UUID:
    """A UUID of version 7 (RFC 9562, section 5.7): 48 bits of milliseconds, then random bits."""
    stamp = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10), "big")
    value = (stamp & (1 << 48) - 1) << 80 | random
    value = value & ~(0xF << 76) | 7 << 76
    value = value & ~(0x3 << 62) | 2 << 62
    return uuid.UUID(int=value)


_lock = threading.Lock()
_last = 0


def entry_id() -> str:
    """The id of one entry of a list trait: 11 hexadecimal digits of milliseconds and 5 that begin at random.

    One process never gives two alike and always gives a larger one: two hundred entries may be added within one
    millisecond, and must neither meet nor change places.
    """
    global _last
    now = (time.time_ns() // 1_000_000) << 20 | int.from_bytes(os.urandom(2), "big")
    with _lock:
        _last = max(_last + 1, now)
        return f"{_last:016x}"
