"""The public API about characters: sessions with CSRF, tokens, personas, conflicts."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from haven.models import Character
from testing.personas import World
from timeline.models import Event

URL = "/api/characters/"


@pytest.fixture
def owl(world: World, browser: Callable[[str], Client]) -> str:
    """The id of mira's character."""
    body = {"splat": "vampire5th", "name": "Night Owl", "chronicle": str(world.chronicle.id)}
    answer = browser("mira").post(URL, body, content_type="application/json")
    assert answer.status_code == 201, answer.json()
    return answer.json()["character"]["id"]


def patch(client: Client, character: str, *changes: dict[str, Any], **body: Any) -> Any:
    document = {"changes": list(changes), **body}
    return client.patch(f"{URL}{character}/", document, content_type="application/json")


def set_(path: str, value: Any) -> dict[str, Any]:
    return {"path": path, "op": "set", "value": value}


@pytest.mark.engine
@pytest.mark.req("S004-25")
def test_create_read_update_delete(owl: str, browser: Callable[[str], Client]) -> None:
    mira = browser("mira")
    assert mira.get(f"{URL}{owl}/").json()["fields"]["hunger"] == 1
    changed = patch(mira, owl, set_("hunger", 3)).json()
    assert changed["event"]["changes"] == {"hunger": [1, 3]}
    assert changed["event"]["door"] == "web"
    listed = mira.get(URL).json()["results"]
    assert [(character["name"], character["fields"]["hunger"]) for character in listed] == [("Night Owl", 3)]
    assert mira.delete(f"{URL}{owl}/").status_code == 200
    assert mira.get(f"{URL}{owl}/").status_code == 404
    assert mira.get(URL, {"deleted": "1"}).json()["results"][0]["id"] == owl
    assert (
        mira.post(f"{URL}{owl}/restore/", content_type="application/json").json()["character"]["fields"][
            "hunger"
        ]
        == 3
    )


@pytest.mark.req("S004-29")
@pytest.mark.parametrize(
    ("who", "see", "edit", "delete"),
    [
        ("mira", 200, 200, 200),
        ("vesna", 200, 200, 403),
        ("olga", 200, 200, 403),
        ("root", 200, 200, 200),
        ("jonas", 200, 403, 403),
        ("sam", 404, 404, 404),
        ("", 401, 401, 401),
    ],
)
def test_rights_by_persona(
    owl: str, browser: Callable[[str], Client], who: str, see: int, edit: int, delete: int
) -> None:
    client = browser(who)
    assert client.get(f"{URL}{owl}/").status_code == see
    assert patch(client, owl, set_("hunger", 2)).status_code == edit
    assert client.delete(f"{URL}{owl}/").status_code == delete


@pytest.mark.req("S004-29")
def test_a_fellow_player_sees_only_what_is_for_the_table(owl: str, browser: Callable[[str], Client]) -> None:
    patch(browser("mira"), owl, set_("clan", "Tremere"), set_("history", "A long tale."))
    seen = browser("jonas").get(f"{URL}{owl}/").json()["fields"]
    assert seen["clan"] == "Tremere"
    assert {"history", "hunger", "strength", "storyteller_notes"}.isdisjoint(seen)
    mine = browser("mira").get(f"{URL}{owl}/").json()["fields"]
    assert "history" in mine
    assert "storyteller_notes" not in mine
    assert "storyteller_notes" in browser("vesna").get(f"{URL}{owl}/").json()["fields"]


@pytest.mark.req("S004-29")
def test_a_trait_can_be_shown_to_the_table(owl: str, browser: Callable[[str], Client]) -> None:
    shown = {"trait": "hunger", "level": "table"}
    answer = browser("mira").put(f"{URL}{owl}/visibility/", shown, content_type="application/json")
    assert answer.json()["character"]["visibility"] == {"hunger": "table"}
    assert browser("jonas").get(f"{URL}{owl}/").json()["fields"]["hunger"] == 1
    secret = {"trait": "hunger", "level": "secret"}
    refused = browser("mira").put(f"{URL}{owl}/visibility/", secret, content_type="application/json")
    assert refused.status_code == 403


@pytest.mark.req("S004-28")
def test_a_session_needs_the_csrf_token(owl: str, world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.mira, backend="django.contrib.auth.backends.ModelBackend")
    assert patch(client, owl, set_("hunger", 2)).status_code == 403
    assert Character.objects.get().sheet["hunger"] == 1


@pytest.mark.req("S004-30")
def test_different_traits_merge_and_the_same_one_conflicts(
    owl: str, browser: Callable[[str], Client]
) -> None:
    mira, vesna = browser("mira"), browser("vesna")
    assert patch(vesna, owl, set_("hunger", 4), base_version=1).status_code == 200
    merged = patch(mira, owl, set_("strength", 3), base_version=1)
    assert merged.json()["character"]["fields"]["hunger"] == 4
    clash = patch(mira, owl, set_("hunger", 2), base_version=1)
    assert (clash.status_code, clash.json()["code"]) == (409, "conflict")
    assert clash.json()["conflicts"][0] | {"label": ""} == {
        "path": "hunger",
        "label": "",
        "yours": 2,
        "theirs": 4,
        "by": "Vesna",
        "version": 2,
        "is_choice": False,
    }


