"""`POST /api/characters/<id>/move/` and `POST /bot/characters/move`."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from chronicle.models import Chronicle
from chronicle.services import create_chronicle
from haven.models import Character
from haven.tests.kit import make
from testing.personas import DISCORD_IDS, SYSTEM, World, bot_body
from timeline.models import Event


@pytest.fixture
def story(world: World) -> Chronicle:
    return create_chronicle(world.server, "Second Story", principal=world.principal("olga"), cause=SYSTEM)


def post(world: World, who: str, character: Character, key: str = "", **body: Any) -> Any:
    client = APIClient()
    client.force_authenticate(getattr(world, who))
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(f"/api/characters/{character.id}/move/", body, format="json", headers=headers)


def test_over_rest_once_for_a_key(world: World, story: Chronicle) -> None:
    owl = make(world)
    first = post(world, "mira", owl, key="move", chronicle=str(story.pk))
    assert first.status_code == 200, first.json()
    assert first.json()["event"]["type"] == "character.moved"
    assert first.json()["character"]["chronicle"] == {"id": str(story.pk), "name": "Second Story"}
    assert first.json()["character"]["stream"] == f"chronicle:{story.pk}"
    assert post(world, "mira", owl, key="move", chronicle=str(story.pk)).json() == first.json()
    assert Event.objects.filter(type="character.moved").count() == 1


def test_a_storyteller_moves_it_for_its_player(world: World, story: Chronicle) -> None:
    owl = make(world)
    done = post(world, "vesna", owl, chronicle=str(story.pk), player=str(world.mira.pk)).json()
    assert (done["event"]["actor"]["name"], done["event"]["acting_for"]["name"]) == ("Vesna", "Mira")


def test_refusals_over_rest(world: World, story: Chronicle) -> None:
    owl = make(world)
    for who, chronicle, status, code in (
        ("jonas", str(story.pk), 403, "not_allowed"),
        ("sam", str(story.pk), 404, "not_found"),
        ("mira", str(world.other_chronicle.pk), 404, "not_found"),
        ("mira", str(owl.pk), 404, "not_found"),
        ("mira", None, 400, "invalid"),
        ("mira", "Second Story", 404, "not_found"),
    ):
        answer = post(world, who, owl, chronicle=chronicle)
        assert (answer.status_code, answer.json()["code"]) == (status, code), (who, answer.json())
    assert Character.objects.get(pk=owl.pk).chronicle_id == world.chronicle.pk


def test_over_the_bot_api_by_names(world: World, bot: APIClient, story: Chronicle) -> None:
    make(world)
    body = bot_body("mira", character="night owl", chronicle="second story")
    done = bot.post("/bot/characters/move", body, format="json", headers={"Idempotency-Key": "1"})
    assert done.status_code == 200, done.json()
    assert Character.objects.get().chronicle == story
    again = bot.post("/bot/characters/move", body, format="json", headers={"Idempotency-Key": "1"})
    assert again.json() == done.json()
    absent = bot_body("vesna", character="night owl", chronicle="night court", player=DISCORD_IDS["mira"])
    back = bot.post("/bot/characters/move", absent, format="json").json()
    assert back["event"]["acting_for"]["name"] == "Mira"
    unknown = bot_body("mira", character="night owl", chronicle="third story")
    assert bot.post("/bot/characters/move", unknown, format="json").status_code == 404
