"""Time-ordered ids: rows and list entries sort by when they were made."""

import os
import threading
import time
import uuid

_lock = threading.Lock()
_last_uuid = 0
_last_entry = 0


def uuid7() -> uuid.UUID:
    """A UUID of version 7 (RFC 9562, section 5.7): 48 bits of milliseconds, then random bits.

    One process always gives a larger one than before: within a millisecond, or when the clock was set back, it counts
    on from the last by a random step (section 6.2, method 2). The first bit of what is counted begins as 0, so it
    never runs over.
    """
    global _last_uuid
    stamp = time.time_ns() // 1_000_000 & (1 << 48) - 1
    random = int.from_bytes(os.urandom(10), "big")
    fresh = stamp << 80 | 7 << 76 | random & ~(0xF << 76)
    fresh = fresh & ~(0x7 << 61) | 2 << 62
    with _lock:
        if fresh >> 80 <= _last_uuid >> 80:
            fresh = _last_uuid + 1 + (random & 0xFFFFFFFF)
        _last_uuid = fresh
    return uuid.UUID(int=fresh)


def entry_id() -> str:
    """The id of one entry of a list trait: 11 hexadecimal digits of milliseconds and 5 that begin at random.

    One process never gives two alike and always gives a larger one: two hundred entries may be added within one
    millisecond, and must neither meet nor change places.
    """
    global _last_entry
    now = (time.time_ns() // 1_000_000) << 20 | int.from_bytes(os.urandom(2), "big")
    with _lock:
        _last_entry = max(_last_entry + 1, now)
        return f"{_last_entry:016x}"
