"""`/character …`: what can be done with a character of any type."""

import discord
from discord import app_commands
from discord.app_commands import Range

from rodbot.characters import buttons, history
from rodbot.characters.calls import CharacterCalls
from rodbot.characters.cards import reply
from rodbot.characters.names import character_names, trait_names
from rodbot.chronicles.commands import CHRONICLE_NAMES
from rodbot.core.bot import Interaction
from rodbot.core.caller import caller_of
from rodbot.core.errors import Refused
from rodbot.core.reply import Reply
from rodbot.core.respond import replying
from rodbot.core.text import escape

Name = Range[str, 1, 50]
WHICH = "Which character; your default one if left out"
WHOSE = "Whose character it is (for storytellers)"

group = app_commands.Group(name="character", description="Your characters, whatever their type")


def _id(player: discord.User | None) -> str | None:
    return str(player.id) if player else None


@group.command(name="sheet", description="Show a character's card")
@app_commands.describe(name=WHICH, player=WHOSE)
@app_commands.autocomplete(name=character_names())
@replying
async def sheet(
    interaction: Interaction, name: Name | None = None, player: discord.User | None = None
) -> Reply:
    return reply(interaction, await CharacterCalls.of(interaction).look(name, _id(player)))


@group.command(name="find", description="Choose one of your characters from a menu")
@app_commands.describe(player="Whose characters (for storytellers)")
@replying
async def find(interaction: Interaction, player: discord.User | None = None) -> Reply:
    return await buttons.find(interaction, _id(player) or "", 0)


@group.command(
    name="default", description="The character that is meant when you name none; shows it if nothing is given"
)
@app_commands.describe(name="The new default character here", clear="Have none")
@app_commands.autocomplete(name=character_names())
@replying
async def default(interaction: Interaction, name: Name | None = None, clear: bool = False) -> Reply:
    if name and clear:
        raise Refused("Name a character or clear the default, not both.")
    chosen, _ = await CharacterCalls.of(interaction).default(name, clear)
    where = "on this server" if caller_of(interaction).acting.guild else "in direct messages"
    if not chosen:
        return Reply(content=f"You have no default character {where}.")
    return Reply(content=f"Your default character {where} is **{escape(chosen, 100)}**.")


@group.command(name="delete", description="Delete a character, after a question; it can be brought back")
@app_commands.describe(name="Which character", player=WHOSE)
@app_commands.autocomplete(name=character_names())
@replying
async def delete(interaction: Interaction, name: Name, player: discord.User | None = None) -> Reply:
    answer = await CharacterCalls.of(interaction).look(name, _id(player))
    asker = str(interaction.user.id)
    question = reply(
        interaction, answer, items=[buttons.Delete(answer.id, asker), buttons.Keep(answer.id, asker)]
    )
    question.content = f"Delete **{escape(answer.name, 100)}**?" + (
        f"\n{question.content}" if question.content else ""
    )
    return question


@group.command(name="restore", description="Bring a deleted character back")
@app_commands.describe(name="Which of your deleted characters")
@app_commands.autocomplete(name=character_names(deleted=True))
@replying
async def restore(interaction: Interaction, name: Name) -> Reply:
    return await buttons.restore(interaction, name)


@group.command(name="undo", description="Take the last change of a character back")
@app_commands.describe(name=WHICH, player=WHOSE)
@app_commands.autocomplete(name=character_names())
@replying
async def undo(
    interaction: Interaction, name: Name | None = None, player: discord.User | None = None
) -> Reply:
    answer = await CharacterCalls.of(interaction).undo(name, player=_id(player))
    return reply(interaction, answer, ["The last change is taken back."])


@group.command(
    name="move", description="Play a character in another chronicle of this server, with its history"
)
@app_commands.describe(chronicle="Into which chronicle", name=WHICH, player=WHOSE)
@app_commands.autocomplete(name=character_names(), chronicle=CHRONICLE_NAMES)
@replying
async def move(
    interaction: Interaction,
    chronicle: Range[str, 1, 100],
    name: Name | None = None,
    player: discord.User | None = None,
) -> Reply:
    return reply(interaction, await CharacterCalls.of(interaction).move(name, chronicle, _id(player)))


@group.command(name="history", description="Who changed what, when and how; changes can be taken back there")
@app_commands.describe(name=WHICH, player=WHOSE)
@app_commands.autocomplete(name=character_names())
@replying
async def show_history(
    interaction: Interaction, name: Name | None = None, player: discord.User | None = None
) -> Reply:
    return await history.page(interaction, name, player=_id(player))


@group.command(name="trait", description="Change any trait on the sheet")
@app_commands.describe(
    trait="Which trait, such as Athletics",
    value="A value (3), an amount (+1), yes or no, or words (Beautiful 2)",
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
    operation = {"path": trait, "op": "text", "value": value}
    answer = await CharacterCalls.of(interaction).change(name, [operation], player=_id(player))
    return reply(interaction, answer)
