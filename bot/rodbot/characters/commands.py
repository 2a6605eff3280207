"""`/character …`: what can be done with a character of any type."""

from typing import Any

import discord
from discord import app_commands
from discord.app_commands import Range

from rodbot.characters import buttons as components
from rodbot.characters import history, names
from rodbot.characters.replies import reply
from rodbot.chronicles import commands as chronicle
from rodbot.core import caller as facts
from rodbot.core.errors import Refused
from rodbot.core.respond import Reply, run
from rodbot.core.text import plain

Interaction = discord.Interaction[Any]
Name = Range[str, 1, 50]
WHICH = "Which character; your default one if left out"
WHOSE = "Whose character it is (for storytellers)"

group = app_commands.Group(name="character", description="Your characters, whatever their type")


@group.command(name="sheet", description="Show a character's card")
@app_commands.describe(name=WHICH, player=WHOSE)
@app_commands.autocomplete(name=names.completion())
async def sheet(
    interaction: Interaction, name: Name | None = None, player: discord.User | None = None
) -> None:
    await run(interaction, _sheet(interaction, name, str(player.id) if player else None))


async def _sheet(interaction: Interaction, name: str | None, player: str | None) -> Reply:
    answer = await facts.bot(interaction).backend.look(facts.of(interaction), name, player)
    return reply(interaction, answer)


@group.command(name="find", description="Choose one of your characters from a menu")
@app_commands.describe(player="Whose characters (for storytellers)")
async def find(interaction: Interaction, player: discord.User | None = None) -> None:
    await run(interaction, components.found(interaction, str(player.id) if player else "", 0))


@group.command(
    name="default", description="The character that is meant when you name none; shows it if nothing is given"
)
@app_commands.describe(name="The new default character here", clear="Have none")
@app_commands.autocomplete(name=names.completion())
async def default(interaction: Interaction, name: Name | None = None, clear: bool = False) -> None:
    await run(interaction, _default(interaction, name, clear))


async def _default(interaction: Interaction, name: str | None, clear: bool) -> Reply:
    if name and clear:
        raise Refused("Name a character or clear the default, not both.")
    who = facts.of(interaction)
    chosen, _ = await facts.bot(interaction).backend.default(who, name, clear)
    where = "on this server" if who.guild else "in direct messages"
    if not chosen:
        return Reply(content=f"You have no default character {where}.")
    return Reply(content=f"Your default character {where} is **{plain(chosen, 100)}**.")


@group.command(name="delete", description="Delete a character, after a question; it can be brought back")
@app_commands.describe(name="Which character", player=WHOSE)
@app_commands.autocomplete(name=names.completion())
async def delete(interaction: Interaction, name: Name, player: discord.User | None = None) -> None:
    await run(interaction, _ask(interaction, name, str(player.id) if player else None))


async def _ask(interaction: Interaction, name: str, player: str | None) -> Reply:
    who = facts.of(interaction)
    answer = await facts.bot(interaction).backend.look(who, name, player)
    asker = who.actor["id"]
    items = [components.Delete(answer.id, asker), components.Keep(answer.id, asker)]
    shown = reply(interaction, answer, items=items)
    shown.content = f"Delete **{plain(answer.name, 100)}**?" + (f"\n{shown.content}" if shown.content else "")
    return shown


@group.command(name="restore", description="Bring a deleted character back")
@app_commands.describe(name="Which of your deleted characters")
@app_commands.autocomplete(name=names.completion(deleted=True))
async def restore(interaction: Interaction, name: Name) -> None:
    await run(interaction, _restore(interaction, name))


async def _restore(interaction: Interaction, name: str) -> Reply:
    who, bot = facts.of(interaction), facts.bot(interaction)
    answer = await bot.backend.restore(who, name)
    bot.names.forget(who.actor["id"])
    return reply(interaction, answer)


@group.command(name="undo", description="Take the last change of a character back")
@app_commands.describe(name=WHICH, player=WHOSE)
@app_commands.autocomplete(name=names.completion())
async def undo(
    interaction: Interaction, name: Name | None = None, player: discord.User | None = None
) -> None:
    await run(interaction, _undo(interaction, name, str(player.id) if player else None))


async def _undo(interaction: Interaction, name: str | None, player: str | None) -> Reply:
    answer = await facts.bot(interaction).backend.undo(facts.of(interaction), name, player=player)
    return reply(interaction, answer, ["The last change is taken back."])


@group.command(
    name="move", description="Play a character in another chronicle of this server, with its history"
)
@app_commands.describe(chronicle="Into which chronicle", name=WHICH, player=WHOSE)
@app_commands.autocomplete(name=names.completion(), chronicle=chronicle.NAMED)
async def move(
    interaction: Interaction,
    chronicle: Range[str, 1, 100],
    name: Name | None = None,
    player: discord.User | None = None,
) -> None:
    await run(interaction, _move(interaction, chronicle, name, str(player.id) if player else None))


async def _move(interaction: Interaction, place: str, name: str | None, player: str | None) -> Reply:
    answer = await facts.bot(interaction).backend.move(facts.of(interaction), name, place, player)
    return reply(interaction, answer)


@group.command(name="history", description="Who changed what, when and how; changes can be taken back there")
@app_commands.describe(name=WHICH, player=WHOSE)
@app_commands.autocomplete(name=names.completion())
async def show_history(
    interaction: Interaction, name: Name | None = None, player: discord.User | None = None
) -> None:
    await run(interaction, history.page(interaction, name, player=str(player.id) if player else None))


@group.command(name="trait", description="Change any trait on the sheet")
@app_commands.describe(
    trait="Which trait, such as Athletics",
    value="A value (3), an amount (+1), yes or no, or words (Beautiful 2)",
    name=WHICH,
    player=WHOSE,
)
@app_commands.autocomplete(name=names.completion(), trait=names.traits())
async def trait(
    interaction: Interaction,
    trait: Range[str, 1, 100],
    value: Range[str, 1, 1000],
    name: Name | None = None,
    player: discord.User | None = None,
) -> None:
    await run(interaction, _trait(interaction, trait, value, name, str(player.id) if player else None))


async def _trait(
    interaction: Interaction, path: str, value: str, name: str | None, player: str | None
) -> Reply:
    operation = {"path": path, "op": "text", "value": value}
    answer = await facts.bot(interaction).backend.change(
        facts.of(interaction), name, [operation], player=player
    )
    return reply(interaction, answer)
