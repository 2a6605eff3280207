"""Every option of every roll and check, through the slash command, the API and the page: alike in range and words."""

import html
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import discord
import pytest
from discord import app_commands
from django.test import Client

from contract.schema import Schema
from haven.models import Character
from haven.registry import SPLATS
from haven.tests.kit import make
from rodbot.command_sets import CommandSets
from rodbot.core import descriptions
from rolls.checks import KINDS, Kind, splats_for
from rolls.schema import schema
from rolls.systems import DEFAULT, SYSTEMS, System
from rules.options import Choice, Flag, Option, Pool, SheetWhole, Text, Whole, declared
from testing.personas import World

Browser = Callable[[str], Client]
Payload = Mapping[str, Any]
INTEGER, BOOLEAN, TEXT = 4, 5, 3
POOLS: Mapping[str, Any] = {"general": "3d6", "wod20": 50}
EDITIONS = [system for system in SYSTEMS.values() if system.edition]
# Checks whose command is written by hand.
BY_HAND = {"mend": "v heal", "recover_willpower": "v heal"}
ROLLS = [
    pytest.param(system, option, id=f"{system.slug}-{option.name}")
    for system in SYSTEMS.values()
    for option in declared(system.asked).values()
]
CHECKS = [
    pytest.param(slug, option, id=f"{slug}-{option.name}")
    for slug, kind in KINDS.items()
    for option in declared(kind.options).values()
]
# What a check needs beside the option that is tried.
NEEDED: Mapping[str, Mapping[str, Any]] = {
    "slake": {"amount": 1},
    "blood_use": {"amount": 1, "action": "other"},
    "blood_gain": {"amount": 1},
}


def leaves(path: str, payload: Payload) -> Iterator[tuple[str, Payload]]:
    """Command → its options by name."""
    options = payload.get("options") or []
    inner = [option for option in options if option["type"] in (1, 2)]
    if not inner:
        yield path, {option["name"]: option for option in options}
    for option in inner:
        yield from leaves(f"{path} {option['name']}", option)


@pytest.fixture(scope="module")
def commands() -> Mapping[tuple[str, str], Payload]:
    """Edition and command → options, of what the Discord process makes of the schema."""
    sets = CommandSets(Schema.model_validate(schema()))
    tree = app_commands.CommandTree(discord.Client(intents=discord.Intents.none()))
    return {
        (edition, path): options
        for edition in DEFAULT
        for payload in descriptions.for_server(sets.of(edition), tree)
        for path, options in leaves(payload["name"], payload)
    }


def assert_same(slash: Payload, option: Option) -> None:
    """Of one option that is not two."""
    assert slash["description"] == option.text
    assert bool(slash.get("required")) == option.required
    if isinstance(option, Whole):
        assert (slash["type"], slash["min_value"], slash["max_value"]) == (INTEGER, option.low, option.high)
    elif isinstance(option, Flag):
        assert slash["type"] == BOOLEAN
    elif isinstance(option, Choice) and not option.free_text:
        offered = {choice["value"]: choice["name"] for choice in slash["choices"]}
        assert offered == dict(option.choices)
    else:
        assert slash["type"] == TEXT


def assert_offered(options: Payload, option: Option) -> None:
    if not isinstance(option, SheetWhole):
        assert_same(options[option.slash or option.name], option)
        return
    flag, number = options[option.slash or option.name], options[option.number]
    assert (flag["type"], flag["description"]) == (BOOLEAN, option.text)
    assert (number["min_value"], number["max_value"]) == (option.low, option.high)
    assert number["description"] == option.number_text


@pytest.mark.parametrize(("system", "option"), ROLLS)
def test_slash_commands_of_rolls(commands: Any, system: System, option: Option) -> None:
    """Case PLAY-14, with the walks through the API and the page below."""
    groups = [(system.edition, system.group)] if system.edition else [(o.edition, o.group) for o in EDITIONS]
    for edition, group in groups:
        for name in system.commands:
            if option.only in ("", name):
                assert_offered(commands[edition, f"{group} {name}"], option)


