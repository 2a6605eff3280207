"""Buttons and menus that outlive a restart: their custom id holds everything they know, the backend decides who may use
them. discord.py makes such an item again for each press, from the groups of its template in their order."""

import re
from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Self

import discord
from discord.ui import Button, DynamicItem, Select, UserSelect

from contract.translation import speak
from rodbot.core.bot import bot_of
from rodbot.core.discord_types import Interaction, Item
from rodbot.core.reply import Reply
from rodbot.core.respond import respond
from rodbot.core.text import clip

ID = r"([0-9a-f-]{32,36})"
USER = r"([0-9]{1,20})"
PersistentItems = tuple[type[DynamicItem[Any]], ...]


class _Restored(DynamicItem[Any], template=r"-"):
    posts: ClassVar[bool] = False

    @classmethod
    async def from_custom_id(cls, interaction: Interaction, item: Item, match: re.Match[str]) -> Self:
        """Whatever a press opens, such as a form, is in the language of the person."""
        speak(bot_of(interaction).languages.of_person(interaction))
        return cls.restore(*match.groups())

    @classmethod
    def restore(cls, *parts: str) -> Self:
        """The item again from the groups of its template."""
        make: Callable[..., Self] = cls
        return make(*parts)

    async def callback(self, interaction: Interaction) -> None:
        await respond(interaction, self.used(interaction), edit=not self.posts, repeat=self.callback)

    async def used(self, interaction: Interaction) -> Reply:
        """The reply, which replaces the item's message unless the class `posts` a new one."""
        raise NotImplementedError


class PersistentButton(_Restored, template=r"-"):
    """A button whose press calls `used`."""

    def __init__(
        self, custom_id: str, label: str, style: discord.ButtonStyle = discord.ButtonStyle.secondary
    ) -> None:
        super().__init__(Button(label=clip(label, 80), style=style, custom_id=custom_id))


class PersistentSelect(_Restored, template=r"-"):
    """A menu whose choice calls `used`; `options` are pairs of a value and its label."""

    def __init__(
        self, custom_id: str, placeholder: str, options: Sequence[tuple[str, str]], max_values: int = 1
    ) -> None:
        choices = [discord.SelectOption(label=clip(label, 100), value=value) for value, label in options[:25]]
        most = max(1, min(max_values, len(choices)))
        super().__init__(
            Select(custom_id=custom_id, placeholder=placeholder, options=choices, max_values=most)
        )

    @property
    def values(self) -> list[str]:
        """The chosen values."""
        return list(self.item.values)


class PersistentUserSelect(_Restored, template=r"-"):
    """A menu of the server's members whose choice calls `used`."""

    def __init__(self, custom_id: str, placeholder: str, max_values: int = 1) -> None:
        super().__init__(UserSelect(custom_id=custom_id, placeholder=placeholder, max_values=max_values))

    @property
    def values(self) -> list[str]:
        """The Discord ids of those who were chosen."""
        return [str(user.id) for user in self.item.values]


def view_of(*items: Item | None) -> discord.ui.View:
    """A view of persistent items, which never times out; None is left out."""
    view = discord.ui.View(timeout=None)
    for item in items:
        if item is not None:
            view.add_item(item)
    return view
