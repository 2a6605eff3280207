"""What storytellers do with the public face of their chronicle: by page and by REST."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from chronicle.models import Server
from companion.models import Campaign, Roster
from companion.selectors.scene import scene
from companion.tests.kit import reread
from companion.tests.shows import Api
from haven.models import Character
from haven.tests.kit import make
from testing.pages import page_of
from testing.personas import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.engine]
Browser = Callable[[str], Client]


def here(world: World) -> str:
    return f"/chronicles/{world.chronicle.id}/campaign/"


def post(client: Client, path: str, **fields: str) -> Any:
    return client.post(path, {"key": str(uuid4()), "form": "x", **fields})


def test_a_storyteller_publishes_shows_and_takes_off_air_by_the_page(world: World, browser: Browser) -> None:
    owl = make(world)
    vesna, page = browser("vesna"), here(world)
    assert b"Not public" in vesna.get(page).content
    assert post(vesna, f"{page}publish/").status_code == 302
    campaign = Campaign.objects.get()
    assert campaign.is_public
    assert scene(campaign).characters == []
    post(vesna, f"{page}shown/", character=str(owl.pk), on="yes")
    post(vesna, f"{page}roster/", character=str(owl.pk), on="yes")
    shown = scene(reread(campaign))
    assert [one.name for one in shown.characters] == ["Night Owl"]
    assert shown.roster == [owl.pk]
    assert {gauge.path for gauge in shown.characters[0].stats.gauges} >= {"hunger", "health", "humanity"}
    assert b"Take off air" in vesna.get(page).content
    post(vesna, f"{page}shown/", character=str(owl.pk), on="no")
    assert scene(reread(campaign)).characters == []
    row = Character.objects.get()
    assert all(level > 0 for level in row.visibility.values())
    post(vesna, f"{page}change/", shows_rolls="no", shows_players="yes", shows_conflicts="yes", delay="7")
    row_of = Campaign.objects.get()
    assert (row_of.shows_rolls, row_of.shows_players, row_of.delay) == (False, True, 7)
    post(vesna, f"{page}unpublish/")
    assert not Campaign.objects.get().is_public


@pytest.mark.parametrize("who", ["mira", "jonas"])
def test_players_decide_nothing_about_it(world: World, browser: Browser, who: str) -> None:
    client, page = browser(who), here(world)
    assert client.get(page).status_code == 403
    for verb in ("publish", "unpublish", "change", "roster", "shown", "token"):
        assert post(client, f"{page}{verb}/", character="x", on="yes").status_code in (302, 403)
    assert not Campaign.objects.exists()


def test_a_token_is_shown_on_one_page_and_opens_the_api(
    world: World, browser: Browser, everybody: Api
) -> None:
    vesna, page = browser("vesna"), here(world)
    post(vesna, f"{page}publish/")
    answer = post(vesna, f"{page}token/")
    found = re.search(rb"admin_[\w-]+", answer.content)
    assert found is not None
    assert answer["Cache-Control"] == "no-store"
    assert b"admin_" not in vesna.get(page).content
    own = everybody.by(found[0].decode())
    at = f"/{Campaign.objects.get().pk}"
    owl = make(world)
    own.refused("PATCH", f"{at}/characters/{owl.pk}", {"stats": {}}, 404, "no_such_character")
    made = own.ok("POST", f"{at}/characters", {"name": "Aria"}, 201)
    own.ok("PATCH", f"{at}/roster", {"character_ids": [made["id"]]})
    assert Roster.objects.get().character_ids == [made["id"]]
    # A storyteller of this one chronicle, and nobody in the server.
    assert own("PATCH", at, {"name": "Night Court, on stage"}).status_code == 200


def test_rest_says_the_same(world: World, browser: Browser) -> None:
    vesna, at = browser("vesna"), f"/api{here(world)}"
    owl = make(world)

    def ask(method: str, path: str, body: Any) -> Any:
        return getattr(vesna, method)(f"{at}{path}", body, content_type="application/json")

    assert vesna.get(at).json()["is_public"] is False
    assert ask("post", "publish/", {}).json()["campaign"]["is_public"] is True
    assert ask("put", "shown/", {"character": "night owl", "on": True}).status_code == 200
    entries = ask("put", "roster/", {"character_ids": [str(owl.pk)]}).json()["campaign"]["characters"]
    assert (entries[0]["on_roster"], entries[0]["public"]) == (True, True)
    twice = ask("put", "roster/", {"character_ids": [str(owl.pk)] * 2})
    assert (twice.status_code, twice.json()["code"]) == (400, "duplicate_character")
    wrong = ask("patch", "", {"delay": 601})
    assert (wrong.status_code, list(wrong.json()["fields"])) == (400, ["delay"])


def test_a_campaign_of_the_api_is_claimed_once_with_its_token(
    world: World, browser: Browser, api: Api, made: dict[str, Any]
) -> None:
    aria = api.ok("POST", f"/{made['id']}/characters", {"name": "Aria"}, 201)
    sam, mira = browser("sam"), browser("mira")

    def claim(client: Client, token: str) -> Any:
        return client.post("/api/claim-campaign/", {"token": token}, content_type="application/json")

    assert claim(sam, "admin_nothing").status_code == 404
    assert claim(sam, made["admin_token"]).json()["campaign"]["name"] == "Curse of Strahd"
    server = Server.objects.get(chronicles__campaign__pk=made["id"])
    assert server.owner == world.sam
    assert Character.objects.get(pk=aria["id"]).owner == world.sam
    again = claim(mira, made["admin_token"])
    assert (again.status_code, again.json()["code"]) == (409, "campaign_claimed")
    assert claim(Client(), made["admin_token"]).status_code == 401
    page = page_of(sam.get(f"/chronicles/{server.chronicles.get().pk}/campaign/"))
    assert "Aria" in str(page)
    # Its token goes on working, until its storyteller gets another.
    assert api.ok("PATCH", f"/{made['id']}", {"name": "Ravenloft"})["name"] == "Ravenloft"
