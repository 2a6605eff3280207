"""The buttons and menus of characters: delete, restore, find."""

import datetime
from collections.abc import Sequence
from uuid import UUID

import discord

from contract import endpoints
from contract.characters import CharacterInput, CharacterName, ListNames
from contract.translation import N_, _, p_
from rodbot.characters.cards import reply
from rodbot.characters.names import forget_names, has_more
from rodbot.core.calls import call
from rodbot.core.discord_types import Interaction
from rodbot.core.errors import Refused
from rodbot.core.mentions import mention
from rodbot.core.persistent import ID, USER, PersistentButton, PersistentItems, PersistentSelect, view_of
from rodbot.core.reply import Reply
from rodbot.core.text import escape

PRESSABLE = datetime.timedelta(hours=1)


def only_for(interaction: Interaction, asker: str) -> None:
    """Refuse everybody but the person who asked."""
    if str(interaction.user.id) != asker:
        raise Refused(_("These buttons belong to someone else. Use the command yourself to get your own."))


class _Action(PersistentButton, template=r"-"):
    """A button that does one thing with one character, for the person who asked for it."""

    name = ""
    label = ""
    style = discord.ButtonStyle.secondary

    def __init__(self, character: UUID | str, asker: str) -> None:
        self.character = str(character)
        self.asker = asker
        super().__init__(f"{self.name}:{character}:{asker}", _(self.label), self.style)


class Delete(_Action, template=rf"delete:{ID}:{USER}"):
    name, label, style = "delete", N_("Delete"), discord.ButtonStyle.danger

    async def used(self, interaction: Interaction) -> Reply:
        only_for(interaction, self.asker)
        asked_at = interaction.message.created_at if interaction.message else discord.utils.utcnow()
        if discord.utils.utcnow() - asked_at > PRESSABLE:
            raise Refused(
                _(
                    "This question is more than an hour old. Please use {command} again.",
                    command=mention("character delete"),
                )
            )
        deleted = CharacterInput(character=self.character)
        answer = await call(interaction, endpoints.DELETE_CHARACTER, deleted)
        forget_names(interaction)
        return Reply(
            content=_(
                "**{name}** has been deleted. You can still restore it.",
                name=escape(answer.character.name, 100),
            ),
            view=view_of(Restore(self.character, self.asker)),
        )


class Keep(_Action, template=rf"keep:{ID}:{USER}"):
    name, label = "keep", N_("Keep")

    async def used(self, interaction: Interaction) -> Reply:
        only_for(interaction, self.asker)
        return Reply(content=_("Nothing was deleted."))


class Restore(_Action, template=rf"restore:{ID}:{USER}"):
    name, label, style = "restore", N_("Restore"), discord.ButtonStyle.success

    async def used(self, interaction: Interaction) -> Reply:
        only_for(interaction, self.asker)
        return await restore(interaction, self.character)


async def restore(interaction: Interaction, character: str) -> Reply:
    """Bring a deleted character back."""
    deleted = CharacterInput(character=character)
    answer = await call(interaction, endpoints.RESTORE_CHARACTER, deleted)
    forget_names(interaction)
    return reply(interaction, answer)


class Find(PersistentSelect, template=r"find:([0-9]{1,2})"):
    """A menu of characters; choosing one shows its card in place of the menu."""

    def __init__(self, menu: int | str, names: Sequence[CharacterName] = ()) -> None:
        options = [(str(name.id), name.label) for name in names]
        super().__init__(f"find:{menu}", _("Choose a character"), options)

    async def used(self, interaction: Interaction) -> Reply:
        chosen = CharacterInput(character=self.values[0])
        return reply(interaction, await call(interaction, endpoints.GET_CHARACTER, chosen))


class FindPage(PersistentButton, template=r"findpage:([0-9]{1,4}):([0-9]{0,20})"):
    def __init__(self, page: int | str, player: str, label: str = "…") -> None:
        self.page = int(page)
        self.player = player
        super().__init__(f"findpage:{page}:{player}", label)

    async def used(self, interaction: Interaction) -> Reply:
        return await find(interaction, self.player, self.page)


async def find(interaction: Interaction, player: str, page: int) -> Reply:
    """One page of a person's characters: a menu of up to 25, with buttons to the pages beside it."""
    names = await call(interaction, endpoints.LIST_NAMES, ListNames(player=player or None, page=page))
    if not names.results:
        return Reply(
            content=_(
                "There are no characters here yet. {command} shows you how to create one.",
                command=mention("help"),
            )
        )
    view = view_of(
        Find(min(page, 99), names.results),
        FindPage(page - 1, player, p_("page", "Back")) if page else None,
        FindPage(page + 1, player, p_("page", "More")) if has_more(names, page) else None,
    )
    return Reply(content=_("Which character?"), view=view)


PERSISTENT: PersistentItems = (Delete, Find, FindPage, Keep, Restore)
