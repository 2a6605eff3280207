"""The commands of the splats as they are declared: all within Discord's limits, and everything that moves in reach."""

import re
from collections.abc import Iterator
from typing import Any

import discord
import pytest
from discord import app_commands

from haven.schema import schema
from rodbot import command_sets
from rodbot.characters.models import Schema
from rodbot.command_sets import CommandSets
from rodbot.core.options import MAX_OPTIONS

Payload = dict[str, Any]
SPLATS = schema()["splats"]
GROUPS = {
    "5th": {"vampire", "mortal", "hunter", "werewolf"},
    "20th": {"vampire", "ghoul", "human", "werewolf", "changeling", "mage", "wraith", "demon"},
}
NAME = re.compile(r"[-_'a-z0-9]{1,32}")
HEAVIEST = 8000
SLASH = 1  # other types are entries of menus


@pytest.fixture(scope="module")
def sets() -> CommandSets:
    return CommandSets(Schema.read(schema()))


@pytest.fixture
async def tree() -> app_commands.CommandTree[Any]:
    return app_commands.CommandTree(discord.Client(intents=discord.Intents.none()))


def payloads(sets: CommandSets, tree: app_commands.CommandTree[Any], where: str) -> dict[str, Payload]:
    if where == "direct messages":
        found = command_sets.for_direct_messages(sets.anywhere(), tree)
    else:
        found = command_sets.for_server(sets.of(where), tree)
    typed = [one for one in found if one.get("type", SLASH) == SLASH]
    assert len({one["name"] for one in typed}) == len(typed) <= 100
    return {one["name"]: one for one in typed}


def inside(payload: Payload) -> Iterator[Payload]:
    for option in payload.get("options", ()):
        yield option
        yield from inside(option)


def weight(payload: Payload) -> int:
    """As Discord counts: names, descriptions and values of choices, at every depth."""
    own = len(payload["name"]) + len(payload["description"])
    choices = sum(len(one["name"]) + len(str(one["value"])) for one in payload.get("choices") or ())
    return own + choices + sum(weight(one) for one in payload.get("options") or ())


@pytest.mark.req("S004-31")
@pytest.mark.parametrize("where", [*GROUPS, "direct messages"])
def test_every_command_is_within_discords_limits(
    where: str, sets: CommandSets, tree: app_commands.CommandTree[Any]
) -> None:
    for group in payloads(sets, tree, where).values():
        assert weight(group) <= HEAVIEST, group["name"]
        for one in (group, *inside(group)):
            assert NAME.fullmatch(one["name"]), one["name"]
            assert 1 <= len(one["description"]) <= 100, one["name"]
            options = one.get("options") or []
            assert len(options) <= MAX_OPTIONS, one["name"]
            assert len({option["name"] for option in options}) == len(options)
            assert len(one.get("choices") or []) <= 25


@pytest.mark.parametrize("edition", GROUPS)
def test_each_edition_has_its_groups(
    edition: str, sets: CommandSets, tree: app_commands.CommandTree[Any]
) -> None:
    found = payloads(sets, tree, edition)
    assert {one["command"] for one in SPLATS if one["edition"] == edition} == GROUPS[edition] <= set(found)
    other = next(one for one in GROUPS if one != edition)
    assert not (GROUPS[other] - GROUPS[edition]) & set(found)


def test_direct_messages_have_every_type_of_both(
    sets: CommandSets, tree: app_commands.CommandTree[Any]
) -> None:
    found = payloads(sets, tree, "direct messages")
    both = GROUPS["5th"] & GROUPS["20th"]
    assert GROUPS["5th"] | (GROUPS["20th"] - both) | {f"{one}20" for one in both} <= set(found)


def options_of(group: Payload, command: str) -> set[str]:
    part = next(one for one in group["options"] if one["name"] == command)
    return {option["name"] for option in part["options"]}


@pytest.mark.parametrize("splat", SPLATS, ids=lambda one: one["slug"])
def test_every_tracker_is_an_option(
    splat: dict[str, Any], sets: CommandSets, tree: app_commands.CommandTree[Any]
) -> None:
    """Nothing is cut off: the widest splat fits into twenty-five options."""
    group = payloads(sets, tree, splat["edition"])[splat["command"]]
    fields = [one for trait in splat["traits"] if trait["tracker"] for one in trait["fields"]]
    for command in ("new", "set"):
        assert {one["name"] for one in fields} <= options_of(group, command)
    moving = [one for one in fields if one["type"] != "integer" or one["adjust"]]
    wanted = {one.get("update_name") or one["name"] for one in moving}
    lasting = {one["name"] for one in fields} - wanted
    assert wanted <= options_of(group, "update")
    assert not lasting & options_of(group, "update")
