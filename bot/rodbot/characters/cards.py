"""A character's card and its changes, as an embed and as text. Pure: a card goes in, what Discord is to
show comes out.

Nothing that people typed can make a message larger than Discord takes: a title has 256, a field 256 and
1024, an embed
25 fields and 6000 units altogether, a text 2000."""

import re
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

import discord

from contract.notices import StoredNotice, sentence
from rodbot.characters.shapes import draw
from rodbot.core.models import Card, Event
from rodbot.core.text import MESSAGE, clip, code, joined, plain, units, value

TITLE, DESCRIPTION, FIELD, FIELDS, FOOTER = 256, 1600, 400, 25, 256
EMBED = 5600
MAX_URL = 2048
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_TYPES = {
    "character.created": "New character",
    "character.deleted": "Deleted",
    "character.restored": "Restored",
    "character.moved": "Moved",
}
DOORS = {"discord": "Discord", "web": "the web sheet", "api": "the API", "system": "the system"}


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
    return discord.Colour(int(text[1:], 16)) if text and _COLOUR.fullmatch(text) else None


def embed(card: Card, lines: Sequence[str] = (), *, local: bool = False, mark: str = "") -> discord.Embed:
    """The card, with `lines` (already harmless) above its rows and `mark` at the end of its footer."""
    shown = discord.Embed(
        title=clip(plain(card.title), TITLE),
        url=linkable(card.url, local),
        colour=colour(card.colour),
        description=joined(list(lines), DESCRIPTION, 25) or None,
    )
    if card.owner:
        shown.set_author(name=clip(card.owner, TITLE), icon_url=linkable(card.owner_avatar, local))
    shown.set_thumbnail(url=linkable(card.thumbnail, local))
    footer = " · ".join(part for part in (card.splat, card.footer) if part)
    shown.set_footer(text=" ".join(part for part in (clip(footer, FOOTER), mark) if part) or None)
    _add_rows(shown, card)
    return shown


def _add_rows(shown: discord.Embed, card: Card) -> None:
    """As many rows as fit; the rest is on the sheet."""
    room = EMBED - size(shown)
    for row in card.rows[:FIELDS]:
        label, drawn = clip(plain(row.label), 100), clip(draw(row), FIELD)
        room -= units(label) + units(drawn)
        if room < 0:
            return
        shown.add_field(name=label, value=drawn, inline=False)


def size(shown: discord.Embed) -> int:
    """All that counts towards Discord's limit of 6000."""
    parts = [shown.title, shown.description, shown.author.name, shown.footer.text]
    parts += [text for field in shown.fields for text in (field.name, field.value)]
    return sum(units(part) for part in parts if part)


def text(card: Card, lines: Sequence[str] = ()) -> str:
    """The same for people who listen to it: words only, no shapes."""
    head = f"{plain(card.title, 100)}, {plain(card.splat or 'character', 40)}"
    rows = [f"{plain(row.label, 60)}: {plain(row.text, 200)}" for row in card.rows]
    foot = [plain(card.footer, 200)] if card.footer else []
    return clip(joined([head, *lines, *rows, *foot], MESSAGE, 60), MESSAGE)


def way(event: Event) -> str:
    """The command as it was typed, or the door through which it came."""
    if event.command:
        return code(event.command, 120)
    return f"through {DOORS.get(event.door) or plain(event.door, 20)}"


def changed(event: Event | None) -> list[str]:
    """What an event did, a line each: changed values from → to, then what happened with it."""
    if event is None:
        return []
    lines = [f"**{_TYPES[event.type]}**"] if event.type in _TYPES else []
    if event.type == "character.updated":
        lines += [_line(event, path, pair) for path, pair in event.changes.items()]
    return lines + told(event.notices)


def told(notices: Iterable[StoredNotice]) -> list[str]:
    return [f"• {plain(sentence(notice), 300)}" for notice in notices]


def _line(event: Event, path: str, pair: object) -> str:
    before, after = pair if isinstance(pair, list | tuple) and len(pair) == 2 else (None, pair)
    label = plain(str(event.labels.get(path) or path), 80)
    return f"**{label}** {value(before)} → {value(after)}"
