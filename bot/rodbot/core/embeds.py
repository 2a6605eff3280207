"""What all embeds share: Discord's limits, and addresses that Discord takes."""

import re
from collections.abc import Iterable
from itertools import islice
from urllib.parse import urlsplit

import discord

from rodbot.core.text import units

TITLE, FIELDS, EMBED = 256, 25, 5600
MAX_URL = 2048
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def linkable(url: str | None, local: bool) -> str | None:
    """The address if Discord takes it. Real Discord refuses a whole message over a host without a dot, such
    as localhost."""
    if not url or len(url) > MAX_URL or any(c.isspace() for c in url):
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host:
        return None
    return url if local or "." in host else None


def colour(text: str | None) -> discord.Colour | None:
    """`#8a0303` as a colour."""
    return discord.Colour(int(text[1:], 16)) if text and _COLOUR.fullmatch(text) else None


def size(embed: discord.Embed) -> int:
    """The length of all that counts towards Discord's limit of 6000."""
    parts = [embed.title, embed.description, embed.author.name, embed.footer.text]
    parts += [text for field in embed.fields for text in (field.name, field.value)]
    return sum(units(part) for part in parts if part)


def add_fields(embed: discord.Embed, fields: Iterable[tuple[str, str, bool]]) -> None:
    """Add fields (name, value, inline) as long as they fit."""
    room = EMBED - size(embed)
    for name, value, inline in islice(fields, FIELDS):
        room -= units(name) + units(value)
        if room < 0:
            return
        embed.add_field(name=name, value=value, inline=inline)
