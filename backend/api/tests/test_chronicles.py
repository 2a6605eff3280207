"""Chronicles and servers for their people, and for nobody else."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from chronicle.models import Chronicle, Server
from chronicle.services import create_server
from testing.personas import PLAYER, SYSTEM, TRACKER_CHANNEL, World
from timeline.models import Event

Browser = Callable[[str], Client]
INSIDE = ("olga", "vesna", "mira", "root")
OUTSIDE = ("sam",)


def path(world: World, rest: str = "") -> str:
    return f"/api/chronicles/{world.chronicle.pk}/{rest}"


def server_path(world: World) -> str:
    return f"/api/servers/{world.server.pk}/"


def patch(client: Client, address: str, body: Any, **headers: Any) -> Any:
    return client.patch(address, body, content_type="application/json", headers=headers)


@pytest.mark.req("S004-26")
def test_everyone_lists_the_chronicles_of_their_servers(world: World, browser: Browser) -> None:
    listed = {
        name: [row["name"] for row in browser(name).get("/api/chronicles/").json()["results"]]
        for name in ("mira", "vesna", "sam", "root")
    }
    assert listed == {"mira": ["Night Court"], "vesna": ["Night Court"], "sam": ["Other Court"], "root": []}


def test_the_list_costs_the_same_however_long(
    world: World, browser: Browser, django_assert_num_queries: Any
) -> None:
    client = browser("mira")
    for number in range(8):
        create_server(world.mira, f"House {number}", cause=SYSTEM)
    with django_assert_num_queries(3):  # user, rights, chronicles
        assert len(client.get("/api/chronicles/").json()["results"]) == 9


@pytest.mark.req("S004-26", "S004-29")
@pytest.mark.parametrize("name", INSIDE)
def test_members_see_a_chronicle(world: World, browser: Browser, name: str) -> None:
    body = browser(name).get(path(world)).json()
    assert (body["name"], body["members"], body["characters"]) == ("Night Court", 4, 0)
    assert [person["name"] for person in body["storytellers"]] == ["Vesna"]
    assert body["stream"] == f"chronicle:{world.chronicle.pk}"
    assert body["rights"]["manage"] is (name != "mira")


@pytest.mark.req("S004-29")
@pytest.mark.parametrize("name", OUTSIDE)
def test_strangers_do_not_learn_that_it_exists(world: World, browser: Browser, name: str) -> None:
    client = browser(name)
    missing = client.get(f"/api/chronicles/{world.mira.pk}/")
    for answer in (
        client.get(path(world)),
        client.get(path(world, "members/")),
        patch(client, path(world), {"name": "Mine"}),
        missing,
    ):
        assert (answer.status_code, answer.json()) == (404, missing.json())
    assert client.get(server_path(world)).status_code == 404
    assert patch(client, server_path(world), {"edition": "20th"}).status_code == 404


def test_nobody_is_asked_to_sign_in(world: World, browser: Browser) -> None:
    assert browser("").get(path(world)).json()["code"] == "not_signed_in"


@pytest.mark.req("S004-26")
@pytest.mark.parametrize(("name", "status"), [("olga", 200), ("vesna", 200), ("mira", 403), ("root", 200)])
def test_those_who_may_rename_it(world: World, browser: Browser, name: str, status: int) -> None:
    answer = patch(browser(name), path(world), {"name": " The  Long Night ", "description": "A\nB"})
    assert answer.status_code == status
    row = Chronicle.objects.get(pk=world.chronicle.pk)
    if status == 200:
        assert (answer.json()["name"], row.name, row.description) == (
            "The Long Night",
            "The Long Night",
            "A\nB",
        )
        event = Event.objects.get(stream_id=row.pk, type="chronicle.updated")
        assert event.changes == {"name": ["Night Court", "The Long Night"], "description": ["", "A\nB"]}
        assert (event.version, row.version, row.slug) == (2, 2, "night-court")
    else:
        assert row.name == "Night Court"
        assert not Event.objects.filter(stream_id=row.pk, type="chronicle.updated").exists()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": 5}, "name"),
        ({"description": "x" * 4001}, "description"),
        ({"server": "x"}, "server"),
        ({"is_default": None}, "is_default"),
    ],
)
def test_bad_values_are_named_and_change_nothing(
    world: World, browser: Browser, body: dict[str, Any], field: str
) -> None:
    answer = patch(browser("vesna"), path(world), {"name": "Other"} | body)
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])
    assert Chronicle.objects.get(pk=world.chronicle.pk).name == "Night Court"


@pytest.mark.req("S004-35")
def test_a_retry_of_a_change_is_answered_once(world: World, browser: Browser) -> None:
    client, key = browser("vesna"), {"Idempotency-Key": "k1"}
    first = patch(client, path(world), {"name": "A"}, **key)
    patch(client, path(world), {"name": "B"})
    version = Chronicle.objects.get(pk=world.chronicle.pk).version
    again = patch(client, path(world), {"name": "A"}, **key)
    assert (again.status_code, again.json()["id"]) == (first.status_code, first.json()["id"])
    assert (again.json()["name"], again.json()["version"]) == ("B", version), "as it is by now"
    assert Chronicle.objects.get(pk=world.chronicle.pk).name == "B"


def test_members_come_in_pages(world: World, browser: Browser) -> None:
    client, names, after = browser("mira"), [], ""
    for _ in range(3):
        page = client.get(path(world, "members/"), {"limit": "2", "after": after}).json()
        names += [row["user"]["name"] for row in page["results"]]
        after = page["next"] or ""
    assert sorted(names) == ["Jonas", "Mira", "Olga", "Vesna"]
    roles = {
        row["user"]["name"]: row["roles"] for row in client.get(path(world, "members/")).json()["results"]
    }
    assert roles["Vesna"] == ["Narrator"]


@pytest.mark.parametrize(
    "query", [{"limit": "0"}, {"limit": "101"}, {"limit": "-1"}, {"limit": "x"}, {"after": "x"}]
)
def test_a_wrong_page_is_refused(world: World, browser: Browser, query: dict[str, str]) -> None:
    assert browser("mira").get(path(world, "members/"), query).status_code == 400


def test_a_server_shows_itself_to_its_members(world: World, browser: Browser) -> None:
    body = browser("mira").get(server_path(world)).json()
    assert (body["name"], body["is_verified"], body["members"]) == ("Night Court", False, 4)
    assert body["you"] == {"roles": ["Player"], "storyteller": False, "admin": False}


@pytest.mark.parametrize(("name", "status"), [("olga", 200), ("vesna", 403), ("mira", 403), ("root", 200)])
def test_those_who_may_set_the_server_up(world: World, browser: Browser, name: str, status: int) -> None:
    body = {"edition": "20th", "tracker_channel": TRACKER_CHANNEL, "storyteller_roles": [PLAYER]}
    answer = patch(browser(name), server_path(world), body)
    assert answer.status_code == status
    server = Server.objects.get(pk=world.server.pk)
    assert (server.edition == "20th") is (status == 200)


@pytest.mark.parametrize(
    "body",
    [
        {"edition": "9th"},
        {"edition": None},
        {"tracker_channel": 5},
        {"storyteller_roles": "x"},
        {"storyteller_roles": [5]},
        {"owner": "me"},
    ],
)
def test_a_wrong_setting_changes_nothing(world: World, browser: Browser, body: dict[str, Any]) -> None:
    answer = patch(browser("olga"), server_path(world), {"tracker_channel": TRACKER_CHANNEL} | body)
    assert answer.status_code == 400
    assert [found.removesuffix(".0") for found in answer.json()["fields"]] == list(body)
    assert Server.objects.get(pk=world.server.pk).tracker_channel == ""
