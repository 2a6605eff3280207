"""A chronicle may play another edition than its server (cases DISC-04, DISC-07)."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from chronicle.models import Chronicle, Server
from chronicle.selectors import editions_played
from chronicle.services import archive, bind_channel, create_chronicle, update_server
from contract.chronicles import ChronicleChanges
from testing.community import change_chronicle
from testing.personas import GUILD, SYSTEM, TABLE_CHANNEL, TRACKER_CHANNEL, World, bot_body

pytestmark = pytest.mark.django_db


def by(world: World, name: str) -> dict[str, Any]:
    return {"principal": world.principal(name), "cause": SYSTEM}


@pytest.fixture
def ascension(world: World) -> Chronicle:
    made = create_chronicle(world.server, "The Ascension", edition="20th", **by(world, "olga"))
    return Chronicle.objects.select_related("server").get(pk=made.pk)


def played(world: World) -> tuple[str, ...]:
    return editions_played(Server.objects.filter(pk=world.server.pk))[world.server.pk]


def test_a_server_plays_the_editions_of_its_chronicles_the_main_one_first(
    world: World, ascension: Chronicle
) -> None:
    assert ascension.edition == "20th"
    assert world.chronicle.edition == "5th"
    create_chronicle(world.server, "God-Machine", edition="cod", **by(world, "olga"))
    assert played(world) == ("5th", "20th", "cod")
    update_server(world.server, {"edition": "20th"}, **by(world, "olga"))
    assert played(world) == ("20th", "cod")
    archive(ascension, True, **by(world, "olga"))
    assert played(world) == ("20th", "cod")


def test_an_archived_chronicle_needs_no_commands(world: World, ascension: Chronicle) -> None:
    archive(ascension, True, **by(world, "olga"))
    assert played(world) == ("5th",)


def test_null_is_the_servers_edition_and_what_is_left_out_stays(world: World, ascension: Chronicle) -> None:
    change_chronicle(ascension, {"name": "Ascension"}, **by(world, "olga"))
    assert Chronicle.objects.get(pk=ascension.pk).own_edition == "20th"
    change_chronicle(ascension, {"edition": None}, **by(world, "olga"))
    assert Chronicle.objects.select_related("server").get(pk=ascension.pk).edition == "5th"
    assert ChronicleChanges(edition=None).model_fields_set == {"edition"}


def test_a_conflict_and_a_roll_in_the_channel_go_by_its_chronicle(
    world: World, bot: APIClient, ascension: Chronicle
) -> None:
    bind_channel(world.server, TABLE_CHANNEL, ascension, **by(world, "olga"))
    begun = bot.post("/bot/conflicts", bot_body("olga"), format="json").json()
    assert begun["conflict"]["kind"] == "20th"
    body = bot_body("mira") | {"pool": 5, "character": False, "name": "Somebody"}
    assert bot.post("/bot/rolls/odds", body, format="json").json()["system"] == "wod20"
    body["channel_id"] = TRACKER_CHANNEL
    assert bot.post("/bot/rolls/odds", body, format="json").json()["system"] == "v5"


def test_the_process_lists_what_is_played_where(world: World, bot: APIClient, ascension: Chronicle) -> None:
    listed = bot.post("/bot/servers/list", {}, format="json").json()
    assert {"guild_id": GUILD, "editions": ["5th", "20th"]} in listed["results"]
    assert listed["next"] is None
    one = bot.post("/bot/servers/list", {"guild_id": GUILD}, format="json").json()
    assert one["results"] == [{"guild_id": GUILD, "editions": ["5th", "20th"]}]
    assert bot.post("/bot/servers/list", {"guild_id": "12345"}, format="json").json()["results"] == []
