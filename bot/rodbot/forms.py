"""Forms that were sent. They are known by their custom id alone, so one that was open during a restart still counts."""

import re
from collections.abc import Callable, Iterator
from typing import Any, cast

import discord

from rodbot.conflicts import message as conflict_components
from rodbot.core.respond import Reply, Work, run
from rodbot.desk import submissions as desk_components
from rodbot.dice import details as dice_details
from rodbot.dice import requests as request_components

Interaction = discord.Interaction[Any]
_ID = r"(?P<of>[0-9a-f-]{32,36})"
FORMS: tuple[tuple[re.Pattern[str], bool, Callable[[Interaction, str, dict[str, str]], Work]], ...] = (
    (
        re.compile(rf"strike:{_ID}"),
        True,
        lambda interaction, of, given: dice_details.struck(interaction, of, given.get("reason", "")),
    ),
    (
        re.compile(rf"answer:{_ID}"),
        True,
        lambda interaction, of, given: request_components.answered(interaction, of, given.get("pool")),
    ),
    (
        re.compile(rf"sendback:{_ID}"),
        True,
        lambda interaction, of, given: desk_components.sent_back(interaction, of, given.get("text", "")),
    ),
    (
        re.compile(rf"say:{_ID}"),
        True,
        lambda interaction, of, given: desk_components.said(interaction, of, given.get("text", "")),
    ),
    (
        re.compile(rf"declare:{_ID}"),
        False,
        lambda interaction, of, given: conflict_components.declared(interaction, of, given),
    ),
)
UNKNOWN = "This form is from an earlier version of the bot. Please use the command again."


async def submitted(interaction: Interaction) -> None:
    data = cast(dict[str, Any], interaction.data or {})
    for pattern, edit, work in FORMS:
        found = pattern.fullmatch(str(data.get("custom_id", "")))
        if found:
            await run(interaction, work(interaction, found["of"], dict(_values(data))), edit=edit)
            return
    await run(interaction, _unknown())


async def _unknown() -> Reply:
    return Reply(content=UNKNOWN)


def _values(data: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for row in data.get("components") or ():
        for part in [*(row.get("components") or ()), *([row["component"]] if "component" in row else [])]:
            chosen = next(iter(part.get("values") or ()), "")
            yield str(part.get("custom_id")), str(part.get("value") or chosen)
