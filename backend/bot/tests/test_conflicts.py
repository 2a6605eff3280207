"""Conflicts over the bot API: of the channel, each call once, with exactly the actor's rights."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from conflicts.models import Conflict
from haven.tests.kit import make, sets
from testing.personas import TABLE_CHANNEL, TRACKER_CHANNEL, World, bot_body
from timeline import message_links
from timeline.models import Event

pytestmark = pytest.mark.django_db(transaction=True)


def send(
    bot: APIClient, who: str, path: str, key: str = "", channel: str = TABLE_CHANNEL, **body: Any
) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    asked = bot_body(who) | {"channel_id": channel} | body
    return bot.post(f"/bot/conflicts{'/' + path if path else ''}", asked, format="json", headers=headers)


@pytest.mark.req("S004-34")
def test_a_conflict_of_the_channel(world: World, bot: APIClient) -> None:
    make(world, "Owl", splat="vampire20th", operations=sets(dexterity=3, wits=3))
    assert send(bot, "mira", "get").json()["code"] == "no_conflict"
    refused = send(bot, "mira", "", kind="20th")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    begun = send(bot, "vesna", "", kind="20th", title="Elysium burns")
    assert begun.status_code == 201, begun.json()
    row = begun.json()["conflict"]
    assert (row["channel_id"], row["phase"], row["rights"]["run"]) == (TABLE_CHANNEL, "gather", True)
    again = send(bot, "vesna", "", kind="20th")
    assert (again.status_code, again.json()["conflict"]) == (409, row["id"])
    rolled = send(bot, "mira", "roll", name="owl", modifier=2).json()
    assert rolled["conflict"]["participants"][0]["id"] == rolled["participant"]
    assert rolled["conflict"]["participants"][0]["roll"]["rating"] == 6
    assert send(bot, "jonas", "roll", name="Rat").json()["code"] == "no_rating"
    assert send(bot, "mira", "move", move="reveal").status_code == 403
    assert send(bot, "vesna", "move", move="reveal", mark=row["mark"]).status_code == 200
    stale = send(bot, "vesna", "move", move="reveal", mark=row["mark"])
    assert (stale.status_code, stale.json()["code"], stale.json()["conflict"]) == (409, "moved_on", row["id"])
    assert send(bot, "vesna", "get", channel=TRACKER_CHANNEL).json()["code"] == "no_conflict"
    listed = send(bot, "mira", "list").json()["results"]
    assert [conflict["id"] for conflict in listed] == [row["id"]]


def test_a_press_that_comes_twice_counts_once(world: World, bot: APIClient) -> None:
    send(bot, "vesna", "", kind="cod")
    first = send(bot, "mira", "roll", key="press", name="Rat", rating=3).json()
    assert send(bot, "mira", "roll", key="press", name="Rat", rating=3).json() == first
    assert Event.objects.filter(type="conflict.rolled").count() == 1


def test_a_storyteller_acts_for_an_absent_player(world: World, bot: APIClient) -> None:
    make(world, "Owl", splat="vampire20th")
    send(bot, "vesna", "", kind="20th")
    player = world.mira.discord_id
    assert send(bot, "jonas", "roll", name="Owl", player=player).status_code == 403
    done = send(bot, "vesna", "roll", name="Owl", player=player)
    assert done.json()["conflict"]["participants"][0]["user"]["name"] == "Mira"
    event = Event.objects.filter(type="conflict.rolled").get()
    assert (event.actor, event.subject["for"]["name"]) == (world.vesna, "Mira")


def test_effects_and_time(world: World, bot: APIClient) -> None:
    send(bot, "vesna", "", kind="5th")
    send(bot, "mira", "join", name="Owl")
    made = send(bot, "mira", "effect", text="Blinded", until="turns", turns=2, participant="Owl").json()
    assert made["conflict"]["effects"][0]["label"] == "2 more turns"
    send(bot, "vesna", "effect", text="Smoke", until="scene")
    passed = send(bot, "vesna", "time", passed="scene").json()
    assert [effect["text"] for effect in passed["ended"]] == ["Smoke"]
    left = send(bot, "mira", "lift", effect=made["effect"]).json()
    assert left["conflict"]["effects"] == []


def test_its_message_is_kept(world: World, bot: APIClient) -> None:
    row = send(bot, "vesna", "").json()["conflict"]
    place = {"kind": "conflict", "id": row["id"], "channel": TABLE_CHANNEL, "message": "740000000000000009"}
    kept = bot.put("/bot/messages", bot_body("vesna") | place, format="json")
    assert kept.status_code == 200, kept.json()
    pk = Conflict.objects.get().id
    assert message_links.by_entity([pk])[pk].message_id == "740000000000000009"


STEPS = {
    "roll": {"name": "Sam", "rating": 1},
    "join": {"name": "Sam"},
    "declare": {"action": "x"},
    "move": {"move": "end"},
    "change": {"participant": "x", "changes": {}},
    "leave": {},
    "effect": {"text": "x", "until": "scene"},
    "lift": {"effect": "x"},
}


@pytest.mark.parametrize("path", STEPS)
def test_strangers_and_nobody_find_no_conflict(world: World, bot: APIClient, path: str) -> None:
    row = send(bot, "vesna", "").json()["conflict"]
    body = bot_body("sam") | {"guild": None, "channel_id": None, "conflict": row["id"]}
    answer = bot.post(f"/bot/conflicts/{path}", body | STEPS[path], format="json")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert Event.objects.filter(entity_id=row["id"]).count() == 1


def test_a_field_that_is_unknown_is_refused_by_name(world: World, bot: APIClient) -> None:
    answer = send(bot, "vesna", "", kind="5th", titel="Ambush")
    assert (answer.status_code, answer.json()["fields"]) == (
        400,
        {"titel": ["There’s no field “titel” here."]},
    )
