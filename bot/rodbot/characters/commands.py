"""`/character …`: what can be done with a character of any type."""

import discord
from discord import app_commands
from discord.app_commands import Range

from contract import endpoints
from contract.characters import TraitChange
from contract.translation import _
from rodbot.characters import buttons, history
from rodbot.characters.cards import reply
from rodbot.characters.names import character_names, trait_names
from rodbot.chronicles.commands import CHRONICLE_NAMES
from rodbot.core.caller import caller_of
from rodbot.core.calls import send
from rodbot.core.discord_types import Interaction
from rodbot.core.errors import Refused
from rodbot.core.options import Option, Values, add_command, input_of, yes
from rodbot.core.reply import Reply
from rodbot.core.text import escape

NAME, TRAIT, VALUE = Range[str, 1, 50], Range[str, 1, 100], Range[str, 1, 1000]
VALUE_TEXT = "A value (3), a change (+1), yes or no, or words (Beautiful 2)"


def named(text: str, required: bool = False, deleted: bool = False) -> Option:
    """The option that names a character."""
    return Option("name", NAME, text, required, character_names(deleted=deleted), field="character")


WHICH = named("Character (default: your default character)")
WHOSE = Option("player", discord.User, "Whose character it is (for storytellers)")
group = app_commands.Group(name="character", description="Your characters of every type")


async def _sheet(interaction: Interaction, values: Values) -> Reply:
    return reply(interaction, await send(interaction, endpoints.GET_CHARACTER, values))


async def _find(interaction: Interaction, values: Values) -> Reply:
    player: discord.User | None = values["player"]
    return await buttons.find(interaction, str(player.id) if player else "", 0)


async def _default(interaction: Interaction, values: Values) -> Reply:
    if values["character"] and values["clear"]:
        raise Refused(_("Either name a character or clear the default, not both."))
    chosen = (await send(interaction, endpoints.SET_DEFAULT, values)).default
    in_server = caller_of(interaction).acting.guild is not None
    if not chosen and in_server:
        return Reply(content=_("You don’t have a default character on this server."))
    if not chosen:
        return Reply(content=_("You don’t have a default character in direct messages."))
    name = escape(chosen.name, 100)
    if in_server:
        return Reply(content=_("Your default character on this server is **{name}**.", name=name))
    return Reply(content=_("Your default character in direct messages is **{name}**.", name=name))


async def _delete(interaction: Interaction, values: Values) -> Reply:
    answer = await send(interaction, endpoints.GET_CHARACTER, values)
    character, asker = answer.character, str(interaction.user.id)
    items = [buttons.Delete(character.id, asker), buttons.Keep(character.id, asker)]
    question = reply(interaction, answer, items=items)
    asked = _("Delete **{name}**?", name=escape(character.name, 100))
    question.content = f"{asked}\n{question.content}" if question.content else asked
    return question


async def _restore(interaction: Interaction, values: Values) -> Reply:
    return await buttons.restore(interaction, values["character"])


async def _undo(interaction: Interaction, values: Values) -> Reply:
    answer = await send(interaction, endpoints.UNDO_CHANGE, values)
    return reply(interaction, answer, [_("The last change was undone.")])


async def _move(interaction: Interaction, values: Values) -> Reply:
    return reply(interaction, await send(interaction, endpoints.MOVE_CHARACTER, values))


async def _trait(interaction: Interaction, values: Values) -> Reply:
    changes = [trait_change(values)]
    return reply(interaction, await send(interaction, endpoints.CHANGE_CHARACTER, values, changes=changes))


def trait_change(values: Values) -> TraitChange:
    """What the options `trait` and `value` say. Raises Refused."""
    return input_of(TraitChange, values, path=values["trait"], op="text")


add_command(group, "sheet", "Show a character’s card", [WHICH, WHOSE], _sheet)
add_command(
    group,
    "find",
    "Choose one of your characters from a menu",
    [Option("player", discord.User, "Whose characters (for storytellers)")],
    _find,
)
add_command(
    group,
    "default",
    "Set or show your default character",
    [named("Your new default character here"), yes("clear", "Clear your default character")],
    _default,
)
add_command(
    group,
    "delete",
    "Delete a character; you can restore it later",
    [named("Character", True), WHOSE],
    _delete,
)
add_command(
    group,
    "restore",
    "Restore a deleted character",
    [named("One of your deleted characters", True, deleted=True)],
    _restore,
)
add_command(group, "undo", "Undo the last change to a character", [WHICH, WHOSE], _undo)
add_command(
    group,
    "move",
    "Move a character and its history to another chronicle of this server",
    [Option("chronicle", TRAIT, "Chronicle to move to", True, CHRONICLE_NAMES), WHICH, WHOSE],
    _move,
)
add_command(group, "history", "See who changed what and when, and undo changes", [WHICH, WHOSE], history.page)
add_command(
    group,
    "trait",
    "Change any trait on the sheet",
    [
        Option("trait", TRAIT, "Trait, such as Athletics", True, trait_names),
        Option("value", VALUE, VALUE_TEXT, True),
        WHICH,
        WHOSE,
    ],
    _trait,
)