def test_entries_keep_their_ids(owl: str, browser: Callable[[str], Client]) -> None:
    mira = browser("mira")
    added = patch(
        mira, owl, {"path": "merits", "op": "add", "value": {"name": "Beautiful", "rating": 2}}
    ).json()
    (path,) = added["event"]["changes"]
    assert patch(mira, owl, set_(f"{path}.rating", 3)).json()["event"]["changes"] == {
        f"{path}.rating": [2, 3]
    }
    removed = patch(mira, owl, {"path": path, "op": "remove"}).json()
    assert removed["character"]["fields"]["merits"] == {}
    again = patch(mira, owl, {"path": path, "op": "remove"})
    assert (again.status_code, list(again.json()["fields"])) == (400, [path])


def test_undo_and_history(owl: str, browser: Callable[[str], Client]) -> None:
    mira = browser("mira")
    event = patch(mira, owl, set_("hunger", 3)).json()["event"]
    undone = mira.post(f"{URL}{owl}/undo/", {"event": event["id"]}, content_type="application/json").json()
    assert undone["event"]["changes"] == {"hunger": [3, 1]}
    versions = [event["version"] for event in mira.get(f"{URL}{owl}/history/").json()["events"]]
    assert versions == [3, 2, 1]
    assert browser("jonas").get(f"{URL}{owl}/history/").status_code == 403
    assert browser("sam").get(f"{URL}{owl}/history/").status_code == 404


@pytest.mark.parametrize(
    "address",
    ["5f0c7d1e-3b1a-4c55-9d0e-8a6f2b7c9d10", "7", "../../etc", "00000000-0000-0000-0000-000000000000"],
)
def test_what_is_not_there_is_a_plain_404(
    world: World, browser: Callable[[str], Client], address: str
) -> None:
    answer = browser("mira").get(f"{URL}{address}/")
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"


@pytest.mark.engine
def test_a_chronicle_of_strangers_is_not_there(world: World, browser: Callable[[str], Client]) -> None:
    body = {"splat": "vampire5th", "name": "Spy", "chronicle": str(world.other_chronicle.id)}
    answer = browser("mira").post(URL, body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert not Character.objects.exists()


@pytest.mark.engine
def test_a_retry_creates_no_twin(world: World, browser: Callable[[str], Client]) -> None:
    mira = browser("mira")
    body = {"splat": "vampire5th", "name": "Night Owl"}
    answers = [
        mira.post(URL, body, content_type="application/json", headers={"Idempotency-Key": "k1"})
        for _ in range(2)
    ]
    assert answers[0].json() == answers[1].json()
    assert Character.objects.count() == 1
    taken = mira.post(URL, body, content_type="application/json")
    assert (taken.status_code, taken.json()["code"]) == (409, "name_taken")


def test_the_schema_is_open(db: Any) -> None:
    assert {splat["slug"] for splat in APIClient().get("/api/schema/splats").json()["splats"]} >= {
        "vampire5th"
    }


def test_a_list_takes_a_constant_number_of_statements(
    world: World, browser: Callable[[str], Client], django_assert_max_num_queries: Any
) -> None:
    mira = browser("mira")
    for number in range(12):
        body = {"splat": "vampire5th", "name": f"Owl {number}", "chronicle": str(world.chronicle.id)}
        mira.post(URL, body, content_type="application/json")
    with django_assert_max_num_queries(5):
        assert len(mira.get(URL).json()["results"]) == 12


def test_a_storyteller_acts_for_an_absent_player_and_both_are_named(
    world: World, owl: str, browser: Callable[[str], Client]
) -> None:
    absent, vesna = str(world.mira.pk), browser("vesna")
    recorded = patch(vesna, owl, set_("hunger", 3), player=absent).json()["event"]
    assert (recorded["actor"]["name"], recorded["acting_for"]["name"]) == ("Vesna", "Mira")
    assert Event.objects.get(pk=recorded["id"]).subject["for"] == {"id": absent, "name": "Mira"}
    assert patch(vesna, owl, set_("hunger", 4)).json()["event"]["acting_for"] is None
    undone = vesna.post(f"{URL}{owl}/undo/", {"player": absent}, content_type="application/json").json()
    assert undone["event"]["acting_for"]["name"] == "Mira"
    own = patch(browser("mira"), owl, set_("hunger", 5), player=absent).json()["event"]
    assert own["acting_for"] is None
    check = {"character": owl, "check": "frenzy", "player": absent}
    rolled = vesna.post("/api/rolls/check/", check, content_type="application/json").json()
    assert rolled["event"]["acting_for"]["name"] == "Mira"


def test_nobody_acts_for_whom_it_is_not(world: World, owl: str, browser: Callable[[str], Client]) -> None:
    events = Event.objects.count()
    for who, player, status in (
        ("vesna", str(world.jonas.pk), 400),
        ("vesna", "mira", 400),
        ("vesna", str(world.chronicle.pk), 400),
        ("jonas", str(world.mira.pk), 403),
        ("sam", str(world.mira.pk), 404),
    ):
        answer = patch(browser(who), owl, set_("hunger", 3), player=player)
        assert answer.status_code == status, (who, answer.json())
    roll = {"system": "general", "pool": "1d10", "player": str(world.mira.pk)}
    answer = browser("vesna").post("/api/rolls/", roll, content_type="application/json")
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["player"])
    assert Event.objects.count() == events
