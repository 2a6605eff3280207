"""A character's history: who, when, how, from what to what, newest first, and a menu to undo a change."""

from collections.abc import Sequence
from uuid import UUID

import discord

from contract import endpoints
from contract.characters import History, UndoChange
from contract.events import Event, EventType
from contract.notices import sentence
from contract.translation import _, n_, p_
from rodbot.characters.cards import origin, reply
from rodbot.core.caller import caller_of
from rodbot.core.calls import call, send
from rodbot.core.discord_types import Interaction
from rodbot.core.embeds import TITLE
from rodbot.core.errors import by, kind
from rodbot.core.options import Values
from rodbot.core.persistent import ID, PersistentButton, PersistentItems, PersistentSelect, view_of
from rodbot.core.reply import Reply
from rodbot.core.text import MESSAGE, clip, escape, join_lines, timestamp

PAGE = 8
TEXT = 3800
_UNDOABLE = EventType.CHARACTER_UPDATED


async def page(interaction: Interaction, values: Values) -> Reply:
    """One page. It asks for one entry more than it shows, to know whether there are older ones."""
    history = await send(interaction, endpoints.LIST_HISTORY, values, limit=PAGE + 1)
    return render(history, values.get("before"), caller_of(interaction).text_mode)


def render(history: History, before: int | None = None, text_mode: bool = False) -> Reply:
    name = escape(history.character.name, 100)
    events, older = history.events[:PAGE], len(history.events) > PAGE
    if not events:
        return Reply(content=_("Nothing has happened to {name} yet.", name=name))
    text = join_lines([entry(event) for event in events], MESSAGE - 300 if text_mode else TEXT, PAGE)
    title = _("History of {name}", name=name)
    view = _view(history, events, older, before)
    if text_mode:
        return Reply(content=clip(f"{title}\n{text}", MESSAGE), view=view)
    return Reply(embeds=[discord.Embed(title=clip(title, TITLE), description=text)], view=view)


def entry(event: Event) -> str:
    name = escape(by(event) or _("someone"), 60)
    head = f"{timestamp(event.at)} **{name}** {origin(event)}"
    lines = [f"↳ {escape(line)}" for line in _summary(event)]
    # Notices of the rules, or the reason of an award.
    lines += [f"↳ _{escape(clip(sentence(notice), 150))}_" for notice in event.notices[:2]]
    return "\n".join([head + _undo_state(event), *lines])


def _undo_state(event: Event) -> str:
    if event.undone_by:
        return " " + _("(undone)")
    return " " + _("(undid an earlier change)") if event.undoes else ""


def _summary(event: Event) -> list[str]:
    """What changed, not escaped, in at most five lines an event."""
    if event.type != _UNDOABLE:
        return [kind(event)]
    lines = [_from_to(event, path) for path in list(event.changes)[:4]]
    left = len(event.changes) - len(lines)
    return lines + ([n_("and {count} more", "and {count} more", left)] if left else [])


def _from_to(event: Event, path: str) -> str:
    before, after = (clip(event.in_words(path, value) or "—", 80) for value in event.changes[path])
    return f"{clip(event.label_of(path), 60)}: {before} → {after}"


def _view(history: History, events: list[Event], older: bool, before: int | None) -> discord.ui.View:
    undoable = [event for event in events if event.type == _UNDOABLE and not event.undone_by]
    options = [(str(event.id), f"{by(event)}: {'; '.join(_summary(event))}") for event in undoable]
    return view_of(
        Undo(history.character.id, options) if options else None,
        HistoryPage(history.character.id, 0, p_("page", "Newest")) if before is not None else None,
        HistoryPage(history.character.id, events[-1].version, p_("page", "Older")) if older else None,
    )


class HistoryPage(PersistentButton, template=rf"history:{ID}:([0-9]{{1,18}})"):
    """`before` is the version to go on from; 0 is the newest page."""

    def __init__(self, character: UUID | str, before: int | str, label: str = "…") -> None:
        self.character = str(character)
        self.before = int(before)
        super().__init__(f"history:{character}:{before}", label)

    async def used(self, interaction: Interaction) -> Reply:
        return await page(interaction, {"character": self.character, "before": self.before or None})


class Undo(PersistentSelect, template=rf"undo:{ID}"):
    """A menu of changes; choosing one takes it back."""

    posts = True

    def __init__(self, character: UUID | str, events: Sequence[tuple[str, str]] = ()) -> None:
        self.character = str(character)
        super().__init__(f"undo:{character}", _("Undo a change…"), events)

    async def used(self, interaction: Interaction) -> Reply:
        undone = UndoChange(character=self.character, event=UUID(self.values[0]))
        return reply(interaction, await call(interaction, endpoints.UNDO_CHANGE, undone))


PERSISTENT: PersistentItems = (HistoryPage, Undo)
