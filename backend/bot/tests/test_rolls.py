"""Rolls through the bot API: shapes, retries, personas, statuses, and how much they ask of the database."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from haven.models import Character
from haven.tests.kit import at, make, of, sets
from rolls.models import Roll
from testing.personas import DISCORD_IDS, World, bot_body
from testing.rolled import words_of

NOTHING = "01930000-0000-7000-8000-000000000000"


def post(bot: APIClient, path: str, who: str = "mira", key: str = "", **more: Any) -> Any:
    guild = {"guild": more.pop("guild")} if "guild" in more else {}
    body = bot_body(who, command="/v roll", **guild) | more
    headers = {"Idempotency-Key": key} if key else {}
    return bot.post(f"/bot/{path}", body, format="json", headers=headers)


@pytest.fixture
def owl(world: World) -> Character:
    return make(
        world,
        operations=[
            *sets(strength=3, brawl=2, hunger=2),
            of("brawl.specialties", "add", {"name": "Grappling"}),
        ],
    )


@pytest.mark.req("S004-31")
def test_a_roll_is_answered_whole(owl: Character, bot: APIClient) -> None:
    answer = post(
        bot, "rolls", system="v5", pool="strength + brawl", options={"difficulty": 2, "rouse": 1}, note="Over"
    )
    body = answer.json()
    assert answer.status_code == 201
    assert body["chosen"] == "Night Owl (the only one that fits)"
    roll = body["roll"]
    assert (roll["title"], words_of(roll["pool"]), roll["note"]) == ("Pool 5", "Strength 3 + Brawl 2", "Over")
    assert [die["kind"] for die in roll["dice"]].count("hunger") == 2
    assert sum(outcome["chance"] for outcome in roll["chances"]["outcomes"]) == pytest.approx(1, abs=1e-5)
    assert roll["attached"][0]["kind"] == "rouse"
    assert (body["event"]["type"], body["event"]["entity_id"]) == ("roll.made", roll["id"])
    assert (body["change"] is not None) == (not roll["attached"][0]["outcome"]["passed"])


@pytest.mark.req("S004-35")
def test_a_retry_rolls_no_second_time(owl: Character, bot: APIClient) -> None:
    asked = {"system": "v5", "pool": 5, "options": {"rouse": 5}, "character": str(owl.id)}
    first = post(bot, "rolls", key="press-1", **asked)
    again = post(bot, "rolls", key="press-1", **asked)
    assert first.status_code == 201, first.json()
    assert first.json() == again.json()
    assert Roll.objects.filter(parent=None).count() == 1
    other = post(bot, "rolls", key="press-1", **{**asked, "pool": 6})
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")


def test_a_second_press_is_told_so(owl: Character, bot: APIClient) -> None:
    roll = post(bot, "rolls", system="v5", pool=9, options={"hunger": 0}).json()["roll"]
    first = post(bot, "rolls/reroll", key="a", roll=roll["id"], dice=[0])
    assert first.status_code == 201
    assert first.json()["change"]["event"]["changes"] == {"willpower.superficial": [0, 1]}
    assert first.json() == post(bot, "rolls/reroll", key="a", roll=roll["id"], dice=[0]).json()
    second = post(bot, "rolls/reroll", key="b", roll=roll["id"], dice=[0])
    assert (second.status_code, second.json()["code"]) == (409, "already_rerolled")
    assert second.json()["detail"].endswith(".")
    assert at(owl, "willpower.superficial") == 1


def test_what_is_open_still_after_a_restart(owl: Character, bot: APIClient) -> None:
    roll = post(bot, "rolls", system="v5", pool=9, options={"hunger": 0}).json()["roll"]
    now = post(bot, "rolls/get", roll=roll["id"]).json()
    assert now["roll"]["rerollable"] == list(range(9))
    assert (now["roll"]["pick_most"], now["event"], now["change"]) == (3, None, None)
    (picked,) = post(bot, "rolls/get", roll=roll["id"], dice=[0, 1]).json()["strategies"]
    assert (picked["slug"], picked["dice"], picked["cost"]) == ("picked", [0, 1], "1 Willpower")
    wrong = post(bot, "rolls/get", roll=roll["id"], dice=[99])
    assert (wrong.status_code, list(wrong.json()["fields"])) == (400, ["dice"])
    others = post(bot, "rolls/get", who="jonas", roll=roll["id"]).json()
    assert (others["strategies"], others["roll"]["rights"]["reroll"]) == ([], False)


STATUSES: list[tuple[str, str, dict[str, Any], int, str]] = [
    ("rolls", "mira", {"pool": 5, "character": "Nobody"}, 404, "not_found"),
    ("rolls", "jonas", {"pool": 5, "character": "OWL"}, 403, "not_allowed"),
    ("rolls", "sam", {"pool": 5, "character": "OWL"}, 404, "not_found"),
    ("rolls", "mira", {"pool": 500, "system": "v5"}, 400, "invalid"),
    ("rolls", "mira", {"pool": 5, "options": 3}, 400, "invalid"),
    ("rolls", "mira", {"pool": 5, "system": "v5", "character": 7}, 400, "invalid"),
    ("rolls/check", "mira", {"check": "magic"}, 400, "invalid"),
    ("rolls/check", "jonas", {"check": "remorse"}, 400, "no_character"),
    ("rolls/check", "mira", {"check": "remorse"}, 422, "no_stains"),
    ("rolls/check", "mira", {"check": "redemption", "character": "OWL"}, 400, "wrong_splat"),
    ("rolls/reroll", "mira", {"roll": "nonsense", "dice": [0]}, 400, "invalid"),
    ("rolls/choose", "mira", {"roll": NOTHING, "choice": "despair"}, 404, "not_found"),
    ("rolls/strike", "mira", {"roll": 5}, 400, "invalid"),
    ("luck", "mira", {"days": 0}, 400, "invalid"),
    ("luck", "mira", {"since": "yesterday"}, 400, "invalid"),
    ("luck", "mira", {"player": "99"}, 404, "not_found"),
    ("macros/run", "mira", {"macro": "nothing"}, 404, "not_found"),
    ("roll-requests", "mira", {"players": [DISCORD_IDS["jonas"]], "pool": 5}, 403, "not_allowed"),
    ("roll-requests", "vesna", {"players": ["1"], "pool": 5}, 400, "invalid"),
    ("roll-requests", "vesna", {"players": "mira"}, 400, "invalid"),
    ("roll-requests/answer", "mira", {"request": NOTHING}, 404, "not_found"),
]


@pytest.mark.parametrize(("path", "who", "body", "status", "code"), STATUSES)
def test_honest_statuses(
    owl: Character, bot: APIClient, path: str, who: str, body: dict[str, Any], status: int, code: str
) -> None:
    meant = {"character": str(owl.id)} if body.get("character") == "OWL" else {}
    guild = {"guild": "700000000000000002"} if who == "sam" else {}
    answer = post(bot, path, who, **guild, **{**body, **meant})
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.json()
    assert not Roll.objects.exists()


def test_completion_of_a_pool(owl: Character, bot: APIClient) -> None:
    def complete(who: str, **query: str) -> list[str]:
        query = {"actor": DISCORD_IDS[who], "guild": "700000000000000001", **query}
        answer = bot.get("/bot/pool", query)
        assert answer.status_code == 200
        return [pool["text"] for pool in answer.json()["results"]]

    assert complete("mira", q="strength + brawl")[:2] == ["strength + brawl", "strength + brawl.grappling"]
    assert complete("jonas", q="stren", character=str(owl.id)) == []
    assert complete("jonas", q="5") == ["5"]
    assert complete("sam", q="stren", character="Night Owl") == []


def test_macros_and_requests(owl: Character, world: World, bot: APIClient) -> None:
    made = post(bot, "macros", name="Claws", pool="strength + brawl", options={"difficulty": 3})
    assert made.status_code == 201, made.json()
    run = post(bot, "macros/run", macro="claws")
    assert words_of(run.json()["roll"]["pool"]) == "Strength 3 + Brawl 2"
    query = {"actor": DISCORD_IDS["mira"], "guild": "700000000000000001", "q": "cl"}
    assert [macro["name"] for macro in bot.get("/bot/macros", query).json()["results"]] == ["Claws"]
    changed = bot.patch("/bot/macros", bot_body("mira", macro="Claws", shared=True), format="json")
    assert changed.json()["macro"]["shared"] is True
    query["actor"] = DISCORD_IDS["jonas"]
    shared = bot.get("/bot/macros", query | {"shared": "1"}).json()["results"]
    assert [macro["name"] for macro in shared] == ["Claws"]
    gone = bot.delete("/bot/macros", bot_body("mira", macro="Claws"), format="json")
    assert gone.json()["macro"]["name"] == "Claws"
    asked = post(bot, "roll-requests", "vesna", players=[DISCORD_IDS["mira"]], pool="strength", minutes=5)
    assert asked.status_code == 201, asked.json()
    request = asked.json()["request"]["id"]
    answer = post(bot, "roll-requests/answer", request=request).json()
    assert answer["request"]["done"] is True
    assert post(bot, "roll-requests/get", request=request).json()["request"]["answered"] == 1
    assert post(bot, "roll-requests/close", "vesna", request=request).status_code == 200


def test_luck_reveal_and_strike(owl: Character, bot: APIClient) -> None:
    roll = post(bot, "rolls", system="v5", pool=3, visibility="private").json()["roll"]["id"]
    assert post(bot, "luck").json()["rolls"] == 1
    assert post(bot, "luck", "vesna", player=DISCORD_IDS["mira"]).json()["rolls"] == 0
    assert post(bot, "rolls/reveal", roll=roll).json()["roll"]["revealed"] is True
    assert post(bot, "luck", "jonas", everyone=True).json()["rolls"] == 1
    struck = post(bot, "rolls/strike", "vesna", roll=roll, reason="A test").json()["roll"]["struck"]
    assert struck["reason"] == "A test"
    assert post(bot, "luck", character="Night Owl", days=3).json()["struck"] == 1


def test_odds_are_asked_without_a_roll(owl: Character, bot: APIClient) -> None:
    body = post(bot, "rolls/odds", pool="strength", options={"hunger": 0, "difficulty": 1}).json()
    assert (body["system"], body["chances"]["win"]) == ("v5", 0.875)
    assert not Roll.objects.exists()


def test_in_a_direct_message(world: World, bot: APIClient) -> None:
    done = post(bot, "rolls", guild=None, system="cod", pool=5)
    assert done.status_code == 201, done.json()
    assert done.json()["event"]["stream"] == f"user:{world.mira.id}"
    assert post(bot, "luck", guild=None).json()["rolls"] == 1


def statements(work: Any) -> int:
    with CaptureQueriesContext(connection) as caught:
        work()
    return len(caught.captured_queries)


def test_the_cost_of_a_roll_does_not_grow(owl: Character, world: World, bot: APIClient) -> None:
    """The figures are upper bounds to keep."""
    asked = {"system": "v5", "pool": "strength + brawl", "options": {"rouse": 1}, "character": str(owl.id)}
    post(bot, "rolls", **asked)
    few = statements(lambda: post(bot, "rolls", **asked))
    for _ in range(6):
        post(bot, "rolls", **{**asked, "options": {"hunger": 1}})
    many = statements(lambda: post(bot, "rolls", **{**asked, "options": {}}))
    assert few <= 34
    assert many <= few


def test_the_lists_cost_the_same_for_many(owl: Character, world: World, bot: APIClient, browser: Any) -> None:
    mira = browser("mira")
    where = {"chronicle": str(world.chronicle.id)}
    for _ in range(2):
        post(bot, "rolls", system="v5", pool=3, character=str(owl.id), options={"hunger": 0})
    few = statements(lambda: mira.get("/api/rolls/", where))
    for _ in range(8):
        post(bot, "rolls", system="v5", pool=3, character=str(owl.id), options={"hunger": 0})
    many = statements(lambda: mira.get("/api/rolls/", where))
    assert len(mira.get("/api/rolls/", where).json()["results"]) == 10
    assert many <= few
    assert many <= 9


@pytest.mark.parametrize("deleted", [True, False])
def test_run_14_macros_of_no_character_are_not_found(deleted: bool, owl: Character, bot: APIClient) -> None:
    if deleted:
        Character.objects.filter(pk=owl.pk).update(deleted_at=timezone.now())
    query = {"actor": DISCORD_IDS["mira"], "guild": "700000000000000001", "q": ""}
    answer = bot.get("/bot/macros", query | {"character": str(owl.pk) if deleted else NOTHING})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
