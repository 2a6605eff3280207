"""Every command that a member can type is typed somewhere in these tests, against a live backend."""

import ast
from collections.abc import Iterator
from pathlib import Path

import discord
import pytest
from discord import app_commands

from contract.schema import Schema
from rodbot.command_sets import CommandSets
from rodbot.core import descriptions
from rolls.schema import schema

HERE = Path(__file__).parent


def commands() -> set[str]:
    """The first words of all editions. Those of a person's menu have no slash."""
    tree = app_commands.CommandTree(discord.Client(intents=discord.Intents.none()))
    sets = CommandSets(Schema.model_validate(schema()))
    payloads = [each for edition in sets.editions for each in descriptions.for_server(sets.of(edition), tree)]
    return {payload["name"] for payload in payloads if payload.get("type", 1) == 1}


def typed() -> Iterator[str]:
    """What `person.slash("…")` begins with, and the second value of a `Case` of test_slash_splats.py."""
    for path in HERE.glob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            if isinstance(node.func, ast.Attribute) and node.func.attr == "slash":
                yield from words(node.args[0])
            elif isinstance(node.func, ast.Name) and node.func.id == "Case" and len(node.args) > 1:
                yield from words(node.args[1])


def words(node: ast.expr) -> Iterator[str]:
    first = node.values[0] if isinstance(node, ast.JoinedStr) else node
    if isinstance(first, ast.Constant) and isinstance(first.value, str):
        yield first.value.split()[0]


@pytest.mark.req("CARD-09")
def test_each_command_is_typed_by_a_person_against_the_live_backend() -> None:
    assert commands() - set(typed()) == set()
