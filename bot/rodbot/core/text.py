"""Words for Discord: measured as Discord's clients measure, clipped, and with nothing in them that acts."""

import re
from typing import Any

ELLIPSIS = "…"
MESSAGE = 2000
_MENTION = re.compile(r"@(?=everyone|here|[!&]?\d)")
_ACTING = re.compile(r"([\\*_~|`\[\]<])")


def units(text: str) -> int:
    """Length in UTF-16 units: what clients count, never less than the characters that the API counts."""
    return len(text) + sum(ord(c) > 0xFFFF for c in text)


def clip(text: str, limit: int) -> str:
    """At most `limit` units, with an ellipsis where something was cut, never ending in half an escape."""
    if units(text) <= limit:
        return text
    kept: list[str] = []
    left = limit - 1
    for char in text:
        left -= units(char)
        if left < 0:
            break
        kept.append(char)
    short = "".join(kept)
    return (short[:-1] if _half_escape(short) else short) + ELLIPSIS if limit > 0 else ""


def _half_escape(text: str) -> bool:
    return (len(text) - len(text.rstrip("\\"))) % 2 == 1


def plain(text: str, limit: int | None = None) -> str:
    """What a person typed, on one line and shown as typed: no markdown, mention, link, and no empty
    string."""
    line = " ".join(text.split())
    if limit is not None:
        line = clip(line, limit)
    line = _ACTING.sub(r"\\\1", line).replace("@", "@\u200b").replace("://", ":\u200b//")
    return line or "—"


def code(text: str, limit: int) -> str:
    """Inside backticks nothing acts but a backtick; a mention is broken all the same, should the span be cut."""
    line = _MENTION.sub("@\u200b", " ".join(text.split()).replace("`", "ˋ"))
    return f"`{clip(line, limit) or ' '}`"


def value(of: Any) -> str:
    """A trait's value from an event, short and harmless."""
    return plain(words(of), 100)


def words(of: Any) -> str:
    """The same as it was typed, for places where nothing acts."""
    if of is None or of == "":
        return "—"
    if isinstance(of, bool):
        return "yes" if of else "no"
    if isinstance(of, dict):
        return _entry(of)
    if isinstance(of, list):
        return ", ".join(words(v) for v in of)
    return str(of)


def _entry(of: dict[str, Any]) -> str:
    """`Beautiful 2` for a merit; anything without a name as its values."""
    points = next(
        (of[key] for key in ("rating", "dots", "level", "cost", "value") if of.get(key) is not None), None
    )
    name = of.get("name") or of.get("description")
    if name:
        return f"{name} {points}" if points is not None else str(name)
    return ", ".join(str(v) for v in of.values() if not isinstance(v, dict | list) and v not in (None, ""))


def joined(lines: list[str], limit: int, most: int) -> str:
    """Whole lines as long as they fit; says how many were left out."""
    kept: list[str] = []
    room = limit - 20
    for line in lines[:most]:
        room -= units(line) + 1
        if room < 0:
            break
        kept.append(line)
    left = len(lines) - len(kept)
    return "\n".join([*kept, f"… and {left} more"] if left else kept)
