"""A character's card and its changes, as an embed and as text, and the reply that shows them.

Nothing that people typed can make a message larger than Discord takes: a title has 256, a field 256 and 1024, an embed
25 fields and 6000 units altogether, a text 2000."""

from collections.abc import Iterable, Sequence
from typing import Any

import discord

from contract.notices import StoredNotice, sentence
from rodbot.characters.models import Answer, Card
from rodbot.characters.shapes import draw
from rodbot.core.bot import Interaction, bot_of
from rodbot.core.embeds import TITLE, add_fields, colour, linkable
from rodbot.core.models import Event
from rodbot.core.persistent import view_of
from rodbot.core.reply import Reply
from rodbot.core.text import MESSAGE, clip, code, escape, join_lines, value

DESCRIPTION, FIELD, FOOTER = 1600, 400, 256
_TYPES = {
    "character.created": "New character",
    "character.deleted": "Deleted",
    "character.restored": "Restored",
    "character.moved": "Moved",
}
DOORS = {"discord": "Discord", "web": "the web sheet", "api": "the API", "system": "the system"}


def embed(card: Card, lines: Sequence[str] = (), *, local: bool = False, mark: str = "") -> discord.Embed:
    """The card, with `lines` (already escaped) above its rows and `mark` at the end of its footer. Rows that do not fit
    are on the sheet."""
    card_embed = discord.Embed(
        title=clip(escape(card.title), TITLE),
        url=linkable(card.url, local),
        colour=colour(card.colour),
        description=join_lines(list(lines), DESCRIPTION, 25) or None,
    )
    if card.owner:
        card_embed.set_author(name=clip(card.owner, TITLE), icon_url=linkable(card.owner_avatar, local))
    card_embed.set_thumbnail(url=linkable(card.thumbnail, local))
    footer = " · ".join(part for part in (card.splat, card.footer) if part)
    card_embed.set_footer(text=" ".join(part for part in (clip(footer, FOOTER), mark) if part) or None)
    add_fields(
        card_embed, ((clip(escape(row.label), 100), clip(draw(row), FIELD), False) for row in card.rows)
    )
    return card_embed


def text(card: Card, lines: Sequence[str] = ()) -> str:
    """The card for screen readers: words only, no shapes."""
    head = f"{escape(card.title, 100)}, {escape(card.splat or 'character', 40)}"
    rows = [f"{escape(row.label, 60)}: {escape(row.text, 200)}" for row in card.rows]
    foot = [escape(card.footer, 200)] if card.footer else []
    return clip(join_lines([head, *lines, *rows, *foot], MESSAGE, 60), MESSAGE)


def origin(event: Event) -> str:
    """The command as it was typed, or the door through which it came."""
    if event.command:
        return code(event.command, 120)
    return f"through {DOORS.get(event.door) or escape(event.door, 20)}"


def changed(event: Event | None) -> list[str]:
    """What an event did, a line each: changed values from → to, then its notices."""
    if event is None:
        return []
    lines = [f"**{_TYPES[event.type]}**"] if event.type in _TYPES else []
    if event.type == "character.updated":
        lines += [_line(event, path, pair) for path, pair in event.changes.items()]
    return lines + notice_lines(event.notices)


def notice_lines(notices: Iterable[StoredNotice]) -> list[str]:
    return [f"• {escape(sentence(notice), 300)}" for notice in notices]


def _line(event: Event, path: str, pair: object) -> str:
    before, after = pair if isinstance(pair, list | tuple) and len(pair) == 2 else (None, pair)
    label = escape(str(event.labels.get(path) or path), 80)
    return f"**{label}** {value(before)} → {value(after)}"


def reply(
    interaction: Interaction,
    answer: Answer,
    lines: Sequence[str] = (),
    items: Sequence[discord.ui.Item[Any]] = (),
) -> Reply:
    """The card with what the event changed, then `lines`; `items` stand beside the link to the sheet. In text mode the
    card is words alone."""
    local = bot_of(interaction).config.sandbox
    above = [*changed(answer.event), *notice_lines(answer.notices), *lines]
    url = linkable(answer.card.url, local)
    link = discord.ui.Button[Any](label="Open the sheet", url=url) if url else None
    view = view_of(*items, link) if url or items else None
    head = escape(answer.chosen, 150) if answer.chosen else None
    if answer.text_mode:
        words = text(answer.card, above)
        return Reply(content=clip(f"{head}\n{words}" if head else words, MESSAGE), view=view)
    return Reply(content=head, embeds=[embed(answer.card, above, local=local)], view=view)
