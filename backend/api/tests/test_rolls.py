"""Rolls through the public API, by persona."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from haven.models import Character
from haven.tests.kit import make, sets
from rolls.models import Roll
from testing.personas import World


@pytest.fixture
def owl(world: World) -> Character:
    return make(world, operations=sets(strength=3, hunger=2))


Browser = Callable[[str], Client]


def post(client: Client, path: str, **body: Any) -> Any:
    return client.post(f"/api/{path}/", body, content_type="application/json")


@pytest.mark.req("S004-25")
def test_roll_read_and_reroll(owl: Character, browser: Browser) -> None:
    mira = browser("mira")
    made = post(mira, "rolls", character=str(owl.id), pool="strength + 6", options={"hunger": 0})
    assert made.status_code == 201, made.json()
    roll = made.json()["roll"]
    assert made.json()["event"]["door"] == "web"
    listed = mira.get("/api/rolls/", {"character": str(owl.id)}).json()["results"]
    assert [listed_roll["id"] for listed_roll in listed] == [roll["id"]]
    (picked,) = mira.get(f"/api/rolls/{roll['id']}/", {"dice": "0,1"}).json()["strategies"]
    assert picked["dice"] == [0, 1]
    again = post(mira, f"rolls/{roll['id']}/reroll", dice=[0, 1])
    assert (again.status_code, again.json()["roll"]["replaces"]) == (201, roll["id"])
    second = post(mira, f"rolls/{roll['id']}/reroll", dice=[0])
    assert (second.status_code, second.json()["code"]) == (409, "already_rerolled")


def test_check_odds_and_luck(owl: Character, world: World, browser: Browser) -> None:
    mira = browser("mira")
    done = post(mira, "rolls/check", check="rouse", character=str(owl.id))
    assert (done.status_code, done.json()["roll"]["kind"]) == (201, "rouse")
    found = post(mira, "odds", system="v5", pool=1, options={"difficulty": 1}).json()
    assert found["chances"]["win"] == 0.5
    luck = mira.get("/api/luck/", {"days": "30"}).json()
    assert (luck["of"]["name"], luck["checks"][0]["rolls"]) == ("Mira", 1)
    table = {"chronicle": str(world.chronicle.id), "everyone": "1"}
    assert browser("jonas").get("/api/luck/", table).json()["checks"][0]["kind"] == "rouse"
    assert browser("sam").get("/api/luck/", table).status_code == 404


def test_a_pool_is_completed_from_a_sheet_that_one_may_roll_for(owl: Character, browser: Browser) -> None:
    def offered(who: str, typed: str) -> list[str]:
        answer = browser(who).get("/api/pool/", {"character": str(owl.id), "q": typed})
        return [pool["text"] for pool in answer.json()["results"]]

    assert offered("mira", "3 + stren") == ["3 + strength"]
    assert offered("vesna", "3 + stren") == ["3 + strength"]
    assert offered("jonas", "3 + stren") == []
    assert browser("sam").get("/api/pool/", {"character": str(owl.id), "q": "stre"}).status_code == 404
    assert browser("mira").get("/api/pool/", {"q": "stre"}).json() == {"results": []}
    assert offered("mira", "x" * 5000) == []


def test_pages_of_rolls(world: World, browser: Browser) -> None:
    mira, chronicle = browser("mira"), str(world.chronicle.id)
    for _ in range(3):
        assert post(mira, "rolls", system="v5", pool=2, chronicle=chronicle).status_code == 201
    where = {"chronicle": chronicle, "limit": "2"}
    first = mira.get("/api/rolls/", where).json()["results"]
    rest = mira.get("/api/rolls/", where | {"before": first[-1]["id"]}).json()["results"]
    assert (len(first), len(rest)) == (2, 1)
    assert len({listed_roll["id"] for listed_roll in first + rest}) == 3
    for wrong in ({"limit": "51"}, {"limit": "x"}, {"before": "x"}, {"chronicle": "x"}, {"character": "x"}):
        assert mira.get("/api/rolls/", wrong).status_code == 400


def test_strangers_and_the_unknown_see_nothing(owl: Character, world: World, browser: Browser) -> None:
    roll = post(browser("mira"), "rolls", character=str(owl.id), pool=5).json()["roll"]["id"]
    for who, status in (("sam", 404), ("", 401)):
        client = browser(who)
        assert client.get(f"/api/rolls/{roll}/").status_code in (status, 403)
        assert post(client, f"rolls/{roll}/reroll", dice=[0]).status_code in (status, 403)
        assert post(client, "rolls", character=str(owl.id), pool=5).status_code in (status, 403)
    assert Roll.objects.count() == 1


def test_struck_and_revealed(owl: Character, browser: Browser) -> None:
    mira = browser("mira")
    made = post(mira, "rolls", character=str(owl.id), pool=5, visibility="storyteller").json()["roll"]["id"]
    assert browser("jonas").get(f"/api/rolls/{made}/").status_code == 404
    assert post(browser("vesna"), f"rolls/{made}/reveal").status_code == 200
    assert browser("jonas").get(f"/api/rolls/{made}/").status_code == 200
    assert post(mira, f"rolls/{made}/strike", reason="No").status_code == 403
    assert post(browser("vesna"), f"rolls/{made}/strike", reason="No").status_code == 200
    choose = post(mira, f"rolls/{made}/choose", choice="despair")
    assert (choose.status_code, choose.json()["code"]) == (422, "no_choice")


def test_macros(owl: Character, browser: Browser) -> None:
    mira = browser("mira")
    made = post(mira, "macros", character=str(owl.id), name="Fists", pool="strength", shared=True)
    assert made.status_code == 201, made.json()
    macro = made.json()["macro"]["id"]
    assert post(mira, f"macros/{macro}/run").json()["roll"]["pool"]["dice"] == 3
    path = f"/api/macros/{macro}/"
    changed = mira.patch(path, {"pool": 4}, content_type="application/json")
    assert changed.json()["macro"]["pool"] == 4
    wren = make_for_jonas(browser)
    copied = post(browser("jonas"), f"macros/{macro}/copy", character=wren)
    assert copied.status_code == 201, copied.json()
    listed = browser("jonas").get("/api/macros/", {"character": wren}).json()["results"]
    assert [macro["name"] for macro in listed] == ["Fists"]
    assert browser("jonas").delete(path).status_code == 403
    assert mira.delete(path).status_code == 200


def make_for_jonas(browser: Browser) -> str:
    chronicle = str(Character.objects.get().chronicle_id)
    body = {"splat": "vampire5th", "name": "Wren", "chronicle": chronicle}
    answer = browser("jonas").post("/api/characters/", body, content_type="application/json")
    found: str = answer.json()["character"]["id"]
    return found


def test_requests(owl: Character, world: World, browser: Browser) -> None:
    vesna, chronicle = browser("vesna"), str(world.chronicle.id)
    asked = post(vesna, "roll-requests", chronicle=chronicle, players=[str(world.mira.id)], pool="strength")
    assert asked.status_code == 201, asked.json()
    request = asked.json()["request"]["id"]
    done = post(browser("mira"), f"roll-requests/{request}/answer", character=str(owl.id))
    assert done.json()["request"]["done"] is True
    listed = vesna.get("/api/roll-requests/", {"chronicle": chronicle}).json()["results"]
    assert [asked["answered"] for asked in listed] == [1]
    assert vesna.get(f"/api/roll-requests/{request}/").json()["request"]["id"] == request
    assert browser("sam").get(f"/api/roll-requests/{request}/").status_code == 404
    assert post(vesna, f"roll-requests/{request}/close").status_code == 200


@pytest.mark.parametrize("expression", ["1000000*1000000*1000000*1000000", "1000000*3000"])
def test_run_13_a_total_that_no_column_holds_is_refused_when_written(
    expression: str, owl: Character, world: World, browser: Browser
) -> None:
    vesna, general = browser("vesna"), {"system": "general", "pool": expression}
    where = {"chronicle": str(world.chronicle.id)}
    answers = [
        post(vesna, "odds", **general),
        post(vesna, "rolls", **general, **where),
        post(vesna, "roll-requests", **general, **where, players=[str(world.mira.id)]),
        post(browser("mira"), "macros", **general, character=str(owl.id), name="Much"),
    ]
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(400, "invalid")] * 4
    assert all("1,000,000,000" in answer.json()["detail"] for answer in answers)
    assert Roll.objects.count() == 0


def test_run_13_the_largest_total_is_stored_and_read_again(
    owl: Character, world: World, browser: Browser
) -> None:
    where = {"chronicle": str(world.chronicle.id), "options": {"modifier": 10_000}}
    made = post(browser("mira"), "rolls", system="general", pool="1000000*1000", **where)
    assert made.status_code == 201, made.json()
    assert Roll.objects.get().successes == 1_000_010_000


def gone(owl: Character) -> str:
    Character.objects.filter(pk=owl.pk).update(deleted_at=timezone.now())
    return str(owl.pk)


@pytest.mark.parametrize("address", ["macros", "rolls", "pool"])
@pytest.mark.parametrize("deleted", [True, False])
def test_run_14_what_belongs_to_no_character_is_not_found(
    address: str, deleted: bool, owl: Character, browser: Browser
) -> None:
    character = gone(owl) if deleted else str(uuid4())
    typed = {} if address == "rolls" else {"q": "s"}
    answer = browser("mira").get(f"/api/{address}/", {"character": character} | typed)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("address", ["rolls", "roll-requests", "luck"])
def test_run_14_what_belongs_to_no_chronicle_is_not_found(address: str, browser: Browser) -> None:
    answer = browser("mira").get(f"/api/{address}/", {"chronicle": str(uuid4())})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
