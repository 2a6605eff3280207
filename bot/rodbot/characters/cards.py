"""A character's card and its changes, as an embed and as text, and the reply that shows them.

Nothing that people typed can make a message larger than Discord takes: a title has 256, a field 256 and 1024, an embed
25 fields and 6000 units altogether, a text 2000."""

from collections.abc import Iterable, Sequence

import discord

from contract.base import Json
from contract.characters import Card, CharacterChanged, ShownCharacter
from contract.events import Event, EventType
from contract.feed_frames import DigestCharacter
from contract.labels import Labelled, label
from contract.notices import StoredNotice, sentence
from contract.rolls import Consequence
from contract.translation import N_, _
from rodbot.characters.shapes import draw
from rodbot.core.bot import bot_of
from rodbot.core.caller import caller_of
from rodbot.core.discord_types import Interaction, Item
from rodbot.core.embeds import TITLE, add_fields, colour, linkable
from rodbot.core.errors import KINDS
from rodbot.core.persistent import view_of
from rodbot.core.reply import Reply
from rodbot.core.text import MESSAGE, clip, code, escape, join_lines

DESCRIPTION, FIELD, FOOTER = 1600, 400, 256
# The events of which a card says at its top what they did.
HEADED = (
    EventType.CHARACTER_CREATED,
    EventType.CHARACTER_DELETED,
    EventType.CHARACTER_RESTORED,
    EventType.CHARACTER_MOVED,
)
Answer = CharacterChanged | ShownCharacter
DOORS = {
    "discord": N_("in Discord"),
    "web": N_("on the web sheet"),
    "api": N_("through the API"),
    "system": N_("by the system"),
}


def embed(
    card: Card, lines: Sequence[str] = (), *, local: bool = False, chosen: str = "", mark: str = ""
) -> discord.Embed:
    """The card, with `lines` (already escaped) above its rows. In its footer stands how the character was `chosen`, and
    `mark` at the end. Rows that do not fit are on the sheet."""
    card_embed = discord.Embed(
        title=clip(escape(card.title), TITLE),
        url=linkable(card.url, local),
        colour=colour(card.colour),
        description=join_lines(list(lines), DESCRIPTION, 25) or None,
    )
    if card.owner.name:
        icon_url = linkable(card.owner.avatar_url, local)
        card_embed.set_author(name=clip(card.owner.name, TITLE), icon_url=icon_url)
    card_embed.set_thumbnail(url=linkable(card.thumbnail, local))
    footer = " · ".join(part for part in (_(card.splat), label(card.footer), chosen) if part)
    card_embed.set_footer(text=" ".join(part for part in (clip(footer, FOOTER), mark) if part) or None)
    add_fields(
        card_embed, ((clip(escape(_(row.label)), 100), clip(draw(row), FIELD), False) for row in card.rows)
    )
    return card_embed


def text(card: Card, lines: Sequence[str] = ()) -> str:
    """The card for screen readers: words only, no shapes."""
    kind = _(card.splat) or _("character")
    head = f"{escape(card.title, 100)}, {escape(kind, 40)}"
    rows = [f"{escape(_(row.label), 60)}: {escape(row.text, 200)}" for row in card.rows]
    foot = [escape(label(card.footer), 200)] if card.footer else []
    return clip(join_lines([head, *lines, *rows, *foot], MESSAGE, 60), MESSAGE)


def origin(event: Event) -> str:
    """The command as it was typed, or the door through which it came."""
    if event.command:
        return code(event.command, 120)
    return _(DOORS[event.door])


def changed(event: Event | None) -> list[str]:
    """What an event did, a line each: changed values from → to, then its notices."""
    if event is None:
        return []
    is_update = event.type is EventType.CHARACTER_UPDATED
    traits = trait_lines(event) if is_update else []
    return [*kind_lines(event.type), *traits, *notice_lines(event.notices)]


def kind_lines(kind: EventType) -> list[str]:
    return [f"**{_(KINDS[kind])}**"] if kind in HEADED else []


def trait_lines(changed: Event | Consequence | DigestCharacter) -> list[str]:
    """`**Hunger** 1 → 3` for each changed trait."""
    return [
        f"**{escape(changed.label_of(path), 80)}** {_side(changed, path, before)} → {_side(changed, path, after)}"
        for path, (before, after) in changed.changes.items()
    ]


def _side(changed: Labelled, path: str, value: Json) -> str:
    return escape(changed.in_words(path, value), 100)


def notice_lines(notices: Iterable[StoredNotice]) -> list[str]:
    return [f"• {escape(sentence(notice), 300)}" for notice in notices]


def outcome(answer: Answer) -> list[str]:
    """What a change did. Where nothing changed there may still be notices; an event has its own."""
    if isinstance(answer, ShownCharacter):
        return []
    return [*changed(answer.event), *notice_lines(answer.notices)]


def _card(answer: Answer) -> Card:
    """The card of an answer: of an update only with its rows if one of them changed, as what changed stands above."""
    event = None if isinstance(answer, ShownCharacter) else answer.event
    if event is None or event.type is not EventType.CHARACTER_UPDATED:
        return answer.card
    touched = {path.partition(".")[0] for path in event.changes}
    has_moved = any(row.path.partition(".")[0] in touched for row in answer.card.rows)
    return answer.card if has_moved else answer.card.model_copy(update={"rows": []})


def reply(
    interaction: Interaction,
    answer: Answer,
    lines: Sequence[str] = (),
    items: Sequence[Item] = (),
) -> Reply:
    """The card with what the event changed, then `lines`; `items` stand beside the link to the sheet. In text mode the
    card is words alone."""
    local = bot_of(interaction).config.sandbox
    card = _card(answer)
    above = [*outcome(answer), *lines]
    url = linkable(answer.card.url, local)
    link = discord.ui.Button[discord.ui.View](label=_("Open the sheet"), url=url) if url else None
    view = view_of(*items, link) if url or items else None
    if caller_of(interaction).text_mode:
        chosen = [escape(answer.chosen, 150)] if answer.chosen else []
        return Reply(content=clip("\n".join([*chosen, text(card, above)]), MESSAGE), view=view)
    return Reply(embeds=[embed(card, above, local=local, chosen=answer.chosen)], view=view)
