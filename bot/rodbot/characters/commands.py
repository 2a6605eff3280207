"""`/character …`: what can be done with a character of any type."""

import discord
from discord import app_commands
from discord.app_commands import Range

from contract import characters, endpoints
from contract.characters import CharacterInput
from contract.translation import _
from rodbot.characters import buttons, history
from rodbot.characters.cards import reply
from rodbot.characters.names import character_names, trait_names
from rodbot.chronicles.commands import CHRONICLE_NAMES
from rodbot.core.caller import caller_of
from rodbot.core.calls import call
from rodbot.core.discord_types import Interaction
from rodbot.core.errors import Refused
from rodbot.core.options import input_of
from rodbot.core.reply import Reply
from rodbot.core.respond import replying
from rodbot.core.text import escape

Name = Range[str, 1, 50]
WHICH = "Character (default: your default character)"
WHOSE = "Whose character it is (for storytellers)"

group = app_commands.Group(name="character", description="Your characters of every type")


def _id(player: discord.User | None) -> str | None:
    return str(player.id) if player else None


@group.command(name="sheet", description="Show a character’s card")
@app_commands.describe(name=WHICH, player=WHOSE)
@app_commands.autocomplete(name=character_names())
@replying
async def sheet(
    interaction: Interaction, name: Name | None = None, player: discord.User | None = None
) -> Reply:
    shown = CharacterInput(character=name, player=_id(player))
    return reply(interaction, await call(interaction, endpoints.GET_CHARACTER, shown))


@group.command(name="find", description="Choose one of your characters from a menu")
@app_commands.describe(player="Whose characters (for storytellers)")
@replying
async def find(interaction: Interaction, player: discord.User | None = None) -> Reply:
    return await buttons.find(interaction, _id(player) or "", 0)


@group.command(name="default", description="Set or show your default character")
@app_commands.describe(name="Your new default character here", clear="Clear your default character")
@app_commands.autocomplete(name=character_names())
@replying
async def default(interaction: Interaction, name: Name | None = None, clear: bool = False) -> Reply:
    if name and clear:
        raise Refused(_("Either name a character or clear the default, not both."))
    given = characters.SetDefault(character=name, clear=clear)
    chosen = (await call(interaction, endpoints.SET_DEFAULT, given)).default
    in_server = caller_of(interaction).acting.guild is not None
    if not chosen and in_server:
        return Reply(content=_("You don’t have a default character on this server."))
    if not chosen:
        return Reply(content=_("You don’t have a default character in direct messages."))
    name = escape(chosen.name, 100)
    if in_server:
        return Reply(content=_("Your default character on this server is **{name}**.", name=name))
    return Reply(content=_("Your default character in direct messages is **{name}**.", name=name))


@group.command(name="delete", description="Delete a character; you can restore it later")
@app_commands.describe(name="Character", player=WHOSE)
@app_commands.autocomplete(name=character_names())
@replying
async def delete(interaction: Interaction, name: Name, player: discord.User | None = None) -> Reply:
    shown = CharacterInput(character=name, player=_id(player))
    answer = await call(interaction, endpoints.GET_CHARACTER, shown)
    character, asker = answer.character, str(interaction.user.id)
    items = [buttons.Delete(character.id, asker), buttons.Keep(character.id, asker)]
    question = reply(interaction, answer, items=items)
    asked = _("Delete **{name}**?", name=escape(character.name, 100))
    question.content = f"{asked}\n{question.content}" if question.content else asked
    return question


@group.command(name="restore", description="Restore a deleted character")
@app_commands.describe(name="One of your deleted characters")
@app_commands.autocomplete(name=character_names(deleted=True))
@replying
async def restore(interaction: Interaction, name: Name) -> Reply:
    return await buttons.restore(interaction, name)


@group.command(name="undo", description="Undo the last change to a character")
@app_commands.describe(name=WHICH, player=WHOSE)
@app_commands.autocomplete(name=character_names())
@replying
async def undo(
    interaction: Interaction, name: Name | None = None, player: discord.User | None = None
) -> Reply:
    undone = characters.UndoChange(character=name, player=_id(player))
    answer = await call(interaction, endpoints.UNDO_CHANGE, undone)
    return reply(interaction, answer, [_("The last change was undone.")])


@group.command(
    name="move", description="Move a character and its history to another chronicle of this server"
)
@app_commands.describe(chronicle="Chronicle to move to", name=WHICH, player=WHOSE)
@app_commands.autocomplete(name=character_names(), chronicle=CHRONICLE_NAMES)
@replying
async def move(
    interaction: Interaction,
    chronicle: Range[str, 1, 100],
    name: Name | None = None,
    player: discord.User | None = None,
) -> Reply:
    moved = characters.MoveCharacter(character=name, chronicle=chronicle, player=_id(player))
    return reply(interaction, await call(interaction, endpoints.MOVE_CHARACTER, moved))


@group.command(name="history", description="See who changed what and when, and undo changes")
@app_commands.describe(name=WHICH, player=WHOSE)
@app_commands.autocomplete(name=character_names())
@replying
async def show_history(
    interaction: Interaction, name: Name | None = None, player: discord.User | None = None
) -> Reply:
    return await history.page(interaction, name, player=_id(player))


@group.command(name="trait", description="Change any trait on the sheet")
@app_commands.describe(
    trait="Trait, such as Athletics",
    value="A value (3), a change (+1), yes or no, or words (Beautiful 2)",
    name=WHICH,
    player=WHOSE,
)
@app_commands.autocomplete(name=character_names(), trait=trait_names)
@replying
async def trait(
    interaction: Interaction,
    trait: Range[str, 1, 100],
    value: Range[str, 1, 1000],
    name: Name | None = None,
    player: discord.User | None = None,
) -> Reply:
    change = input_of(characters.TraitChange, {}, path=trait, op="text", value=value)
    given = characters.ChangeCharacter(character=name, changes=[change], player=_id(player))
    return reply(interaction, await call(interaction, endpoints.CHANGE_CHARACTER, given))
