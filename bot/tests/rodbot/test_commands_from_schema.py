"""Slash commands made from the schema: every kind of option, and everything within Discord's limits."""

import re
from collections.abc import Iterator
from typing import Any

import discord
import pytest
from discord import app_commands

from contract.characters import TraitChange
from contract.schema import FieldSchema, Schema, SplatSchema, TraitSchema
from rodbot.characters.trait_options import relative
from rodbot.command_sets import CommandSets
from rodbot.core import descriptions
from tests.rodbot.contract import SCHEMA, VAMPIRE, integer, schema, splat, trait


def field(name: str, kind: str, **values: Any) -> FieldSchema:
    return FieldSchema.model_validate(
        {"path": name, "name": name, "label": name.capitalize(), "type": kind, **values}
    )


ODD = splat(
    "odd5th",
    "Odd",
    "odd",
    trait("despair", field("despair", "boolean")),
    trait("form", field("form", "choice", choices=["Homid", "Lupus"])),
    trait("tribe", field("tribe", "choice", choices=[f"Tribe {n}" for n in range(60)])),
    trait("clan", field("clan", "choice", choices=["Brujah"], free_text=True)),
    trait("motto", field("motto", "text", max_length=6000)),
    trait("class", field("class", "text", max_length=20)),
    trait("size", integer("size", 1, 20, adjust=False)),
    trait("experience", integer("experience.total", 0, 1000)),
)
LONG = "Long words " * 20
MANY = splat(
    "many5th",
    "Many",
    "many",
    *(trait(f"t{n}", integer(f"a_trait_with_a_long_name_{n:03}", 0, 5, description=LONG)) for n in range(60)),
)


def sibling(slug: str, label: str, *more: TraitSchema, edition: str = "5th") -> SplatSchema:
    health = trait("health", integer("health.total", 1, 20, required=True))
    return splat(slug, label, "mortal", health, *more, edition=edition)


MORTALS = [
    sibling("human5th", "Human"),
    sibling("ghoul5th", "Ghoul", trait("hunger", integer("hunger", 0, 5))),
]
OLD = sibling("human20th", "Human", trait("blood", integer("blood", 0, 10)), edition="20th")
ALL = schema(VAMPIRE, ODD, MANY, *MORTALS, OLD)


@pytest.fixture
async def tree() -> app_commands.CommandTree:
    return app_commands.CommandTree(discord.Client(intents=discord.Intents.none()))


def made(schema: Schema, tree: app_commands.CommandTree, edition: str = "5th") -> dict[str, Any]:
    sets = CommandSets(schema)
    return {payload["name"]: payload for payload in descriptions.for_server(sets.of(edition), tree)}


def options(payloads: dict[str, Any], group: str, command: str) -> dict[str, Any]:
    sub = next(o for o in payloads[group]["options"] if o["name"] == command)
    return {option["name"]: option for option in sub["options"]}


@pytest.mark.req("CARD-05")
def test_there_are_commands_for_characters(tree: app_commands.CommandTree) -> None:
    payloads = made(SCHEMA, tree)
    assert {o["name"] for o in payloads["vampire"]["options"]} == {"new", "set", "update"}
    wanted = {"sheet", "find", "default", "delete", "restore", "undo", "history", "move", "trait", "propose"}
    assert {o["name"] for o in payloads["character"]["options"]} == wanted


def test_new_takes_what_is_required_first(tree: app_commands.CommandTree) -> None:
    new = options(made(SCHEMA, tree), "vampire", "new")
    assert list(new)[:3] == ["name", "health", "humanity"]
    assert [o["required"] for o in new.values()][:4] == [True, True, True, False]
    assert new["health"]["min_value"] == 1
    assert new["health"]["max_value"] == 20
    assert "strength" not in new
    assert {"exp", "color", "image", "notes"} <= set(new)
    assert "player" not in new


