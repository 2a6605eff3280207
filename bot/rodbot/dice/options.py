"""What the commands about dice share: their options, the inputs made of them, and who sees the answer."""

import re
from collections.abc import Callable
from typing import Literal, TypeVar

from discord.app_commands import Range

from contract import endpoints
from contract.characters import ListEntries
from contract.rolls import CompletePool, MakeRoll, Roller
from rodbot.characters.names import character_names
from rodbot.core.calls import call
from rodbot.core.completion import completion, matching
from rodbot.core.discord_types import Command, Interaction
from rodbot.core.options import Option, Short, Values, command, input_of
from rodbot.core.reply import Reply
from rodbot.dice.buttons import reply

WHICH = "Character (default: your default character)"


# Completion


async def load_pools(interaction: Interaction, character: str | None, query: str) -> list[tuple[str, str]]:
    """Pools that begin as typed, from the sheet of the character in another option."""
    found = await call(interaction, endpoints.COMPLETE_POOL, CompletePool(character=character, q=query))
    return [(pool.text, pool.label) for pool in found.results]


async def _disciplines(interaction: Interaction, character: str | None, query: str) -> list[tuple[str, str]]:
    asked = ListEntries(character=character, trait="disciplines")
    found = await call(interaction, endpoints.LIST_ENTRIES, asked)
    return matching([(entry.name, entry.label) for entry in found.results], query)


pools = completion(load_pools, "pool", option="character")
disciplines = completion(_disciplines, "disciplines", option="character")


# Options

POOL = Option(
    "pool", Range[str, 1, 200], "A number, or traits: strength + brawl.grappling + 2", True, complete=pools
)
NOTES = Option("notes", Range[str, 1, 300], "Note to show with it", field="note")
VISIBILITY = Option(
    "visibility", Literal["public", "storyteller", "private"], "Who sees it (default: everybody)"
)
HIDE = Option("hide_difficulty", bool, "Hide the difficulty from others")
NAME = Option("name", Short, "Roll for somebody without a sheet, by this name")


def character(*splats: str) -> Option:
    return Option("character", Short, WHICH, complete=character_names(splats))


# Inputs

RollInput = TypeVar("RollInput", bound=Roller)


def roll_input(model: type[RollInput], values: Values, **fields: object) -> RollInput:
    """An input from `fields`, and who rolls, who sees it, the note and the macro of the options. A bare name is
    somebody without a sheet.
    """
    same = ("visibility", "hide_difficulty", "note", "macro")
    who: dict[str, object] = {name: values.get(name) for name in same}
    if whose := values.get("character"):
        who["character"] = whose
    elif name := values.get("name"):
        who |= {"character": False, "name": name}
    return input_of(model, {}, **fields | who)


def pool_of(text: str | None) -> str | int | None:
    """The pool as the bot API takes it: a bare number as a number."""
    if text is None:
        return None
    return int(text) if re.fullmatch(r"\s*[0-9]{1,3}\s*", text) else text.strip()


def is_public(values: Values) -> bool:
    """Whether the option `visibility` leaves the answer to the whole channel."""
    return values.get("visibility") in (None, "public")


# Commands


def rolling(
    name: str, description: str, options: list[Option], given: Callable[[Values], MakeRoll]
) -> Command:
    """A command that rolls a pool, as `given` makes it of the options."""

    async def work(interaction: Interaction, values: Values) -> Reply:
        return reply(interaction, await call(interaction, endpoints.ROLL, given(values)))

    return command(name, description, options, work, is_public)
