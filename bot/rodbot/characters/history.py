"""A character's history: who, when, through which door, from what to what, newest first, with a way to take
one back."""

import datetime
import re
from typing import Any, Self

import discord
from discord.ui import Button, DynamicItem

from contract.notices import sentence
from rodbot.characters import cards
from rodbot.characters.buttons import Undo
from rodbot.core import caller as facts
from rodbot.core.models import Event, History
from rodbot.core.respond import Reply, run
from rodbot.core.text import MESSAGE, clip, joined, plain, words

PAGE = 8
TEXT = 3800
_UNDOABLE = "character.updated"


async def page(
    interaction: discord.Interaction[Any],
    character: str | None,
    before: int | None = None,
    player: str | None = None,
) -> Reply:
    """Asks for one entry more than it shows, to know whether there are older ones."""
    who, bot = facts.of(interaction), facts.bot(interaction)
    return shown(await bot.backend.history(who, character, before, PAGE + 1, player), before)


def shown(history: History, before: int | None = None) -> Reply:
    events, older = history.events[:PAGE], len(history.events) > PAGE
    if not events:
        return Reply(content=f"Nothing has happened to {plain(history.name, 100)} yet.")
    text = joined([entry(event) for event in events], MESSAGE - 300 if history.text_mode else TEXT, PAGE)
    title = f"History of {plain(history.name, 100)}"
    view = _view(history, events, older, before)
    if history.text_mode:
        return Reply(content=clip(f"{title}\n{text}", MESSAGE), view=view)
    return Reply(embeds=[discord.Embed(title=clip(title, 256), description=text)], view=view)


def entry(event: Event) -> str:
    how = cards.way(event)
    head = f"{when(event.at)} **{plain(event.actor or 'someone', 60)}** {how}"
    lines = [f"↳ {plain(line)}" for line in _summary(event)]
    # What the rules said of it, or what it was given for.
    lines += [f"↳ _{plain(clip(sentence(notice), 150))}_" for notice in event.notices[:2]]
    return "\n".join([head + _fate(event), *lines])


def _fate(event: Event) -> str:
    if event.undone_by:
        return " (taken back since)"
    return " (taken back an earlier change)" if event.undoes else ""


def _summary(event: Event) -> list[str]:
    """Unescaped words, at most four lines an event."""
    if event.type != _UNDOABLE:
        return [event.type.rpartition(".")[2]]
    pairs = [(event.labels.get(path) or path, pair) for path, pair in event.changes.items()]
    lines = [_from_to(str(label), pair) for label, pair in pairs[:4]]
    return lines + ([f"and {len(pairs) - 4} more"] if len(pairs) > 4 else [])


def _from_to(label: str, pair: Any) -> str:
    before, after = pair if isinstance(pair, list | tuple) and len(pair) == 2 else (None, pair)
    return f"{clip(label, 60)}: {clip(words(before), 80)} → {clip(words(after), 80)}"


def when(at: str, style: discord.utils.TimestampStyle = "R") -> str:
    """Discord shows it in each reader's own words and time zone."""
    try:
        moment = datetime.datetime.fromisoformat(at)
    except ValueError:
        return ""
    return discord.utils.format_dt(moment, style)


def _view(history: History, events: tuple[Event, ...], older: bool, before: int | None) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    undoable = [(event, _words(event)) for event in events if event.type == _UNDOABLE and not event.undone_by]
    if undoable:
        view.add_item(Undo(history.id, undoable))
    if before is not None:
        view.add_item(HistoryPage(history.id, 0, "Newest"))
    if older:
        view.add_item(HistoryPage(history.id, events[-1].version, "Older"))
    return view


def _words(event: Event) -> str:
    return f"{event.actor}: {'; '.join(_summary(event))}"


class HistoryPage(
    DynamicItem[Button[Any]], template=r"history:(?P<character>[0-9a-f-]{32,36}):(?P<before>[0-9]{1,18})"
):
    """`before` is the version to go on from; 0 is the newest page."""

    def __init__(self, character: str, before: int, label: str = "Older") -> None:
        self.character = character
        self.before = before
        super().__init__(Button(label=label, custom_id=f"history:{character}:{before}"))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        return cls(match["character"], int(match["before"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await run(interaction, page(interaction, self.character, self.before or None), edit=True)
