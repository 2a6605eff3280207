"""In a channel that a chronicle is bound to, completion and naming go by that chronicle."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from chronicle.models import Chronicle
from chronicle.services import bind_channel, create_chronicle
from haven.models import Character
from haven.tests.kit import make, sets
from testing.personas import DISCORD_IDS, GUILD, SYSTEM, TABLE_CHANNEL, TRACKER_CHANNEL, World, bot_body


@pytest.fixture
def story(world: World) -> Chronicle:
    by = {"principal": world.principal("olga"), "cause": SYSTEM}
    made = create_chronicle(world.server, "Second Story", **by)
    bind_channel(world.server, TABLE_CHANNEL, made, **by)
    return Chronicle.objects.select_related("server").get(pk=made.pk)


@pytest.fixture
def hawk(world: World, story: Chronicle) -> Character:
    """Played in the story of the channel; the owl beside it is played in the server's default chronicle."""
    make(world, "Night Owl", operations=sets(strength=2))
    return make(world, "Tawny Hawk", chronicle=story, operations=sets(strength=4))


def read(bot: APIClient, path: str, channel: str = TABLE_CHANNEL, **query: str) -> Any:
    whole = {"actor": DISCORD_IDS["mira"], "guild": GUILD, "channel_id": channel, **query}
    answer = bot.get(f"/bot/{path}", {name: value for name, value in whole.items() if value})
    assert answer.status_code == 200, answer.json()
    return answer.json()["results"]


def test_a_pool_is_completed_from_the_sheet_of_the_channel(bot: APIClient, hawk: Character) -> None:
    assert read(bot, "pool", q="stren")[0]["label"] == "Strength (4)"
    # Elsewhere both would fit, and none is meant.
    assert read(bot, "pool", TRACKER_CHANNEL, q="stren") == []
    assert read(bot, "pool", "", q="stren") == []


def test_traits_are_those_of_the_sheet_of_the_channel(bot: APIClient, hawk: Character) -> None:
    assert read(bot, "characters/traits", q="strength")[0]["now"] == "4 of 5"


def test_macros_are_those_of_the_sheet_of_the_channel(bot: APIClient, hawk: Character) -> None:
    body = bot_body("mira") | {"character": str(hawk.id), "name": "Claws", "pool": "strength"}
    assert bot.post("/bot/macros", body, format="json").status_code == 201
    assert [macro["name"] for macro in read(bot, "macros")] == ["Claws"]
    assert read(bot, "macros", TRACKER_CHANNEL) == []


def test_names_of_the_channel_come_first(bot: APIClient, hawk: Character) -> None:
    assert [character["name"] for character in read(bot, "characters")] == ["Tawny Hawk", "Night Owl"]
    assert [character["name"] for character in read(bot, "characters", "")] == ["Night Owl", "Tawny Hawk"]
    # What begins with the letters goes before where it is played.
    assert [character["name"] for character in read(bot, "characters", q="n")] == ["Night Owl", "Tawny Hawk"]


def test_a_channel_of_another_server_means_nothing_here(bot: APIClient, hawk: Character) -> None:
    names = [character["name"] for character in read(bot, "characters", "720000000000000099")]
    assert names == ["Night Owl", "Tawny Hawk"]


def test_what_is_no_channel_is_refused(bot: APIClient, world: World) -> None:
    query = {"actor": DISCORD_IDS["mira"], "guild": GUILD, "channel_id": "table"}
    answer = bot.get("/bot/characters", query)
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["channel_id"])


def test_the_desk_names_who_is_meant_in_the_channel(world: World, bot: APIClient, story: Chronicle) -> None:
    make(world, "Grey Fox", who="vesna")
    here = make(world, "Tawny Hawk", who="vesna", chronicle=story)
    note = bot_body("vesna", title="Watch her", text="", character="")
    answer = bot.post("/bot/notes", note, format="json")
    assert answer.status_code == 201, answer.json()
    listed = bot.post("/bot/notes/list", bot_body("vesna", character=str(here.id)), format="json").json()
    assert [note["title"] for note in listed["results"]] == ["Watch her"]
