"""What the commands about dice share: their options, what of them goes to the bot API, and who sees the answer."""

import re
from collections.abc import Callable, Coroutine
from typing import Any, Literal

from discord import app_commands
from discord.app_commands import Range

from rodbot.characters.names import character_names
from rodbot.core.bot import Interaction
from rodbot.core.completion import completion, matching
from rodbot.core.models import Json
from rodbot.core.options import Option, Short, Values, command, given, number
from rodbot.core.reply import Reply
from rodbot.dice.buttons import reply
from rodbot.dice.calls import DiceCalls
from rodbot.dice.rolls import RollAnswer

WHICH = "Whose sheet counts: one of your characters; your default one if left out"
FIFTH_SPLATS = ("vampire5th", "human5th", "ghoul5th", "hunter5th", "werewolf5th")
Text = Range[str, 1, 100]


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
SPECIALTY = Option("specialty", Text, "A specialty that helps")
MODIFIER = Option("modifier", Range[int, -50, 50], "Dice more or less")
IMPAIRED = Option("impaired", bool, "Is the character impaired? By the sheet if left out")


def difficulty(low: int = 0, high: int = 50, text: str = "Successes needed") -> Option:
    return Option("difficulty", Range[int, low, high], text)


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

Act = Callable[[Interaction, Json], Coroutine[Any, Any, RollAnswer]]


def rolling(
    name: str, description: str, options: list[Option], body: Callable[[Values], Json]
) -> app_commands.Command[Any, ..., Any]:
    """A command that rolls a pool: `body` makes of its options what the bot API wants."""
    return _acting(name, description, options, _roll, body)


def checking(
    name: str,
    description: str,
    options: list[Option],
    body: Callable[[Values], Json],
    *,
    public: bool = True,
) -> app_commands.Command[Any, ..., Any]:
    """A command that makes a check; one that is not `public` is between the person, the sheet and the storyteller."""
    return _acting(name, description, options, _check, body, public)


def _acting(
    name: str,
    description: str,
    options: list[Option],
    act: Act,
    body: Callable[[Values], Json],
    public: bool = True,
) -> app_commands.Command[Any, ..., Any]:
    async def work(interaction: Interaction, values: Values) -> Reply:
        hidden = {} if public else {"visibility": "storyteller"}
        return reply(interaction, await act(interaction, {**body(values), **hidden, **roller(values)}))

    return command(name, description, options, work, is_public if public else False)


async def _roll(interaction: Interaction, body: Json) -> RollAnswer:
    return await DiceCalls.of(interaction).roll({**body, "pool": pool_of(body["pool"])})


async def _check(interaction: Interaction, body: Json) -> RollAnswer:
    return await DiceCalls.of(interaction).check(body)


def check(kind: str, options: Json | None = None) -> Json:
    """The body of a check."""
    return {"check": kind, "options": options or {}}


def general() -> app_commands.Command[Any, ..., Any]:
    """Each group needs a command of its own; Discord's groups share none."""
    dice = Option("dice", Range[str, 1, 200], "Any dice: 3d6 + 2d10 - 1, or 4d6kh3", True)
    options = [
        dice,
        number("modifier", -1000, 1000, "Added to the total"),
        difficulty(-1000, 1000, "What the total must reach"),
        VISIBILITY,
        NOTES,
    ]
    return rolling("general", "Roll any dice", options, _general)


def _general(values: Values) -> Json:
    return {
        "system": "general",
        "pool": values["dice"],
        "character": False,
        "options": given(values, "modifier", "difficulty"),
    }
