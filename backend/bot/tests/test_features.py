"""What a server has switched off is refused by every door, in a sentence; and on again without a restart."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from chronicle.features import FEATURES
from chronicle.models import Server
from haven.tests.kit import make, sets
from testing.personas import DISCORD_IDS, GUILD, World, bot_body
from timeline.models import Event

ROLL: dict[str, Any] = {"system": "v5", "pool": 3}
MACRO: dict[str, Any] = {"name": "Claws", "pool": "strength + 2"}
REQUEST: dict[str, Any] = {"players": [DISCORD_IDS["mira"]], "pool": "3", "system": "v5"}
NEW: dict[str, Any] = {"splat": "vampire5th", "name": "Grey Fox", "changes": []}

BY_BOT: dict[str, list[tuple[str, str, dict[str, Any]]]] = {
    "characters": [("mira", "characters", NEW)],
    "dice": [
        ("mira", "rolls", ROLL),
        ("mira", "rolls", {**ROLL, "character": False}),
        ("mira", "rolls/check", {"check": "rouse"}),
    ],
    "odds": [("mira", "rolls/odds", ROLL), ("mira", "rolls/odds", {**ROLL, "character": False})],
    "macros": [("mira", "macros", MACRO)],
    "luck": [("mira", "luck", {}), ("mira", "luck", {"character": "Night Owl"})],
    "desk": [
        ("mira", "submissions", {"character": "Night Owl"}),
        ("vesna", "awards", {"characters": ["Night Owl"], "amount": 1, "reason": "Session 1"}),
        ("vesna", "notes", {"title": "Sire"}),
    ],
    "requests": [("vesna", "roll-requests", REQUEST)],
    "conflicts": [("vesna", "conflicts", {"kind": "5th"}), ("vesna", "conflicts/time", {"passed": "scene"})],
    "sessions": [("vesna", "sessions", {"title": "Ashes", "planned_for": "2030-01-04T19:30+01:00"})],
    "boards": [("mira", "progress/boards", {"board": "server"})],
}
BY_WEB: dict[str, tuple[str, str, dict[str, Any]]] = {
    "characters": ("mira", "/api/characters/", NEW),
    "dice": ("mira", "/api/rolls/", ROLL),
    "odds": ("mira", "/api/odds/", ROLL),
}


@pytest.fixture(autouse=True)
def owl(world: World) -> Any:
    return make(world, operations=sets(strength=3, brawl=2, hunger=2))


def switch(bot: APIClient, switches: dict[str, Any], who: str = "olga") -> Any:
    return bot.patch(f"/bot/servers/{GUILD}", bot_body(who, features=switches), format="json")


def refused(answer: Any, slug: str) -> None:
    body = answer.json()
    assert (answer.status_code, body["code"], body["feature"]) == (403, "feature_off", slug)
    assert FEATURES[slug].label in body["detail"]
    assert "Night Court" in body["detail"]


def test_every_feature_is_tried() -> None:
    assert BY_BOT.keys() == FEATURES.keys()


@pytest.mark.req("S000-40")
@pytest.mark.parametrize("slug", FEATURES)
def test_switched_off_it_is_refused_and_on_again_it_works(world: World, bot: APIClient, slug: str) -> None:
    assert switch(bot, {slug: False}).status_code == 200
    before = Event.objects.count()
    for who, path, more in BY_BOT[slug]:
        refused(bot.post(f"/bot/{path}", bot_body(who) | more, format="json"), slug)
    assert Event.objects.count() == before
    assert switch(bot, {slug: True}).status_code == 200
    for who, path, more in BY_BOT[slug]:
        assert bot.post(f"/bot/{path}", bot_body(who) | more, format="json").status_code < 300


@pytest.mark.req("S000-40")
@pytest.mark.parametrize("slug", BY_WEB)
def test_the_web_obeys_as_well(world: World, bot: APIClient, browser: Any, owl: Any, slug: str) -> None:
    who, path, body = BY_WEB[slug]
    switch(bot, {slug: False})
    about = {} if slug == "characters" else {"character": str(owl.id)}
    given = {**body, "chronicle": str(world.chronicle.pk), **about}
    refused(browser(who).post(path, given, content_type="application/json"), slug)


@pytest.mark.parametrize("slug", ["dice", "macros"])
def test_a_macro_kept_before_rolls_no_more(world: World, bot: APIClient, slug: str) -> None:
    assert bot.post("/bot/macros", bot_body("mira") | MACRO, format="json").status_code == 201
    switch(bot, {slug: False})
    refused(bot.post("/bot/macros/run", bot_body("mira", macro="Claws"), format="json"), slug)


def test_a_roll_made_before_is_not_rolled_again(world: World, bot: APIClient) -> None:
    made = bot.post("/bot/rolls", bot_body("mira") | ROLL, format="json").json()["roll"]
    switch(bot, {"dice": False})
    body = bot_body("mira", roll=made["id"], dice=[0])
    refused(bot.post("/bot/rolls/reroll", body, format="json"), "dice")


def test_other_places_go_on(world: World, bot: APIClient) -> None:
    switch(bot, {"dice": False})
    nobodys = {**ROLL, "character": False}
    assert bot.post("/bot/rolls", bot_body("mira", guild=None) | nobodys, format="json").status_code == 201


@pytest.mark.parametrize("who", ["vesna", "mira"])
def test_only_who_manages_the_server_switches(world: World, bot: APIClient, who: str) -> None:
    answer = switch(bot, {"dice": False}, who)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    assert Server.objects.get(pk=world.server.pk).features == {}


@pytest.mark.parametrize("switches", [{"magic": False}, {"dice": "no"}, {"dice": None}])
def test_what_cannot_be_switched_is_named(world: World, bot: APIClient, switches: dict[str, Any]) -> None:
    answer = switch(bot, switches)
    assert answer.status_code == 400
    assert "features" in answer.json()["fields"]


def test_the_card_tells_and_the_timeline_keeps(world: World, bot: APIClient) -> None:
    features = switch(bot, {"luck": False}).json()["server"]["features"]
    assert [(feature["slug"], feature["on"]) for feature in features] == [
        (slug, feature.is_on and slug != "luck") for slug, feature in FEATURES.items()
    ]
    event = Event.objects.filter(entity="server", entity_id=world.server.pk).order_by("seq").last()
    assert event is not None
    assert event.changes == {"features": [{}, {"luck": False}]}


@pytest.mark.req("S000-70")
def test_a_key_that_is_no_feature_is_kept(world: World, bot: APIClient) -> None:
    Server.objects.filter(pk=world.server.pk).update(features={"later": {"more": 1}})
    switch(bot, {"dice": False})
    assert Server.objects.get(pk=world.server.pk).features == {"later": {"more": 1}, "dice": False}
