"""The desk over the public API: each call once, refusals as sentences."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from desk.tests.kit import character, lock
from testing.personas import World

pytestmark = pytest.mark.django_db(transaction=True)
Browser = Callable[[str], Client]


def send(client: Client, method: str, url: str, body: Any = None, key: str = "") -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return getattr(client, method)(
        f"/api/{url}", body or {}, content_type="application/json", headers=headers
    )


@pytest.fixture
def owl(world: World) -> str:
    made = character(world, strength=2)
    lock(world, made)
    return str(made.id)


@pytest.fixture
def waiting(owl: str, browser: Browser) -> str:
    """The id of mira's open proposal."""
    body = {"character": owl, "changes": [{"path": "strength", "op": "set", "value": 3}], "text": "Trained"}
    answer = send(browser("mira"), "post", "submissions/", body)
    assert answer.status_code == 201, answer.json()
    return answer.json()["submission"]["id"]


def test_proposed_talked_about_and_approved(world: World, owl: str, waiting: str, browser: Browser) -> None:
    vesna, mira = browser("vesna"), browser("mira")
    desk = vesna.get(f"/api/chronicles/{world.chronicle.id}/desk/").json()
    assert [submission["id"] for submission in desk["submissions"]] == [waiting]
    said = send(vesna, "post", f"submissions/{waiting}/comments/", {"text": "By whom?"})
    assert said.status_code == 201
    assert mira.get(f"/api/submissions/{waiting}/").json()["submission"]["comments"][0]["text"] == "By whom?"
    first = send(vesna, "post", f"submissions/{waiting}/approve/", key="one").json()
    assert send(vesna, "post", f"submissions/{waiting}/approve/", key="one").json() == first
    assert first["submission"]["state"] == "approved"
    assert mira.get(f"/api/characters/{owl}/").json()["fields"]["strength"] == 3


def test_sent_back_and_withdrawn(owl: str, waiting: str, browser: Browser) -> None:
    refused = send(browser("vesna"), "post", f"submissions/{waiting}/return/", {"reason": ""})
    assert (refused.status_code, list(refused.json()["fields"])) == (400, ["reason"])
    assert send(browser("mira"), "post", f"submissions/{waiting}/withdraw/").status_code == 200
    late = send(browser("vesna"), "post", f"submissions/{waiting}/return/", {"reason": "Too late"})
    assert (late.status_code, late.json()["code"]) == (409, "already_decided")


def test_an_award_for_all_or_nobody(world: World, owl: str, browser: Browser) -> None:
    url = f"chronicles/{world.chronicle.id}/awards/"
    given = send(browser("vesna"), "post", url, {"characters": [owl], "amount": 2, "reason": "Session 3"})
    assert given.status_code == 201
    assert given.json()["changes"][0]["character"] == {"id": owl, "name": "Night Owl"}
    wrong = {"characters": [owl, str(world.server.id)], "amount": 2, "reason": "Session 3"}
    refused = send(browser("vesna"), "post", url, wrong)
    assert (refused.status_code, len(refused.json()["errors"])) == (400, 1)
    assert browser("mira").get(f"/api/characters/{owl}/").json()["fields"]["experience"]["total"] == 2


def test_notes(world: World, owl: str, browser: Browser) -> None:
    vesna, url = browser("vesna"), f"chronicles/{world.chronicle.id}/notes/"
    made = send(vesna, "post", url, {"title": "Traitor", "text": "To the prince", "character": owl}).json()[
        "note"
    ]
    assert send(vesna, "patch", f"notes/{made['id']}/", {"title": "Loyal"}).json()["note"]["version"] == 2
    assert [note["title"] for note in vesna.get(f"/api/{url}?character={owl}").json()["results"]] == ["Loyal"]
    assert send(vesna, "delete", f"notes/{made['id']}/").status_code == 200
    assert vesna.get(f"/api/{url}").json()["results"] == []


@pytest.mark.req("S004-29")
@pytest.mark.parametrize(("who", "status"), [("jonas", 403), ("sam", 404), ("", 401)])
def test_what_is_the_storytellers_alone(
    who: str, status: int, world: World, owl: str, waiting: str, browser: Browser
) -> None:
    client, here = browser(who), f"chronicles/{world.chronicle.id}"
    for name in ("desk", "notes"):
        assert client.get(f"/api/{here}/{name}/").status_code == status
    award = {"characters": [owl], "amount": 1, "reason": "Me"}
    assert send(client, "post", f"{here}/awards/", award).status_code == status
    hidden = 401 if not who else 404
    assert client.get(f"/api/submissions/{waiting}/").status_code == hidden
    assert send(client, "post", f"submissions/{waiting}/approve/").status_code == hidden