def test_set_and_update_differ_in_range_and_in_what_they_steer(tree: app_commands.CommandTree) -> None:
    payloads = made(SCHEMA, tree)
    absolute, relative = options(payloads, "vampire", "set"), options(payloads, "vampire", "update")
    assert (absolute["hunger"]["min_value"], absolute["hunger"]["max_value"]) == (0, 5)
    assert (relative["hunger"]["min_value"], relative["hunger"]["max_value"]) == (-10, 10)
    assert "change_name" in absolute
    assert "change_name" not in relative
    assert "player" in relative
    assert "player" not in absolute
    assert absolute["name"]["autocomplete"]
    assert not absolute["name"]["required"]


def test_every_type_of_field_has_its_option(tree: app_commands.CommandTree) -> None:
    new = options(made(ALL, tree), "odd", "new")
    kinds = {name: option["type"] for name, option in new.items()}
    boolean, text, number = 5, 3, 4
    assert kinds["despair"] == boolean
    assert [c["value"] for c in new["form"]["choices"]] == ["Homid", "Lupus"]
    assert kinds["tribe"] == text
    assert new["tribe"]["autocomplete"]
    assert new["clan"]["autocomplete"]
    assert "choices" not in new["clan"]
    assert (new["motto"]["min_length"], new["motto"]["max_length"]) == (1, 1000)
    assert new["class"]["max_length"] == 20
    assert kinds["size"] == number
    update = options(made(ALL, tree), "odd", "update")
    assert "size" not in update, "a lasting number is for set"
    assert {"despair", "form", "tribe"} <= set(update)


def test_update_says_the_short_word_for_what_moves(tree: app_commands.CommandTree) -> None:
    pool = [
        integer("willpower.total", 1, 10, adjust=False, required=True),
        integer("willpower.current", 0, 10, update_name="willpower"),
    ]
    mage = sibling("mage5th", "Mage", trait("willpower", *pool))
    payloads = made(schema(mage), tree)
    assert {"willpower", "willpower_current"} <= set(options(payloads, "mortal", "set"))
    update = options(payloads, "mortal", "update")
    assert "willpower_current" not in update
    assert (update["willpower"]["min_value"], update["willpower"]["max_value"]) == (-20, 20)
    read = mage.tracker_fields[-1]
    change = relative(read)
    assert change
    assert change.change
    assert change.change(-1) == TraitChange(path="willpower.current", op="adjust", value=-1)


def test_experience_has_one_option_whatever_the_schema_says(tree: app_commands.CommandTree) -> None:
    new = options(made(ALL, tree), "odd", "new")
    assert [name for name in new if "exp" in name] == ["exp"]


def test_types_that_share_a_word_share_a_group(tree: app_commands.CommandTree) -> None:
    payloads = made(ALL, tree)
    new = options(payloads, "mortal", "new")
    assert [c["value"] for c in new["type"]["choices"]] == ["Human", "Ghoul"]
    assert new["type"]["required"]
    assert "hunger" in new
    assert "type" not in options(payloads, "mortal", "update")


def test_a_server_sees_the_commands_of_its_edition(tree: app_commands.CommandTree) -> None:
    old = made(ALL, tree, "20th")
    assert "vampire" not in old
    assert "blood" in options(old, "mortal", "new")
    assert "blood" not in options(made(ALL, tree), "mortal", "new")


def test_more_traits_than_options_are_cut_and_keep_the_steering_ones(tree: app_commands.CommandTree) -> None:
    update = options(made(ALL, tree), "many", "update")
    assert len(update) == 25
    assert {"name", "exp", "notes", "player"} <= set(update)


def test_direct_messages_offer_nothing_that_needs_a_server(tree: app_commands.CommandTree) -> None:
    sets = CommandSets(ALL)
    payloads = descriptions.for_direct_messages(sets.anywhere(), tree)
    assert "server" not in {p["name"] for p in payloads}
    assert all(p["contexts"] == [1] for p in payloads)
    assert not [o for p in payloads for o in every_option(p) if o["name"] == "player"]


