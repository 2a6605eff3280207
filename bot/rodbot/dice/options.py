"""What the commands about dice share: their options, what of them goes to the bot API, and who sees the answer."""

import re
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any, Literal

import discord
from discord import app_commands
from discord.app_commands import Choice, Range

from rodbot.characters import names
from rodbot.characters.names import MOST, Completion, in_time
from rodbot.core import caller as facts
from rodbot.core.caller import Facts
from rodbot.core.models import Json
from rodbot.core.options import Option, command
from rodbot.core.respond import Reply, run
from rodbot.core.text import clip
from rodbot.dice import buttons as dice_components
from rodbot.dice.rolls import RollAnswer

Interaction = discord.Interaction[Any]
Values = Mapping[str, Any]
Ask = Callable[[Facts, str | None, str], Awaitable[list[tuple[str, str]]]]

WHICH = "Whose sheet counts: one of your characters; your default one if left out"
REMEMBERED, ENTRIES = 5.0, 2048
FIFTH_SPLATS = ("vampire5th", "human5th", "ghoul5th", "hunter5th", "werewolf5th")

Text = Range[str, 1, 100]
Short = Range[str, 1, 50]


# Completion


class Recent:
    """Answers to what was typed, for a few seconds: who deletes a letter asks nothing twice."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: dict[tuple[str, ...], tuple[float, list[tuple[str, str]]]] = {}

    async def get(
        self, key: tuple[str, ...], ask: Callable[[], Awaitable[list[tuple[str, str]]]]
    ) -> list[tuple[str, str]]:
        until, found = self._kept.get(key, (0.0, []))
        if until > self._clock():
            return found
        found = await ask()
        if len(self._kept) >= ENTRIES:
            del self._kept[next(iter(self._kept))]
        self._kept[key] = (self._clock() + REMEMBERED, found)
        return found


_recent = Recent()


def completing(ask: Callable[[Interaction], Ask], kind: str, option: str = "character") -> Completion:
    """Completion of something that belongs to the character in another option."""

    async def complete(interaction: Interaction, current: str) -> list[Choice[str]]:
        return await in_time(_completed(interaction, ask(interaction), kind, option, current))

    return complete


async def _completed(
    interaction: Interaction, ask: Ask, kind: str, option: str, current: str
) -> list[Choice[str]]:
    who, character = facts.of(interaction), getattr(interaction.namespace, option, None) or None
    place = who.guild["id"] if who.guild else ""
    key = (facts.bot(interaction).backend.base_url, kind, who.actor["id"], place, character or "", current)
    found = await _recent.get(key, lambda: ask(who, character, current))
    return [Choice(name=clip(label, 100), value=text) for text, label in found[:MOST] if 0 < len(text) <= 100]


def _pools(interaction: Interaction) -> Ask:
    return facts.bot(interaction).backend.play.pool


def _disciplines(interaction: Interaction) -> Ask:
    async def ask(who: Facts, character: str | None, q: str) -> list[tuple[str, str]]:
        known = await facts.bot(interaction).backend.play.disciplines(who, character)
        return [one for one in known if q.casefold() in one[0].casefold()]

    return ask


pools = completing(_pools, "pool")
disciplines = completing(_disciplines, "disciplines")


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


def number(name: str, low: int, high: int, text: str, required: bool = False) -> Option:
    return Option(name, Range[int, low, high], text, required)


def yes(name: str, text: str) -> Option:
    return Option(name, bool, text)


def character(*splats: str) -> Option:
    return Option("character", Short, WHICH, complete=names.completion(splats))


# Bodies


def who(values: Values) -> Json:
    """Whose roll it is, who sees it, and a note. A bare name is somebody without a sheet."""
    body: Json = {}
    if values.get("character"):
        body["character"] = values["character"]
    elif values.get("name"):
        body |= {"character": False, "name": values["name"]}
    taken = {"visibility": "visibility", "hide_difficulty": "hide_difficulty", "notes": "note"}
    return body | {theirs: values[ours] for ours, theirs in taken.items() if values.get(ours) is not None}


def pool_of(text: str) -> str | int:
    """A bare number goes as one."""
    return int(text) if re.fullmatch(r"\s*[0-9]{1,3}\s*", text) else text.strip()


def given(values: Values, *names: str, **renamed: str) -> Json:
    """The options that were given; `renamed` from our names to those of the bot API."""
    wanted = {name: name for name in names} | renamed
    return {theirs: values[ours] for ours, theirs in wanted.items() if values.get(ours) is not None}


def is_public(values: Values) -> bool:
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
    async def asked(interaction: Interaction, values: Values) -> RollAnswer:
        hidden = {} if public else {"visibility": "storyteller"}
        return await act(interaction, {**body(values), **hidden, **who(values)})

    async def acted(interaction: Interaction, values: dict[str, Any]) -> None:
        await answer(interaction, asked(interaction, values), public and is_public(values))

    return command(name, description, options, acted)


async def answer(
    interaction: Interaction, work: Coroutine[Any, Any, RollAnswer], public: bool = True
) -> None:
    await run(interaction, _shown(interaction, work), public=public)


async def _shown(interaction: Interaction, work: Coroutine[Any, Any, RollAnswer]) -> Reply:
    return dice_components.reply(interaction, await work)


async def _roll(interaction: Interaction, body: Json) -> RollAnswer:
    body = {**body, "pool": pool_of(body["pool"])}
    return await facts.bot(interaction).backend.play.roll(facts.of(interaction), body)


async def _check(interaction: Interaction, body: Json) -> RollAnswer:
    return await facts.bot(interaction).backend.play.check(facts.of(interaction), body)


def check(kind: str, options: Json | None = None) -> Json:
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
