"""`/luck` and the menu on a person: what the dice gave, against what was to be expected."""

from typing import Any

import discord
from discord import app_commands

from rodbot.characters import history, names
from rodbot.characters.replies import reply
from rodbot.core import caller as facts
from rodbot.core.errors import Refused
from rodbot.core.models import Json
from rodbot.core.options import Option, command
from rodbot.core.respond import Reply, run
from rodbot.core.text import plain
from rodbot.dice.general import charted
from rodbot.dice.options import Interaction, Short, Values, number, yes
from rodbot.dice.play import Luck, LuckOf, Tally


async def _luck(interaction: Interaction, values: dict[str, Any]) -> None:
    await run(interaction, _asked(interaction, values))


async def _asked(interaction: Interaction, values: Values) -> Reply:
    return await _told(interaction, _body(values))


def _body(values: Values) -> Json:
    wanted = [name for name in ("character", "player", "everyone") if values.get(name)]
    if len(wanted) > 1:
        raise Refused("Ask about a character, about a player, or about everyone.")
    body: Json = {"chart": True}
    if values.get("character"):
        body["character"] = values["character"]
    if values.get("player"):
        body["player"] = str(values["player"].id)
    if values.get("everyone"):
        body["everyone"] = True
    return body | ({"days": values["days"]} if values.get("days") else {})


async def _told(interaction: Interaction, body: Json) -> Reply:
    found = await facts.bot(interaction).backend.play.luck(facts.of(interaction), body)
    return charted(
        lines(found), f"Luck of {plain(found.name, 100)}", found.chart, found.text_mode, "luck.png"
    )


luck = command(
    "luck",
    "What the dice gave, against what was to be expected",
    [
        Option("character", Short, "One of your characters", complete=names.completion()),
        Option("player", discord.User, "A player; yourself if nothing is given"),
        yes("everyone", "The whole table"),
        number("days", 1, 3650, "Only the last days"),
    ],
    _luck,
)


def lines(found: Luck) -> list[str]:
    if not found.rolls:
        return ["Nothing was rolled yet."]
    said = [plain(found.text, 300)] if found.text else []
    for system in found.systems:
        said += _system(system)
    said += [_line(check) for check in found.checks]
    if found.struck:
        said.append(f"Left out by a storyteller: {found.struck}.")
    if found.cut:
        said.append("Only the newest rolls were counted.")
    return said


def _system(of: LuckOf) -> list[str]:
    head = f"**{plain(of.label, 60)}**: {of.rolls} rolls, {of.mean:.2f} successes each, {of.expected:.2f} expected"
    return [head, *(_line(outcome) for outcome in of.outcomes)]


def _line(of: Tally) -> str:
    return f"{plain(of.label, 80)}: {of.count}, {of.expected:.1f} expected"


# The menu on a person


@app_commands.context_menu(name="Sheet")
@app_commands.guild_only()
async def sheet_menu(interaction: Interaction, user: discord.User | discord.Member) -> None:
    await run(interaction, _sheet(interaction, user))


async def _sheet(interaction: Interaction, user: discord.User | discord.Member) -> Reply:
    who = facts.of(interaction)
    return reply(interaction, await facts.bot(interaction).backend.look(who, None, _other(interaction, user)))


@app_commands.context_menu(name="Luck")
@app_commands.guild_only()
async def luck_menu(interaction: Interaction, user: discord.User | discord.Member) -> None:
    await run(interaction, _told(interaction, {"player": str(user.id), "chart": True}))


@app_commands.context_menu(name="History")
@app_commands.guild_only()
async def history_menu(interaction: Interaction, user: discord.User | discord.Member) -> None:
    await run(interaction, history.page(interaction, None, player=_other(interaction, user)))


def _other(interaction: Interaction, user: discord.User | discord.Member) -> str | None:
    return None if user.id == interaction.user.id else str(user.id)


MENUS: tuple[app_commands.ContextMenu, ...] = (sheet_menu, luck_menu, history_menu)