@pytest.mark.parametrize(("slug", "option"), CHECKS)
def test_slash_commands_of_checks(commands: Any, slug: str, option: Option) -> None:
    kind = KINDS[slug]
    edition = kind.edition or SYSTEMS[kind.system].edition
    if option.editions and edition not in option.editions:
        # The order of the 5th edition is rolled in a conflict alone.
        assert_same(commands[edition, "init roll"][option.name], option)
        return
    assert_offered(commands[edition, BY_HAND.get(slug, kind.command)], option)


def test_conflicts_take_the_numbers_of_an_initiative(commands: Any) -> None:
    """Both take their ranges from the contract."""
    options = declared(KINDS["initiative"].options)
    for command in ("init roll", "init reroll"):
        for name in ("rating", "modifier", "extra_actions"):
            option, slash = options[name], commands["20th", command][options[name].slash or name]
            assert isinstance(option, Whole)
            assert (slash["min_value"], slash["max_value"]) == (option.low, option.high)


def wrong_values(option: Option) -> list[Any]:
    if isinstance(option, Whole):
        return [option.low - 1, option.high + 1, "many"]
    if isinstance(option, Flag):
        return ["maybe", 1]
    if isinstance(option, Choice):
        return ["x" * 60, 1]
    assert isinstance(option, Text)
    return ["x" * (option.max_length + 1), *([] if isinstance(option, Pool) else [1])]


def right_values(option: Option) -> list[Any]:
    if isinstance(option, Whole):
        return [option.low, option.high]
    if isinstance(option, Choice):
        return list(option.choices)
    return [True, False] if isinstance(option, Flag) else []


def post(client: Client, path: str, body: Mapping[str, Any]) -> Any:
    return client.post(f"/api/{path}/", body, content_type="application/json").json()


def fields(answer: Any) -> Any:
    return answer.get("fields") or {}


@pytest.mark.parametrize(("system", "option"), ROLLS)
def test_the_api_and_the_page_of_rolls(
    world: World, browser: Browser, system: System, option: Option
) -> None:
    mira, pool = browser("mira"), POOLS.get(system.slug, 30)
    for value in right_values(option):
        body = {"system": system.slug, "pool": pool, "options": {option.name: value}}
        found = fields(post(mira, "odds", body)).get(option.name)
        # Nobody's sheet says anything here.
        assert found is None or value is True or "character" in " ".join(found)
    for value in wrong_values(option):
        body = {"system": system.slug, "pool": pool, "options": {option.name: value}}
        assert fields(post(mira, "odds", body)) == {option.name: [option.problem(value)]}
        query = {"system": system.slug, "pool": pool, f"o-{option.name}": str(value)}
        typed = option.typed(str(value))
        if option.problem(typed):
            text = html.unescape(mira.get("/odds/", query).content.decode())
            assert re.search(rf'id="o-{option.name}-problem">([^<]+)<', text)
            assert option.problem(typed) in text


@pytest.mark.parametrize(("slug", "option"), CHECKS)
def test_the_api_and_the_page_of_checks(world: World, browser: Browser, slug: str, option: Option) -> None:
    kind: Kind[Any] = KINDS[slug]
    mira = browser("mira")
    of_editions = option.editions or ("5th", "20th")
    splat = next(splat for splat in splats_for(kind) if SPLATS[splat].edition in of_editions)
    sheet: Character = make(world, "Night Owl", splat=splat)
    whose = {"character": str(sheet.id), "check": slug}
    for value in right_values(option):
        options = {**NEEDED.get(slug, {}), option.name: value}
        assert option.name not in fields(post(mira, "rolls/check", {**whose, "options": options})), value
    for value in wrong_values(option):
        options = {**NEEDED.get(slug, {}), option.name: value}
        found = fields(post(mira, "rolls/check", {**whose, "options": options}))
        assert found == {option.name: [option.problem(value)]}
        typed = option.typed(str(value))
        if option.problem(typed):
            form = {**NEEDED.get(slug, {}), "check": slug, option.name: str(value), "key": f"k{value}"[:40]}
            url = f"/characters/{sheet.id}/dice/check/"
            text = html.unescape(mira.post(url, form, headers={"HX-Request": "true"}).content.decode())
            assert f'data-field="{option.name}"' in text
            assert option.problem(typed) in text