def test_in_direct_messages_every_edition_has_its_own_word(tree: app_commands.CommandTree) -> None:
    payloads = {p["name"]: p for p in descriptions.for_direct_messages(CommandSets(ALL).anywhere(), tree)}
    assert "type" in options(payloads, "mortal", "new")
    assert "blood" in options(payloads, "mortal20", "new")
    assert "20th" in payloads["mortal20"]["description"]
    assert len([name for name in payloads if name == "character"]) == 1


def every_option(payload: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for option in payload.get("options", ()):
        yield option
        yield from every_option(option)


MENUS = (2, 3)  # on a person, on a message
NAME = re.compile(r"[-_'\w]{1,32}")


def test_everything_is_within_discords_limits(tree: app_commands.CommandTree) -> None:
    """A walk over every command of every edition and of direct messages."""
    sets = CommandSets(ALL)
    everywhere = [descriptions.for_server(sets.of(edition), tree) for edition in sets.editions]
    for payloads in [*everywhere, descriptions.for_direct_messages(sets.anywhere(), tree)]:
        assert len(payloads) <= 100
        assert len({p["name"] for p in payloads}) == len(payloads)
        for payload in payloads:
            _check(payload)
            assert _weight(payload) <= 8000


def _check(payload: dict[str, Any]) -> None:
    if payload.get("type") in MENUS and "description" not in payload:
        assert 1 <= len(payload["name"]) <= 32
        return
    assert NAME.fullmatch(payload["name"]), payload["name"]
    assert payload["name"] == payload["name"].lower()
    assert 1 <= len(payload["description"]) <= 100, payload
    inside = payload.get("options") or []
    assert len(inside) <= 25
    assert len({o["name"] for o in inside}) == len(inside)
    required = [o.get("required", False) for o in inside]
    assert required == sorted(required, reverse=True), "required options stand first"
    for option in inside:
        _check(option)
        choices = option.get("choices") or []
        assert len(choices) <= 25
        assert all(1 <= len(c["name"]) <= 100 and len(str(c["value"])) <= 100 for c in choices)
        assert not (choices and option.get("autocomplete"))
        if option["type"] == 3:
            assert 0 <= option.get("min_length", 0) <= option.get("max_length", 6000) <= 6000


def _weight(payload: dict[str, Any]) -> int:
    own = len(payload["name"]) + len(payload.get("description", ""))
    own += sum(len(c["name"]) + len(str(c["value"])) for c in payload.get("choices") or [])
    return own + sum(_weight(option) for option in payload.get("options") or [])


def test_a_command_set_is_known_again_in_discords_words(tree: app_commands.CommandTree) -> None:
    """Discord sends back ids, nulls and defaults; that is still the same set."""
    payloads = descriptions.for_server(CommandSets(ALL).of("5th"), tree)
    theirs = [_as_discord_says(p) for p in reversed(payloads)]
    assert descriptions.digest(theirs) == descriptions.digest(payloads)


def _as_discord_says(payload: dict[str, Any]) -> dict[str, Any]:
    extra = {"id": "1", "version": "2", "name_localizations": None, "contexts": None, "dm_permission": True}
    known = {k: v for k, v in payload.items() if v not in (None, []) and v is not False}
    if "options" in known:
        known["options"] = [_as_discord_says(o) for o in known["options"]]
    if isinstance(known.get("min_value"), int):
        known["min_value"] = float(known["min_value"])
    return {**extra, **known}


@pytest.mark.parametrize("key", ["description", "max_value"])
def test_a_command_set_that_differs_is_noticed(tree: app_commands.CommandTree, key: str) -> None:
    payloads = descriptions.for_server(CommandSets(SCHEMA).of("5th"), tree)
    before = descriptions.digest(payloads)
    next(o for o in every_option(payloads[0]) if key in o)[key] = "other" if key == "description" else 99
    assert descriptions.digest(payloads) != before


def test_a_smallest_value_of_zero_is_a_difference(tree: app_commands.CommandTree) -> None:
    payloads = descriptions.for_server(CommandSets(SCHEMA).of("5th"), tree)
    before = descriptions.digest(payloads)
    del next(o for o in every_option(payloads[0]) if o.get("min_value") == 0)["min_value"]
    assert descriptions.digest(payloads) != before
