"""Everything that the OpenAPI document describes, asked in every way that fits it and in many that do not."""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import strategies as st
from rest_framework.test import APIClient
from schemathesis.specs.openapi import checks

from haven.tests.kit import change, make, sets
from haven.tests.strategies import NAMES, as_json, operations
from testing.fuzzing import assert_sane, described, tries
from testing.personas import DISCORD_IDS, GUILD, NARRATOR, OTHER_GUILD, TABLE_CHANNEL, World, bot_body

schema = described("bot")
# These two ask for more than a description can hold: what a trait takes, and who may do what, is in the rules.
BEYOND = [checks.negative_data_rejection, checks.positive_data_acceptance, checks.ignored_auth]
PEOPLE = ["mira", "vesna", "olga", "jonas", "sam"]
GUILDS = [GUILD, GUILD, OTHER_GUILD, "790000000000000001", "99999999999999999999"]
LIKELY = {
    "splat": ["vampire5th", None, "", "vampire5th,x\x00"],
    "name": NAMES,
    "character": [None, "Owl", "owl", "Bat", "🦉", "\x00"],
    "player": [None, DISCORD_IDS["jonas"], "1"],
    "base_version": [None, 1, 2, 10**30],
    "event": [None, "x"],
    "url": ["http://127.0.0.1:1/a.png", "https://[", "http://127.0.0.1:1/\x00", "https://cdn\u2100.example/"],
    "tracker_channel": [None, TABLE_CHANNEL, "1"],
    "storyteller_roles": [[NARRATOR], ["1"], []],
    "owner_id": [*DISCORD_IDS.values()],
    "roles": [[{"id": NARRATOR, "name": "🦉", "permissions": "8"}], []],
    "channels": [[{"id": TABLE_CHANNEL, "name": "\x00", "type": 0}], []],
    "members": [
        [
            {"id": DISCORD_IDS["sam"], "username": "🐺", "roles": [NARRATOR]},
            {"id": "1", "username": "x" * 999},
        ]
    ],
}


@pytest.fixture
def ids(world: World) -> list[str]:
    """Characters with something to take back."""
    characters = [
        make(world, name, who=who) for name, who in (("Owl", "mira"), ("Bat", "jonas"), ("🦉", "mira"))
    ]
    for character in characters:
        change(world, character, *sets(hunger=3), who="root")
    return [str(character.id) for character in characters]


def make_likely(case: Any, data: Any, ids: list[str]) -> None:
    """Random people are nobody: mostly, put in those that are there, and what they might mean."""
    if case.path_parameters and data.draw(st.integers(0, 3)):
        likely = {
            "guild_id": GUILDS,
            "user_id": [*DISCORD_IDS.values(), "0" * 20],
            "thread_id": [TABLE_CHANNEL, "0" * 20],
        }
        case.path_parameters = {
            name: data.draw(st.sampled_from(likely[name])) for name in case.path_parameters
        }
    if case.method == "GET" and data.draw(st.integers(0, 3)):
        more = {
            "guild": data.draw(st.sampled_from(GUILDS)),
            "page": data.draw(st.sampled_from(["0", "9" * 5000, "x"])),
        }
        case.query = (case.query or {}) | {"actor": DISCORD_IDS[data.draw(st.sampled_from(PEOPLE))]} | more
    if isinstance(case.body, dict) and data.draw(st.integers(0, 5)):
        _make_likely_body(case, data, ids)


def _make_likely_body(case: Any, data: Any, ids: list[str]) -> None:
    described = case.operation.body[0].definition["schema"] if case.operation.body else {}
    named = set(case.body) | set(described.get("properties", {}))
    guild = data.draw(st.sampled_from([GUILD, GUILD, OTHER_GUILD, None]))
    if "actor" in named:
        case.body |= bot_body(data.draw(st.sampled_from(PEOPLE)), guild=guild, command="/fuzz \x00🦉")
    for name, values in LIKELY.items():
        if name in case.body and data.draw(st.integers(0, 3)):
            case.body[name] = data.draw(st.sampled_from([*values, *(ids if name == "character" else [])]))
    if "changes" in case.body:
        case.body["changes"] = [as_json(operation) for operation in data.draw(operations())]


@schema.given(data=st.data())
@schema.parametrize()
@tries(7)
def test_every_call_answers_as_described(
    case: Any, data: Any, bot: APIClient, ids: list[str], in_process: None, settings: Any
) -> None:
    settings.DISCORD_CDN = "http://127.0.0.1:1"
    make_likely(case, data, ids)
    with transaction.atomic():
        response = case.call(headers={"Authorization": f"Api-Key {settings.API_KEYS[0]}"})
        transaction.set_rollback(True)
    content_type = response.headers.get("content-type", [""])[0]
    assert_sane(response.status_code, {"Content-Type": content_type}, response.content)
    case.validate_response(response, excluded_checks=BEYOND)


@pytest.mark.req("S004-33")
@schema.parametrize()
@tries(2)
def test_nothing_answers_without_the_key(case: Any, world: World, in_process: None) -> None:
    with transaction.atomic():
        response = case.call(headers={"Authorization": "Api-Key \x00🦉"[:9]})
        transaction.set_rollback(True)
    assert response.status_code in (401, 404)
    assert_sane(response.status_code, {"Content-Type": response.headers["content-type"][0]}, response.content)
