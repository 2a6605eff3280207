"""What the commands about dice share: their options, what of them goes to the bot API, and who sees the answer."""

import re
from collections.abc import Callable
from typing import Literal

from discord.app_commands import Range

from rodbot.characters.names import character_names
from rodbot.core.completion import completion, matching
from rodbot.core.discord_types import Command, Interaction
from rodbot.core.models import Json
from rodbot.core.options import Option, Short, Values, command, given
from rodbot.core.reply import Reply
from rodbot.dice.buttons import reply
from rodbot.dice.calls import DiceCalls

WHICH = "Whose sheet counts: one of your characters; your default one if left out"


# Completion


async def load_pools(interaction: Interaction, character: str | None, query: str) -> list[tuple[str, str]]:
    """Pools that begin as typed, from the sheet of the character in another option."""
    return await DiceCalls.of(interaction).pools(character, query)


async def _disciplines(interaction: Interaction, character: str | None, query: str) -> list[tuple[str, str]]:
    return matching(await DiceCalls.of(interaction).disciplines(character), query)


pools = completion(load_pools, "pool", option="character")
disciplines = completion(_disciplines, "disciplines", option="character")


# Options

POOL = Option(
    "pool", Range[str, 1, 200], "A number, or traits: strength + brawl.grappling + 2", True, complete=pools
)
NOTES = Option("notes", Range[str, 1, 300], "A note to show with it")
VISIBILITY = Option(
    "visibility", Literal["public", "storyteller", "private"], "Who sees it; everybody if left out"
)
HIDE = Option("hide_difficulty", bool, "Others do not see the difficulty")
NAME = Option("name", Short, "What somebody without a sheet is called; no sheet is touched then")


def character(*splats: str) -> Option:
    return Option("character", Short, WHICH, complete=character_names(splats))


# Bodies


def roller(values: Values) -> Json:
    """Whose roll it is, who sees it, and a note. A bare name is somebody without a sheet."""
    body: Json = {}
    if values.get("character"):
        body["character"] = values["character"]
    elif values.get("name"):
        body |= {"character": False, "name": values["name"]}
    return body | given(values, "visibility", "hide_difficulty", notes="note")


def pool_of(text: str) -> str | int:
    """The pool as the bot API takes it: a bare number as a number."""
    return int(text) if re.fullmatch(r"\s*[0-9]{1,3}\s*", text) else text.strip()


def is_public(values: Values) -> bool:
    """Whether the option `visibility` leaves the answer to the whole channel."""
    return values.get("visibility") in (None, "public")


# Commands


def rolling(name: str, description: str, options: list[Option], body: Callable[[Values], Json]) -> Command:
    """A command that rolls a pool: `body` makes of its options what the bot API wants."""

    async def work(interaction: Interaction, values: Values) -> Reply:
        asked = {**body(values), **roller(values)}
        return reply(
            interaction, await DiceCalls.of(interaction).roll({**asked, "pool": pool_of(asked["pool"])})
        )

    return command(name, description, options, work, is_public)
