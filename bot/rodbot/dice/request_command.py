"""`/request`: a storyteller asks players for a roll. One message tells who has answered, and is kept up to date."""

from typing import Any

import discord
from discord.app_commands import Range

from rodbot.core import caller as facts
from rodbot.core.errors import Refused
from rodbot.core.options import Option, command
from rodbot.core.respond import Reply, run
from rodbot.dice.general import NAMES, OPTIONS, SYSTEM, system_of
from rodbot.dice.options import HIDE, POOL, Interaction, Values, given, number, pool_of
from rodbot.dice.requests import shown

MOST = 10
PLAYERS = tuple(f"player{n}" for n in range(1, MOST + 1))
OPEN_POOL = Option(POOL.name, POOL.kind, "What to roll; the players choose if left out")


async def _request(interaction: Interaction, values: dict[str, Any]) -> None:
    await run(interaction, _asked(interaction, values), public=True)


async def _asked(interaction: Interaction, values: Values) -> Reply:
    if interaction.guild_id is None:
        raise Refused("This works on a server only.")
    people = [values[name] for name in PLAYERS if values.get(name)]
    wanted = list(dict.fromkeys(person.id for person in people if not person.bot))
    if not wanted:
        raise Refused("Name at least one player who is no bot.")
    body: dict[str, Any] = {
        "players": [str(person) for person in wanted],
        "options": given(values, *NAMES),
        **given(values, "text", "hide_difficulty", "minutes"),
    }
    if values.get("pool"):
        body |= {"pool": pool_of(values["pool"]), **system_of(values)}
    elif values.get("system"):
        body |= system_of({"pool": "", **values})
    made = await facts.bot(interaction).backend.play.request(facts.of(interaction), body)
    reply = shown(made)
    reply.notify = wanted
    return reply


request = command(
    "request",
    "Storytellers: ask players for a roll",
    [
        Option("player1", discord.User, "Who is to roll", True),
        OPEN_POOL,
        Option("text", Range[str, 1, 200], "What it is about"),
        *OPTIONS[:1],
        *OPTIONS[4:],
        SYSTEM,
        HIDE,
        number("minutes", 1, 10080, "Until when, from now on; 60 if left out"),
        *(Option(name, discord.User, "And who else") for name in PLAYERS[1:]),
    ],
    _request,
)
