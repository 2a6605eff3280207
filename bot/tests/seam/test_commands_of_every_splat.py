"""The commands of the splats as they are declared: all within Discord's limits, and everything that moves in reach."""

import re
from collections.abc import Iterator
from typing import Any

import discord
import pytest
from discord import app_commands

from contract.schema import Schema
from rodbot.command_sets import CommandSets
from rodbot.core import descriptions
from rodbot.core.options import MAX_OPTIONS
from rolls.schema import schema

Payload = dict[str, Any]
SPLATS = schema()["splats"]
GROUPS = {
    "5th": {"vampire", "mortal", "hunter", "werewolf"},
    "20th": {"vampire", "ghoul", "human", "werewolf", "changeling", "mage", "wraith", "demon"},
    "fantasy": {"fantasy"},
}
NAME = re.compile(r"[-_'a-z0-9]{1,32}")
HEAVIEST = 8000
SLASH = 1  # other types are entries of menus


@pytest.fixture(scope="module")
def sets() -> CommandSets:
    return CommandSets(Schema.model_validate(schema()))


@pytest.fixture
async def tree() -> app_commands.CommandTree[Any]:
    return app_commands.CommandTree(discord.Client(intents=discord.Intents.none()))


def payloads(sets: CommandSets, tree: app_commands.CommandTree[Any], where: str) -> dict[str, Payload]:
    if where == "direct messages":
        found = descriptions.for_direct_messages(sets.anywhere(), tree)
    else:
        found = descriptions.for_server(sets.of(where), tree)
    typed = [command for command in found if command.get("type", SLASH) == SLASH]
    assert len({command["name"] for command in typed}) == len(typed) <= 100
    return {command["name"]: command for command in typed}


def inside(payload: Payload) -> Iterator[Payload]:
    for option in payload.get("options", ()):
        yield option
        yield from inside(option)


def weight(payload: Payload) -> int:
    """As Discord counts: names, descriptions and values of choices, at every depth."""
    own = len(payload["name"]) + len(payload["description"])
    choices = sum(len(choice["name"]) + len(str(choice["value"])) for choice in payload.get("choices") or ())
    return own + choices + sum(weight(option) for option in payload.get("options") or ())


@pytest.mark.req("S004-31")
@pytest.mark.parametrize("where", [*GROUPS, "direct messages"])
def test_every_command_is_within_discords_limits(
    where: str, sets: CommandSets, tree: app_commands.CommandTree[Any]
) -> None:
    for group in payloads(sets, tree, where).values():
        assert weight(group) <= HEAVIEST, group["name"]
        for part in (group, *inside(group)):
            assert NAME.fullmatch(part["name"]), part["name"]
            assert 1 <= len(part["description"]) <= 100, part["name"]
            options = part.get("options") or []
            assert len(options) <= MAX_OPTIONS, part["name"]
            assert len({option["name"] for option in options}) == len(options)
            assert len(part.get("choices") or []) <= 25


@pytest.mark.parametrize("edition", GROUPS)
def test_each_edition_has_its_groups(
    edition: str, sets: CommandSets, tree: app_commands.CommandTree[Any]
) -> None:
    found = payloads(sets, tree, edition)
    assert (
        {splat["command"] for splat in SPLATS if splat["edition"] == edition} == GROUPS[edition] <= set(found)
    )
    other = next(name for name in GROUPS if name != edition)
    assert not (GROUPS[other] - GROUPS[edition]) & set(found)


def test_direct_messages_have_every_type_of_both(
    sets: CommandSets, tree: app_commands.CommandTree[Any]
) -> None:
    found = payloads(sets, tree, "direct messages")
    both = GROUPS["5th"] & GROUPS["20th"]
    assert GROUPS["fantasy"] <= set(found)
    assert GROUPS["5th"] | (GROUPS["20th"] - both) | {f"{name}20" for name in both} <= set(found)


def options_of(group: Payload, command: str) -> set[str]:
    part = next(option for option in group["options"] if option["name"] == command)
    return {option["name"] for option in part["options"]}


@pytest.mark.parametrize("splat", SPLATS, ids=lambda splat: splat["slug"])
def test_every_tracker_is_an_option(
    splat: dict[str, Any], sets: CommandSets, tree: app_commands.CommandTree[Any]
) -> None:
    """Nothing is cut off: the widest splat fits into twenty-five options."""
    group = payloads(sets, tree, splat["edition"])[splat["command"]]
    fields = [field for trait in splat["traits"] if trait["tracker"] for field in trait["fields"]]
    for command in ("new", "set"):
        assert {field["name"] for field in fields} <= options_of(group, command)
    moving = [field for field in fields if field["type"] != "integer" or field["adjust"]]
    wanted = {field.get("update_name") or field["name"] for field in moving}
    lasting = {field["name"] for field in fields} - wanted
    assert wanted <= options_of(group, "update")
    assert not lasting & options_of(group, "update")
