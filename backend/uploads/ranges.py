"""Parts of a file, as players of sound ask for them (RFC 9110, 14): one at a time; of several, all of it."""

import re

_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


def asked_for(header: str, size: int) -> range | None:
    """Return the bytes that a `Range` asks for, none of them where the file is shorter; None: the whole file."""
    found = _RANGE.fullmatch(header.replace(" ", ""))
    if found is None or not any(found.groups()):
        return None
    first, last = found.groups()
    if not first:  # So many at the end.
        return range(max(0, size - int(last)), size)
    if not last:
        return range(int(first), size)
    if int(last) < int(first):
        return None
    return range(int(first), min(int(last) + 1, size))
