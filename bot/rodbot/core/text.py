"""Text for Discord: measured as Discord's clients measure, clipped, with markdown and mentions escaped."""

import datetime
import re
from collections.abc import Sequence
from math import copysign, floor

import discord

from contract.translation import _, n_

ELLIPSIS = "…"
MESSAGE = 2000
_MENTION = re.compile(r"@(?=everyone|here|[!&]?\d)")
_ACTING = re.compile(r"([\\*_~|`\[\]<])")
# What makes a headline, small print, a quote or a list of a line, at its beginning alone.
_BEGINNING = re.compile(r"^(?=#{1,3} |-#? |\+ |>|\d+[.)] )(\d*)")


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


def escape(text: str, limit: int | None = None) -> str:
    """Escape what a person typed: one line, shown as typed, without markdown, mention or link, never empty."""
    line = " ".join(text.split())
    if limit is not None:
        line = clip(line, limit)
    line = (
        _BEGINNING.sub(r"\1\\", _ACTING.sub(r"\\\1", line))
        .replace("@", "@\u200b")
        .replace("://", ":\u200b//")
    )
    return line or "—"


def code(text: str, limit: int) -> str:
    """An inline code span. Mentions are broken all the same, should the span be cut."""
    line = _MENTION.sub("@\u200b", " ".join(text.split()).replace("`", "ˋ"))
    return f"`{clip(line, limit) or ' '}`"


def on_or_off(is_on: bool) -> str:
    return _("on") if is_on else _("off")


def join_lines(lines: Sequence[str], limit: int, most: int) -> str:
    """Whole lines as long as they fit, and how many were left out."""
    kept: list[str] = []
    room = limit - 20
    for line in lines[:most]:
        room -= units(line) + 1
        if room < 0:
            break
        kept.append(line)
    left = len(lines) - len(kept)
    return "\n".join([*kept, n_("… and {count} more", "… and {count} more", left)] if left else kept)


def timestamp(at: datetime.datetime, style: discord.utils.TimestampStyle = "R") -> str:
    """A moment that Discord shows in each reader's own words and time zone."""
    return discord.utils.format_dt(at, style)


def percent(share: float) -> str:
    """`63 %`; what is neither impossible nor certain never looks so."""
    if 0 < share < 0.01:
        return _("under 1 %")
    if 0.99 < share < 1:
        return _("over 99 %")
    return f"{whole(share * 100)} %"


def whole(number: float) -> int:
    """Round as people do: a half goes up, or down for what is lost. The rest of a float does not spoil a half."""
    return int(copysign(floor(abs(number) + 0.5 + 1e-9), number))
