"""The bot API about characters, by persona; bad input; retries."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from haven.models import Character
from testing.personas import DISCORD_IDS, World, bot_body
from timeline.models import Event

NEW = [
    {"path": "health", "op": "set", "value": 7},
    {"path": "willpower", "op": "set", "value": 5},
    {"path": "humanity", "op": "set", "value": 7},
]
URL = "/bot/characters"


def make(bot: APIClient, who: str = "mira", name: str = "Night Owl", **more: Any) -> dict[str, Any]:
    body = bot_body(who, splat="vampire5th", changes=NEW, command=f"/vampire new name:{name}", **more)
    body["name"] = name
    answer = bot.post(URL, body, format="json")
    assert answer.status_code == 201, answer.json()
    return answer.json()


def update(
    bot: APIClient, who: str, character: Any, *changes: dict[str, Any], key: str = "", **more: Any
) -> Any:
    body = bot_body(who, character=character, changes=list(changes), **more)
    headers = {"Idempotency-Key": key} if key else {}
    return bot.patch(URL, body, format="json", headers=headers)


def hunger(amount: int, op: str = "adjust") -> dict[str, Any]:
    return {"path": "hunger", "op": op, "value": amount}


@pytest.mark.req("S004-31")
def test_a_new_character_is_answered_with_its_card(world: World, bot: APIClient) -> None:
    body = make(bot)
    assert body["event"]["type"] == "character.created"
    row = Character.objects.get()
    assert body["character"] == {"id": str(row.pk), "name": "Night Owl"}
    assert body["card"]["rows"][0]["value"] == {"total": 7, "superficial": 0, "aggravated": 0}
    assert (row.owner, row.chronicle) == (world.mira, world.chronicle)
    assert [row["path"] for row in body["card"]["rows"]] == ["health", "willpower", "humanity", "hunger"]


@pytest.mark.req("S004-31")
def test_the_answer_to_a_change_is_the_event(world: World, bot: APIClient) -> None:
    make(bot)
    answer = update(bot, "mira", "night owl", hunger(2), command="/vampire update hunger:2")
    body = answer.json()
    assert body["event"]["changes"] == {"hunger": [1, 3]}
    assert body["event"]["version"] == Character.objects.get().version == 2
    assert (body["event"]["actor"]["name"], body["event"]["door"]) == ("Mira", "discord")
    assert body["event"]["command"] == "/vampire update hunger:2"


@pytest.mark.engine
@pytest.mark.req("S004-35")
def test_a_retry_gets_the_first_answer_and_acts_once(world: World, bot: APIClient) -> None:
    make(bot)
    first = update(bot, "mira", "Night Owl", hunger(1), key="interaction-9")
    again = update(bot, "mira", "Night Owl", hunger(1), key="interaction-9")
    assert first.json() == again.json()
    assert Character.objects.get().sheet["hunger"] == 2
    other = update(bot, "mira", "Night Owl", hunger(2), key="interaction-9")
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")


@pytest.mark.req("S004-34")
@pytest.mark.parametrize(
    ("who", "status"), [("mira", 200), ("vesna", 200), ("olga", 200), ("jonas", 403), ("sam", 404)]
)
def test_each_person_acts_with_their_own_rights(world: World, bot: APIClient, who: str, status: int) -> None:
    made = make(bot)
    guild = {"guild": None} if who == "sam" else {}
    answer = update(bot, who, made["character"]["id"], hunger(1), **guild)
    assert answer.status_code == status
    assert Character.objects.get().sheet["hunger"] == (2 if status == 200 else 1)


def test_another_players_name_is_unknown_to_a_player(world: World, bot: APIClient) -> None:
    make(bot)
    answer = update(bot, "jonas", "Night Owl", hunger(1))
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_storyteller_reaches_a_players_character(world: World, bot: APIClient) -> None:
    make(bot)
    assert update(bot, "vesna", "Night Owl", hunger(1)).status_code == 200
    assert update(bot, "vesna", "Night Owl", hunger(1), player=DISCORD_IDS["mira"]).status_code == 200
    assert update(bot, "jonas", "Night Owl", hunger(1), player=DISCORD_IDS["mira"]).status_code == 403
    assert Character.objects.get().sheet["hunger"] == 3


BAD = [
    ({"changes": "x"}, 400, "changes"),
    ({"changes": [7]}, 400, "changes.0"),
    ({"changes": [{"path": "../x"}]}, 400, "changes.0.path"),
    ({"changes": [{"path": "hunger", "op": "double"}]}, 400, "changes.0.op"),
    ({"changes": [{"path": "fangs", "value": 1}]}, 400, "fangs"),
    ({"changes": [hunger(6, "set")]}, 400, "hunger"),
    ({"changes": [hunger(-1, "set")]}, 400, "hunger"),
    ({"changes": [{"path": "hunger", "value": True}]}, 400, "hunger"),
    ({"changes": [{"path": "hunger", "value": "2"}]}, 400, "hunger"),
    ({"changes": [{"path": "hunger", "value": 10**30}]}, 400, "hunger"),
    ({"changes": [{"path": "name", "value": "x" * 51}]}, 400, "name"),
    ({"changes": [{"path": "name", "value": "   "}]}, 400, "name"),
    ({"changes": [{"path": "avatar", "value": "/etc/passwd"}]}, 403, None),
    ({"changes": [{"path": "storyteller_notes", "value": "psst"}]}, 403, None),
    ({"changes": [], "base_version": "1"}, 400, "base_version"),
    ({"changes": [], "base_version": 99}, 400, "base_version"),
    ({"changes": [hunger(1)] * 201}, 400, None),
    ({"splat": "unicorn"}, 400, None),
    ({"character": ["x"]}, 400, "character"),
    ({"character": "x" * 200}, 400, "character"),
    ({"character": "5f0c7d1e-3b1a-4c55-9d0e-8a6f2b7c9d10"}, 404, None),
    ({"player": "me"}, 400, "player"),
    ({"actor": None}, 400, "actor"),
    ({"interaction": "x"}, 400, "interaction"),
]


@pytest.mark.req("S004-34")
@pytest.mark.parametrize(("wrong", "status", "field"), BAD, ids=[str(case[0])[:40] for case in BAD])
def test_bad_input_is_a_clear_error_and_changes_nothing(
    world: World, bot: APIClient, wrong: dict[str, Any], status: int, field: str | None
) -> None:
    make(bot)
    before = (Character.objects.values().get(), Event.objects.count())
    body = bot_body("mira", character="Night Owl", changes=[hunger(1)]) | wrong
    answer = bot.patch(URL, body, format="json")
    assert answer.status_code == status, answer.json()
    assert answer.json()["code"]
    assert answer.json()["detail"].strip().endswith((".", "?"))
    if field:
        assert field in answer.json()["fields"]
    assert (Character.objects.values().get(), Event.objects.count()) == before


@pytest.mark.parametrize("body", ["", "nonsense", "[]", '"x"', "{", "null", '{"actor": 1}', "NaN"])
def test_malformed_bodies_are_refused(world: World, bot: APIClient, body: str) -> None:
    for method in (bot.post, bot.patch, bot.delete):
        answer = method(URL, data=body, content_type="application/json")
        assert answer.status_code == 400, answer.content
        assert answer.json()["code"] in ("invalid", "malformed")
    assert not Character.objects.exists()


def test_an_oversized_body_is_refused(world: World, bot: APIClient) -> None:
    body = bot_body("mira", splat="vampire5th", changes=[]) | {"name": "x" * 2_000_000}
    answer = bot.post(URL, body, format="json")
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_several_wrong_values_are_all_named(world: World, bot: APIClient) -> None:
    make(bot)
    answer = update(bot, "mira", "Night Owl", hunger(9, "set"), {"path": "strength", "value": 0})
    assert set(answer.json()["fields"]) == {"hunger", "strength"}


def test_a_stale_version_tells_both_values_and_who(world: World, bot: APIClient) -> None:
    made = make(bot)
    update(bot, "vesna", made["character"]["id"], hunger(4, "set"))
    answer = update(bot, "mira", "Night Owl", hunger(2, "set"), base_version=1)
    assert answer.status_code == 409
    conflict = answer.json()["conflicts"][0]
    assert (conflict["yours"], conflict["theirs"], conflict["by"]) == (2, 4, "Vesna")
    merged = update(bot, "mira", "Night Owl", {"path": "strength", "value": 3}, hunger(1), base_version=1)
    assert merged.json()["event"]["changes"] == {"strength": [1, 3], "hunger": [4, 5]}


@pytest.mark.engine
def test_names_for_completion(world: World, bot: APIClient) -> None:
    for name in ("Night Owl", "Owl of Minerva", "Kestrel"):
        make(bot, name=name)
    query = {"actor": DISCORD_IDS["mira"], "guild": bot_body("mira")["guild"]["id"], "q": "owl"}
    found = bot.get(URL, query).json()["results"]
    assert [character["name"] for character in found] == ["Owl of Minerva", "Night Owl"]
    others = bot.get(URL, query | {"actor": DISCORD_IDS["jonas"], "player": DISCORD_IDS["mira"]}).json()
    assert others["results"] == []
    teller = bot.get(URL, query | {"actor": DISCORD_IDS["vesna"], "player": DISCORD_IDS["mira"]}).json()
    assert len(teller["results"]) == 2
    assert bot.get(URL, query | {"actor": "999"}).json()["results"] == []


def test_delete_and_the_way_back(world: World, bot: APIClient) -> None:
    made = make(bot)
    gone = bot.delete(URL, bot_body("mira", character="Night Owl"), format="json")
    assert gone.json()["event"]["type"] == "character.deleted"
    assert update(bot, "mira", "Night Owl", hunger(1)).status_code == 404
    named = bot_body("mira", character=made["character"]["id"])
    back = bot.post(f"{URL}/restore", named, format="json")
    assert back.json()["event"]["changes"]["hunger"] == [None, 1]
    assert bot.post(f"{URL}/restore", named, format="json").json()["code"] == "not_deleted"


def test_a_storyteller_cannot_delete_a_players_character(world: World, bot: APIClient) -> None:
    made = make(bot)
    answer = bot.delete(URL, bot_body("vesna", character=made["character"]["id"]), format="json")
    assert answer.status_code == 403
    assert Character.objects.get().deleted_at is None


def test_undo_and_why_not(world: World, bot: APIClient) -> None:
    make(bot)
    first = update(bot, "mira", "Night Owl", hunger(1)).json()["event"]
    update(bot, "vesna", "Night Owl", hunger(1))
    named = bot_body("mira", character="Night Owl")
    blocked = bot.post(f"{URL}/undo", named | {"event": first["id"]}, format="json")
    assert (blocked.status_code, blocked.json()["code"]) == (409, "undo_blocked")
    assert blocked.json()["events"][0]["actor"]["name"] == "Vesna"
    last = bot.post(f"{URL}/undo", named, format="json").json()
    assert last["event"]["changes"] == {"hunger": [3, 2]}
    assert bot.post(f"{URL}/undo", named, format="json").json()["event"]["undoes"] == first["id"]
    assert bot.post(f"{URL}/undo", named, format="json").json()["code"] == "nothing_to_undo"


@pytest.mark.engine
def test_history_tells_who_when_and_what(world: World, bot: APIClient) -> None:
    make(bot)
    for _ in range(3):
        update(bot, "mira", "Night Owl", hunger(1), command="/vampire update hunger:1")
    named = bot_body("mira", character=None, limit=2)
    page = bot.post(f"{URL}/history", named, format="json").json()["events"]
    assert [event["version"] for event in page] == [4, 3]
    rest = bot.post(f"{URL}/history", named | {"before": 3}, format="json").json()["events"]
    assert [event["type"] for event in rest] == ["character.updated", "character.created"]
    other = bot.post(f"{URL}/history", bot_body("jonas", character="Night Owl"), format="json")
    assert other.status_code == 404


def test_the_default_character(world: World, bot: APIClient) -> None:
    make(bot)
    only = update(bot, "mira", None, hunger(1)).json()
    assert only["chosen"] == "Night Owl (the only one that fits)"
    make(bot, name="Kestrel")
    ambiguous = update(bot, "mira", None, hunger(1))
    assert (ambiguous.status_code, ambiguous.json()["code"]) == (409, "ambiguous")
    assert {character["name"] for character in ambiguous.json()["characters"]} == {"Night Owl", "Kestrel"}
    chosen = bot.post(f"{URL}/default", bot_body("mira", character="Kestrel"), format="json").json()
    assert chosen["default"]["name"] == "Kestrel"
    assert update(bot, "mira", None, hunger(1)).json()["chosen"] == "Kestrel (your default)"
    cleared = bot.post(f"{URL}/default", bot_body("mira", character=None, clear=True), format="json")
    assert cleared.json() == {"default": None, "scope": "none"}
    direct = bot_body("mira", character="Kestrel", guild=None)
    assert bot.post(f"{URL}/default", direct, format="json").json()["code"] == "server_only"


def test_traits_for_completion(world: World, bot: APIClient) -> None:
    made = make(bot)
    query = {"actor": DISCORD_IDS["mira"], "character": made["character"]["id"], "q": "stre"}
    found = bot.get(f"{URL}/traits", query).json()["results"]
    assert [trait["label"] for trait in found] == ["Strength", "Streetwise"]
    assert found[0]["now"] == "1 of 5"


def test_entries_for_completion(world: World, bot: APIClient) -> None:
    made = make(bot)
    powers = [{"path": "disciplines", "op": "add", "value": {"name": "Dominate", "dots": 2}}]
    update(
        bot, "mira", "Night Owl", *powers, {"path": "disciplines", "op": "add", "value": {"name": "Auspex"}}
    )
    query = {"actor": DISCORD_IDS["mira"], "character": made["character"]["id"], "trait": "disciplines"}
    found = bot.get(f"{URL}/entries", query).json()["results"]
    assert [entry["label"] for entry in found] == ["Dominate (2)", "Auspex (1)"]
    assert len(bot.get(f"{URL}/entries", query | {"q": "dom"}).json()["results"]) == 1
    for trait in ("hunger", "nothing"):
        assert bot.get(f"{URL}/entries", query | {"trait": trait}).json() == {"results": []}
    fellow = bot.get(f"{URL}/entries", query | {"actor": DISCORD_IDS["jonas"]})
    assert fellow.json() == {"results": []}
    assert bot.get(f"{URL}/entries", query | {"actor": DISCORD_IDS["sam"]}).status_code == 404


def test_the_schema_carries_its_hash(world: World, bot: APIClient) -> None:
    answer = bot.get("/bot/schema/")
    assert answer["ETag"].strip('"') == answer.json()["hash"]
    assert bot.get("/bot/schema", headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert APIClient().get("/bot/schema").status_code == 401


def test_a_change_takes_a_constant_number_of_statements(world: World, bot: APIClient) -> None:
    made = make(bot)
    counts = []
    for _ in range(3):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            update(bot, "mira", made["character"]["id"], hunger(1), key=str(uuid4()))
        counts.append(len(queries))
    print([query["sql"][:110] for query in queries])
    assert len(set(counts)) == 1
    assert counts[0] <= 14


def test_history_tells_what_was_taken_back(world: World, bot: APIClient) -> None:
    make(bot)
    update(bot, "mira", "Night Owl", hunger(1))
    named = bot_body("mira", character="Night Owl")
    undo = bot.post(f"{URL}/undo", named, format="json").json()["event"]
    newest, before, _ = bot.post(f"{URL}/history", named, format="json").json()["events"]
    assert (newest["undone_by"], before["undone_by"]) == (None, undo["id"])


def test_a_storyteller_acts_for_an_absent_player_and_both_are_named(world: World, bot: APIClient) -> None:
    new = {"splat": "vampire5th", "name": "Absent Owl", "changes": NEW}
    made = bot.post("/bot/characters", bot_body("mira") | new, format="json")
    assert made.status_code == 201, made.content
    hungry = {"character": "Absent Owl", "changes": [{"path": "hunger", "op": "set", "value": 3}]}
    absent = hungry | {"player": DISCORD_IDS["mira"]}
    changed = bot.patch("/bot/characters", bot_body("vesna", interaction="2") | absent, format="json").json()
    assert (changed["event"]["actor"]["name"], changed["event"]["acting_for"]["name"]) == ("Vesna", "Mira")
    full = {"character": "Absent Owl", "changes": [{"path": "hunger", "op": "set", "value": 4}]}
    own = bot.patch("/bot/characters", bot_body("mira", interaction="3") | full, format="json").json()
    assert own["event"]["acting_for"] is None
    refused = bot.patch("/bot/characters", bot_body("jonas", interaction="4") | absent, format="json")
    assert refused.status_code == 403
