"""Buttons and menus that outlive a restart: all they know is in their custom id, all that counts is asked
of the backend.

A press carries the presser's own facts, so what a person may not do, their press may not do either. Those
that act
also belong to one person, whose id is in the custom id."""

import datetime
import re
from collections.abc import Sequence
from typing import Any, Self

import discord
from discord.ui import Button, DynamicItem, Select

from rodbot.characters.replies import reply
from rodbot.core import caller as facts
from rodbot.core.errors import Refused
from rodbot.core.models import Event, Name
from rodbot.core.respond import Reply, run
from rodbot.core.text import clip, plain

PRESSABLE = datetime.timedelta(hours=1)
_CHARACTER = r"(?P<character>[0-9a-f-]{32,36})"
_ASKER = r"(?P<asker>[0-9]{1,20})"


def only_for(interaction: discord.Interaction[Any], asker: str) -> None:
    if str(interaction.user.id) != asker:
        raise Refused("This is someone else's question. Ask your own with the same command.")


class _Action(DynamicItem[Button[Any]], template=r"-"):
    """A button that does one thing with one character, for the person who asked for it."""

    name = ""
    label = ""
    style = discord.ButtonStyle.secondary

    def __init__(self, character: str, asker: str) -> None:
        self.character = character
        self.asker = asker
        custom_id = f"{self.name}:{character}:{asker}"
        super().__init__(Button(label=self.label, style=self.style, custom_id=custom_id))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        return cls(match["character"], match["asker"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await run(interaction, self.pressed(interaction), edit=True)

    async def pressed(self, interaction: discord.Interaction[Any]) -> Reply:
        raise NotImplementedError


class Delete(_Action, template=rf"delete:{_CHARACTER}:{_ASKER}"):
    name, label, style = "delete", "Delete", discord.ButtonStyle.danger

    async def pressed(self, interaction: discord.Interaction[Any]) -> Reply:
        only_for(interaction, self.asker)
        asked = interaction.message.created_at if interaction.message else discord.utils.utcnow()
        if discord.utils.utcnow() - asked > PRESSABLE:
            raise Refused("This question is older than an hour. Ask again with `/character delete`.")
        who, bot = facts.of(interaction), facts.bot(interaction)
        answer = await bot.backend.delete(who, self.character)
        bot.names.forget(who.actor["id"])
        view = discord.ui.View(timeout=None)
        view.add_item(Restore(self.character, self.asker))
        return Reply(
            content=f"**{plain(answer.name, 100)}** is deleted. It can still be brought back.", view=view
        )


class Keep(_Action, template=rf"keep:{_CHARACTER}:{_ASKER}"):
    name, label = "keep", "Keep"

    async def pressed(self, interaction: discord.Interaction[Any]) -> Reply:
        only_for(interaction, self.asker)
        return Reply(content="Nothing was deleted.")


class Restore(_Action, template=rf"restore:{_CHARACTER}:{_ASKER}"):
    name, label, style = "restore", "Restore", discord.ButtonStyle.success

    async def pressed(self, interaction: discord.Interaction[Any]) -> Reply:
        only_for(interaction, self.asker)
        who, bot = facts.of(interaction), facts.bot(interaction)
        answer = await bot.backend.restore(who, self.character)
        bot.names.forget(who.actor["id"])
        return reply(interaction, answer)


class Find(DynamicItem[Select[Any]], template=r"find:(?P<menu>[0-9]{1,2})"):
    """A menu of characters; choosing one shows its card in place of the menu."""

    def __init__(self, names: Sequence[Name] = (), menu: int = 0) -> None:
        options = [discord.SelectOption(label=clip(n.label, 100), value=n.id) for n in names[:25]]
        placeholder = "Choose a character"
        super().__init__(Select(custom_id=f"find:{menu}", placeholder=placeholder, options=options))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        return cls(menu=int(match["menu"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await run(interaction, self._chosen(interaction), edit=True)

    async def _chosen(self, interaction: discord.Interaction[Any]) -> Reply:
        who, bot = facts.of(interaction), facts.bot(interaction)
        return reply(interaction, await bot.backend.look(who, self.item.values[0]))


class FindPage(DynamicItem[Button[Any]], template=r"findpage:(?P<page>[0-9]{1,4}):(?P<player>[0-9]{0,20})"):
    def __init__(self, page: int, player: str, label: str = "Page") -> None:
        self.page = page
        self.player = player
        super().__init__(Button(label=label, custom_id=f"findpage:{page}:{player}"))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        return cls(int(match["page"]), match["player"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await run(interaction, found(interaction, self.player, self.page), edit=True)


async def found(interaction: discord.Interaction[Any], player: str, page: int) -> Reply:
    """One page of a person's characters: a menu of up to 25, with buttons to the pages beside it."""
    names = await facts.bot(interaction).backend.names(facts.of(interaction), player=player, page=page)
    if not names.results:
        return Reply(content="There are no characters here yet. `/help` lists the commands that make one.")
    view = discord.ui.View(timeout=None)
    view.add_item(Find(names.results, min(page, 99)))
    if page:
        view.add_item(FindPage(page - 1, player, "Back"))
    if names.more:
        view.add_item(FindPage(page + 1, player, "More"))
    return Reply(content="Which character?", view=view)


class Undo(DynamicItem[Select[Any]], template=rf"undo:{_CHARACTER}"):
    """A menu of changes; choosing one takes it back."""

    def __init__(self, character: str, events: Sequence[tuple[Event, str]] = ()) -> None:
        self.character = character
        options = [
            discord.SelectOption(label=clip(words, 100), value=event.id) for event, words in events[:25]
        ]
        super().__init__(Select(custom_id=f"undo:{character}", placeholder="Take one back", options=options))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        return cls(match["character"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await run(interaction, self._chosen(interaction))

    async def _chosen(self, interaction: discord.Interaction[Any]) -> Reply:
        who, bot = facts.of(interaction), facts.bot(interaction)
        return reply(interaction, await bot.backend.undo(who, self.character, self.item.values[0]))
