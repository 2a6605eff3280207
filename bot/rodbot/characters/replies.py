"""A character's card as an answer: embed with a link to the web sheet, or words alone in text mode."""

from collections.abc import Sequence
from typing import Any

import discord

from rodbot.characters import cards
from rodbot.core import caller as facts
from rodbot.core.models import Answer
from rodbot.core.respond import Reply
from rodbot.core.text import MESSAGE, clip, plain


def reply(
    interaction: discord.Interaction[Any],
    answer: Answer,
    lines: Sequence[str] = (),
    items: Sequence[discord.ui.Item[Any]] = (),
) -> Reply:
    """The card with what the event changed, then `lines`; `items` stand beside the link."""
    local = facts.bot(interaction).config.sandbox
    said = [*cards.changed(answer.event), *cards.told(answer.notices), *lines]
    view = _view(cards.linkable(answer.card.url, local), items)
    head = plain(answer.chosen, 150) if answer.chosen else None
    if answer.text_mode:
        words = cards.text(answer.card, said)
        return Reply(content=clip(f"{head}\n{words}" if head else words, MESSAGE), view=view)
    return Reply(content=head, embeds=[cards.embed(answer.card, said, local=local)], view=view)


def _view(url: str | None, items: Sequence[discord.ui.Item[Any]]) -> discord.ui.View | None:
    if not url and not items:
        return None
    view = discord.ui.View(timeout=None)
    for item in items:
        view.add_item(item)
    if url:
        view.add_item(discord.ui.Button(label="Open the sheet", url=url))
    return view
