"""Conflicts over the public API: the same verbs as in Discord."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from haven.tests.kit import make
from testing.personas import TABLE_CHANNEL, World
from timeline.models import Event

pytestmark = pytest.mark.django_db(transaction=True)
Browser = Callable[[str], Client]


def send(client: Client, url: str, key: str = "", **body: Any) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(f"/api/{url}", body, content_type="application/json", headers=headers)


def test_a_round_of_the_5th(world: World, browser: Browser) -> None:
    vesna, mira = browser("vesna"), browser("mira")
    place = f"chronicles/{world.chronicle.id}/conflicts/"
    assert send(mira, place).status_code == 403
    begun = send(vesna, place, title="Elysium burns", channel_id=TABLE_CHANNEL)
    assert begun.status_code == 201, begun.json()
    row = begun.json()["conflict"]
    assert (row["kind"], row["channel_id"]) == ("5th", TABLE_CHANNEL)
    url = f"conflicts/{row['id']}/"
    assert send(mira, f"{url}join/", name="Owl").status_code == 200
    assert send(vesna, f"{url}join/", name="Rat", hidden=True).status_code == 200
    assert send(mira, f"{url}join/", name="Cat", hidden=True).status_code == 403
    send(vesna, f"{url}move/", move="reveal")
    said = send(mira, f"{url}declare/", action="Shoots", category="ranged").json()["conflict"]
    assert [turn["name"] for turn in said["turns"]] == ["Owl"]
    assert said["categories"][1] == {"slug": "ranged", "label": "Ranged"}
    once = send(vesna, f"{url}move/", key="press", move="act").json()
    assert send(vesna, f"{url}move/", key="press", move="act").json() == once
    assert mira.get(f"/api/{url}").json()["conflict"]["current"]["name"] == "Owl"
    assert [conflict["id"] for conflict in mira.get(f"/api/{place}").json()["results"]] == [row["id"]]
    assert send(vesna, f"{place}time/", passed="scene").json() == {"ended": []}


def test_a_storyteller_acts_for_an_absent_player(world: World, browser: Browser) -> None:
    make(world, "Owl", splat="vampire20th")
    vesna, player = browser("vesna"), str(world.mira.id)
    row = send(vesna, f"chronicles/{world.chronicle.id}/conflicts/", kind="20th").json()["conflict"]["id"]
    assert send(browser("jonas"), f"conflicts/{row}/roll/", name="Owl", player=player).status_code == 403
    done = send(vesna, f"conflicts/{row}/roll/", name="Owl", player=player)
    assert done.json()["conflict"]["participants"][0]["user"]["name"] == "Mira"
    event = Event.objects.get(type="conflict.rolled")
    assert (event.actor, event.subject["for"]["name"]) == (world.vesna, "Mira")
    wrong = send(vesna, f"conflicts/{row}/leave/", participant="Owl", player=str(world.jonas.id))
    assert (wrong.status_code, list(wrong.json()["fields"])) == (400, ["player"])


def test_who_is_not_of_the_table_finds_nothing(world: World, browser: Browser) -> None:
    place = f"chronicles/{world.chronicle.id}/conflicts/"
    row = send(browser("vesna"), place).json()["conflict"]["id"]
    sam = browser("sam")
    for url in (place, f"conflicts/{row}/"):
        assert sam.get(f"/api/{url}").status_code == 404
    assert send(sam, f"conflicts/{row}/move/", move="end").status_code == 404
    assert send(sam, place).status_code == 404
    assert browser("").get(f"/api/conflicts/{row}/").status_code in (401, 403)


def test_a_channel_must_be_of_the_server(world: World, browser: Browser) -> None:
    for wrong in ("9", TABLE_CHANNEL + "9" * 30, {"id": 9}):
        answer = send(browser("vesna"), f"chronicles/{world.chronicle.id}/conflicts/", channel_id=wrong)
        assert (answer.status_code, list(answer.json()["fields"])) == (400, ["channel_id"])
