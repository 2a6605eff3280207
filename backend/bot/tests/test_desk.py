"""The desk over the bot API: what the acting person may not do, the bot may not do for them."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from desk.tests.kit import character, lock
from haven.models import Character
from testing.personas import World, bot_body

pytestmark = pytest.mark.django_db(transaction=True)


def send(bot: APIClient, who: str, path: str, key: str = "", **body: Any) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return bot.post(f"/bot/{path}", bot_body(who) | body, format="json", headers=headers)


@pytest.fixture
def owl(world: World) -> Character:
    made = character(world, strength=2)
    lock(world, made)
    return made


def test_from_proposal_to_approval(world: World, bot: APIClient, owl: Character) -> None:
    change = {"path": "strength", "op": "text", "value": "+1"}
    made = send(bot, "mira", "submissions", character="night owl", changes=[change], text="Trained")
    assert made.status_code == 201, made.json()
    assert made.json()["submission"]["diff"][0]["to"] == 3
    row = made.json()["submission"]["id"]
    listed = send(bot, "vesna", "submissions/waiting").json()["results"]
    assert [submission["id"] for submission in listed] == [row]
    assert send(bot, "vesna", "submissions/comment", submission=row, text="By whom?").status_code == 201
    first = send(bot, "vesna", "submissions/approve", key="press", submission=row).json()
    assert send(bot, "vesna", "submissions/approve", key="press", submission=row).json() == first
    assert Character.objects.get(pk=owl.pk).sheet["strength"] == 3
    seen = send(bot, "mira", "submissions/get", submission=row).json()["submission"]
    assert (seen["state"], seen["decided_by"]["name"]) == ("approved", "Vesna")


def test_sent_back_and_withdrawn(world: World, bot: APIClient, owl: Character) -> None:
    change = {"path": "strength", "op": "set", "value": 3}
    row = send(bot, "mira", "submissions", character=str(owl.id), changes=[change]).json()["submission"]["id"]
    back = send(bot, "vesna", "submissions/return", submission=row, reason="Next month")
    assert back.json()["submission"]["state"] == "returned"
    row = send(bot, "mira", "submissions", character=str(owl.id), changes=[change]).json()["submission"]["id"]
    assert (
        send(bot, "mira", "submissions/withdraw", submission=row).json()["submission"]["state"] == "withdrawn"
    )


def test_awards_by_name_and_to_all(world: World, bot: APIClient, owl: Character) -> None:
    fox = character(world, "jonas", "Grey Fox")
    character(world, "jonas", "Ash", status="dead")
    named = send(bot, "vesna", "awards", characters=["night owl"], amount=2, reason="Session 3")
    assert named.status_code == 201, named.json()
    everyone = send(bot, "vesna", "awards", amount=1, reason="Session 4").json()["changes"]
    assert {submission["character"]["name"] for submission in everyone} == {"Night Owl", "Grey Fox"}
    totals = dict(Character.objects.values_list("name", "experience_total"))
    assert totals == {"Night Owl": 3, "Grey Fox": 1, "Ash": 0}
    assert fox.name in totals


def test_notes_and_the_desk(world: World, bot: APIClient, owl: Character) -> None:
    made = send(bot, "vesna", "notes", title="Traitor", text="To the prince", character="night owl")
    assert made.status_code == 201, made.json()
    listed = send(bot, "vesna", "notes/list", character="Night Owl").json()["results"]
    assert [note["title"] for note in listed] == ["Traitor"]
    assert send(bot, "vesna", "notes/remove", note=made.json()["note"]["id"]).status_code == 200
    desk = send(bot, "vesna", "desk", state="locked").json()
    assert [character["name"] for character in desk["characters"]] == ["Night Owl"]


@pytest.mark.req("S004-34")
def test_the_bot_does_nothing_that_the_person_may_not(world: World, bot: APIClient, owl: Character) -> None:
    for path in ("desk", "submissions/waiting", "notes/list"):
        assert send(bot, "jonas", path).status_code == 403
    assert send(bot, "jonas", "awards", amount=1, reason="Me").status_code == 403
    assert send(bot, "jonas", "notes", title="x").status_code == 403
    change = {"path": "strength", "op": "set", "value": 3}
    row = send(bot, "mira", "submissions", character=str(owl.id), changes=[change]).json()["submission"]["id"]
    assert send(bot, "mira", "submissions/approve", submission=row).status_code == 403
    assert send(bot, "jonas", "submissions/approve", submission=row).status_code == 404


def test_bad_bodies_are_told(world: World, bot: APIClient, owl: Character) -> None:
    for path, body in (
        ("submissions", {"character": "Night Owl", "changes": "strength"}),
        ("awards", {"characters": "all", "amount": 1, "reason": "x"}),
        ("awards", {"characters": [7], "amount": 1, "reason": "x"}),
        ("desk", {"search": 7}),
        ("notes", {"title": 7}),
    ):
        answer = send(bot, "vesna", path, **body)
        assert answer.status_code == 400, (path, body)
        assert answer.json()["fields"]
