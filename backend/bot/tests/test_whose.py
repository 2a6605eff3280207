"""Who rolls where nobody is named: nobody's dice are those of the edition, and several characters are a question."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from chronicle.models import Server
from haven.tests.kit import make
from testing.personas import DISCORD_IDS, World, bot_body

EDITIONS = [("5th", "v5"), ("20th", "wod20"), ("cod", "cod")]


def post(bot: APIClient, path: str, who: str, **body: Any) -> Any:
    return bot.post(f"/bot/{path}", bot_body(who) | body, format="json")


def plays(world: World, edition: str) -> None:
    Server.objects.filter(pk=world.server.pk).update(edition=edition)


@pytest.mark.parametrize(("edition", "system"), EDITIONS)
@pytest.mark.parametrize("path", ["rolls", "rolls/odds"])
def test_play_40_without_a_character_the_edition_decides(
    world: World, bot: APIClient, edition: str, system: str, path: str
) -> None:
    plays(world, edition)
    answer = post(bot, path, "jonas", pool=5).json()
    assert answer.get("roll", answer)["system"] == system


def asked(world: World, bot: APIClient, **more: Any) -> str:
    given = {"players": [DISCORD_IDS["jonas"]], "pool": 6, **more}
    answer = post(bot, "roll-requests", "vesna", **given)
    assert answer.status_code == 201, answer.json()
    return str(answer.json()["request"]["id"])


@pytest.mark.parametrize(("edition", "system"), EDITIONS)
def test_play_39_who_has_no_character_answers_with_the_dice_of_the_edition(
    world: World, bot: APIClient, edition: str, system: str
) -> None:
    plays(world, edition)
    answer = post(bot, "roll-requests/answer", "jonas", request=asked(world, bot))
    assert answer.json()["roll"]["system"] == system
    assert answer.json()["roll"]["pool"]["dice"] == 6


def test_play_39_who_has_three_is_asked_which(world: World, bot: APIClient) -> None:
    owls = [make(world, name, who="jonas") for name in ("Wren", "Rook", "Jay")]
    request = asked(world, bot)
    refused = post(bot, "roll-requests/answer", "jonas", request=request)
    assert (refused.status_code, refused.json()["code"]) == (409, "ambiguous")
    assert {row["name"] for row in refused.json()["characters"]} == {"Wren", "Rook", "Jay"}
    answer = post(bot, "roll-requests/answer", "jonas", request=request, character=str(owls[1].pk))
    assert answer.json()["roll"]["name"] == "Rook"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("rolls", {"pool": 5}),
        ("rolls", {"pool": "strength + brawl", "system": "v5"}),
        ("rolls/odds", {"pool": 5}),
        ("rolls/check", {"check": "rouse"}),
    ],
)
def test_play_41_two_that_fit_are_a_question(
    world: World, bot: APIClient, path: str, body: dict[str, Any]
) -> None:
    make(world, "Wren", who="jonas")
    chosen = make(world, "Rook", who="jonas")
    refused = post(bot, path, "jonas", **body)
    assert (refused.status_code, refused.json()["code"]) == (409, "ambiguous")
    assert post(bot, path, "jonas", character=str(chosen.pk), **body).status_code in (200, 201)
    if path == "rolls":
        nobody = post(bot, path, "jonas", character=False, system="v5", pool=5)
        assert nobody.json()["roll"]["character"] is None


def test_play_41_any_dice_need_no_sheet(world: World, bot: APIClient) -> None:
    for name in ("Wren", "Rook"):
        make(world, name, who="jonas")
    answer = post(bot, "rolls", "jonas", pool="3d6", system="general")
    assert answer.status_code == 201
    assert answer.json()["roll"]["character"] is None
