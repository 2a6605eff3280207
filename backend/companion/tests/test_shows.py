"""The API for shows to the letter of S002: addresses, shapes, statuses, tokens."""

import re
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from chronicle.models import Server
from companion.models import Campaign, LayoutOverrides, Roster
from companion.tests.shows import OPERATOR, Api
from haven.models import Character
from timeline.models import Event

ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
LISTED = ["id", "slug", "name", "description", "created_at", "updated_at"]


@pytest.fixture
def at(made: dict[str, Any]) -> str:
    return f"/{made['id']}"


@pytest.fixture
def aria(api: Api, at: str) -> dict[str, Any]:
    body = {
        "name": "Aria",
        "player_name": "Sam",
        "class": "Ranger",
        "race": "Elf",
        "stats": {"hp": {"current": 18, "max": 24}, "ac": 15, "abilities": {"strength": 12, "wisdom": 16}},
    }
    return dict(api.ok("POST", f"{at}/characters", body, 201))


# Campaigns


@pytest.mark.req("S002-18")
def test_an_empty_system_lists_nothing(everybody: Api) -> None:
    for path in ("", "/"):
        answer = everybody("GET", path)
        assert (answer.status_code, answer.json()) == (200, [])


@pytest.mark.req("S002-19", "S002-20", "S002-21", "S002-22", "S002-25", "S002-26", "S002-27", "S002-28")
def test_a_campaign_is_made_listed_and_read(operator: Api, everybody: Api) -> None:
    body = {"slug": "curse-of-strahd", "name": "Curse of Strahd", "description": "Barovia"}
    made = operator.ok("POST", "", body, 201)
    assert {name: made[name] for name in body} == body
    assert made["admin_token"].startswith("admin_")
    assert made["message"] == "Save this token securely - you'll need it for admin operations"
    assert list(made) == [*LISTED, "admin_token", "message"]
    assert ISO.match(made["created_at"])
    assert ISO.match(made["updated_at"])
    (listed,) = everybody.ok("GET", "")
    assert list(listed) == LISTED
    assert UUID(listed["id"]) == UUID(made["id"])
    for ref in (made["id"], "curse-of-strahd"):
        detail = everybody.ok("GET", f"/{ref}/")
        assert {name: detail[name] for name in LISTED} == listed
        assert "admin_token" not in detail
    campaign = Campaign.objects.get()
    assert made["admin_token"] not in str(vars(campaign))
    assert campaign.is_public


@pytest.mark.req("S002-24")
def test_the_description_may_be_left_out(operator: Api) -> None:
    assert operator.ok("POST", "/", {"slug": "short", "name": "Short"}, 201)["description"] == ""


@pytest.mark.req("S002-31")
def test_the_detail_counts_and_what_is_unknown_is_not_found(
    api: Api, at: str, aria: dict[str, Any], everybody: Api
) -> None:
    detail = everybody.ok("GET", at)
    assert (detail["characters"], detail["episodes"]) == (1, 0)
    assert detail["events"] >= 2
    for ref in (str(uuid4()), "nothing-like-it", "x" * 90, "%00"):
        assert everybody("GET", f"/{ref}").status_code == 404


@pytest.mark.req("S002-32")
def test_a_campaign_is_renamed(api: Api, at: str, everybody: Api) -> None:
    changed = api.ok("PATCH", at, {"name": "Ravenloft", "slug": "ravenloft"})
    assert (changed["name"], changed["slug"], changed["description"]) == (
        "Ravenloft",
        "ravenloft",
        "Barovia",
    )
    assert everybody.ok("GET", "/ravenloft")["name"] == "Ravenloft"
    assert everybody("GET", "/curse-of-strahd").status_code == 404
    assert everybody.ok("GET", f"{at}/events")[0]["data"]["kind"] == "campaign"


@pytest.mark.req("S002-26")
@pytest.mark.parametrize(
    "slug", ["", "two words", "ä", "a/b", "x" * 101, "0195d2f2-7f0a-7a4e-9f5a-1d8b3f1c2a3b", 7, None]
)
def test_a_slug_is_safe_in_an_address(operator: Api, slug: Any) -> None:
    found = operator.refused("POST", "", {"slug": slug, "name": "X"}, 400, "invalid")
    assert "slug" in found["fields"]
    assert not Server.objects.exists()


@pytest.mark.req("S002-26")
@pytest.mark.parametrize("slug", ["curse-of-strahd", "CURSE-of-strahd"])
def test_a_slug_is_taken_once(operator: Api, made: dict[str, Any], slug: str) -> None:
    found = operator.refused("POST", "", {"slug": slug, "name": "Other"}, 409, "slug_taken")
    assert list(found["fields"]) == ["slug"]
    assert Campaign.objects.count() == Server.objects.count() == 1
    other = operator.ok("POST", "", {"slug": "other", "name": "Other"}, 201)
    own = operator.by(other["admin_token"])
    own.refused("PATCH", f"/{other['id']}", {"slug": slug, "name": "Changed"}, 409, "slug_taken")
    assert own.ok("GET", f"/{other['id']}")["name"] == "Other"


# Tokens

ADMIN_OPERATIONS = [
    ("PATCH", "", {"name": "X"}),
    ("POST", "/admin-token", {}),
    ("POST", "/characters", {"name": "X"}),
    ("PATCH", "/characters/{aria}", {"name": "X"}),
    ("DELETE", "/characters/{aria}", None),
    ("POST", "/characters/{aria}/portrait", None),
    ("POST", "/characters/{aria}/background", None),
    ("POST", "/episodes", {"title": "X"}),
    ("POST", "/events", {"event_type": "custom", "data": {}}),
    ("PATCH", "/roster", {"character_ids": []}),
    ("PATCH", "/layout/large", {"badges": {}}),
]


@pytest.mark.req("S002-23", "S002-29", "S002-63")
@pytest.mark.parametrize(("method", "path", "body"), ADMIN_OPERATIONS)
def test_changes_need_this_campaigns_token(
    operator: Api, everybody: Api, at: str, aria: dict[str, Any], method: str, path: str, body: Any
) -> None:
    other = operator.ok("POST", "", {"slug": "other", "name": "Other"}, 201)
    address = at + path.format(aria=aria["id"])
    before = Event.objects.count()
    everybody.refused(method, address, body, 401, "token_missing")
    for wrong in ("admin_wrong", "x" * 5000, "ä", OPERATOR + "x", OPERATOR[:-1], other["admin_token"]):
        everybody.by(wrong).refused(method, address, body, 403, "token_wrong")
    assert Event.objects.count() == before


@pytest.mark.req("S002-23")
def test_only_the_operator_makes_campaigns(api: Api, everybody: Api, settings: Any) -> None:
    body = {"slug": "other", "name": "Other"}
    everybody.refused("POST", "", body, 401, "token_missing")
    api.refused("POST", "", body, 403, "token_wrong")
    settings.ADMIN_TOKEN = ""
    for token in (OPERATOR, "0"):
        everybody.by(token).refused("POST", "", body, 403, "token_wrong")
    assert Campaign.objects.count() == 1


@pytest.mark.req("S002-29", "S002-63")
def test_the_operators_token_runs_all_and_both_headers_count(
    operator: Api, everybody: Api, made: dict[str, Any]
) -> None:
    assert operator.ok("PATCH", f"/{made['id']}", {"name": "By the operator"})["name"] == "By the operator"
    answer = everybody("PATCH", f"/{made['id']}", {"name": "By X-Token"}, **{"X-Token": made["admin_token"]})
    assert answer.json()["name"] == "By X-Token"


@pytest.mark.req("S002-30")
def test_a_token_is_rotated_and_the_old_one_is_dead_at_once(api: Api, at: str) -> None:
    fresh = api.ok("POST", f"{at}/admin-token", {})["admin_token"]
    assert fresh.startswith("admin_")
    assert fresh != api.token
    api.refused("PATCH", at, {"name": "X"}, 403, "token_wrong")
    assert api.by(fresh).ok("PATCH", at, {"name": "X"})["name"] == "X"


def test_a_retry_of_a_creation_gets_a_token_that_works(operator: Api) -> None:
    body = {"slug": "once", "name": "Once"}
    first, second = (
        operator("POST", "", body, **{"Idempotency-Key": "make-it-once"}).json() for _ in range(2)
    )
    assert first["id"] == second["id"]
    assert Campaign.objects.count() == 1
    assert operator.by(second["admin_token"]).ok("PATCH", f"/{first['id']}", {"name": "Y"})["name"] == "Y"


# Characters


@pytest.mark.req("S002-34", "S002-35", "S002-36", "S002-39", "S002-40", "S002-41")
def test_a_character_is_made_and_everybody_reads_it(
    everybody: Api, made: dict[str, Any], at: str, aria: dict[str, Any]
) -> None:
    specified = ["id", "campaign_id", "name", "player_name", "class", "race", "stats"]
    specified += ["portrait_url", "background_url", "created_at", "updated_at"]
    assert set(specified) <= set(aria)
    assert (aria["name"], aria["player_name"], aria["class"], aria["race"]) == (
        "Aria",
        "Sam",
        "Ranger",
        "Elf",
    )
    assert aria["campaign_id"] == made["id"]
    assert aria["stats"]["hp"] == {"current": 18, "max": 24, "temporary": 0}
    assert aria["stats"]["ac"] == 15
    assert aria["stats"]["abilities"]["wisdom"] == 16
    assert (aria["portrait_url"], aria["background_url"]) == (None, None)
    assert everybody.ok("GET", f"{at}/characters") == [aria]
    assert everybody.ok("GET", f"{at}/characters/{aria['id']}") == aria


@pytest.mark.req("S002-37")
def test_a_changed_stat_is_an_event(api: Api, at: str, aria: dict[str, Any]) -> None:
    address = f"{at}/characters/{aria['id']}"
    changed = api.ok("PATCH", address, {"stats": {"hp": 3}, "name": "Aria Bright"})
    assert (changed["name"], changed["stats"]["hp"]["current"]) == ("Aria Bright", 3)
    newest = api.ok("GET", f"{at}/events")[0]
    assert newest["character_id"] == aria["id"]
    assert newest["data"]["character"]["stats"]["hp"]["current"] == 3
    api.ok("PATCH", address, {"stats": {"hp": 9}})
    newest = api.ok("GET", f"{at}/events")[0]
    assert (newest["event_type"], newest["data"]["before"], newest["data"]["after"]) == ("hp_change", 3, 9)


def test_what_a_sheet_has_no_place_for_is_refused_by_name(api: Api, at: str, aria: dict[str, Any]) -> None:
    address, before = f"{at}/characters/{aria['id']}", Event.objects.count()
    body = {"stats": {"hp": 5, "abilities": {"sanity": 3}, "gauges": {"hunger": 2}}}
    found = api.refused("PATCH", address, body, 400, "invalid")
    assert set(found["fields"]) == {"stats.abilities.sanity", "stats.gauges.hunger"}
    assert Event.objects.count() == before
    assert api.ok("GET", address)["stats"]["hp"]["current"] == 18


def test_any_type_of_character_may_be_on_stage(api: Api, at: str) -> None:
    body = {"name": "Nadia", "splat": "vampire5th", "class": "Brujah", "stats": {"gauges": {"hunger": 3}}}
    nadia = api.ok("POST", f"{at}/characters", body, 201)
    gauges = {gauge["path"]: gauge["value"] for gauge in nadia["stats"]["gauges"]}
    assert (nadia["class"], gauges["hunger"], "hp" in nadia["stats"]) == ("Brujah", 3, False)
    answer = api.refused("POST", f"{at}/characters", {"name": "X", "splat": "robot"}, 400, "invalid")
    assert "splat" in answer["fields"]


@pytest.mark.req("S002-38")
def test_a_deleted_character_leaves_the_roster(api: Api, at: str, aria: dict[str, Any]) -> None:
    api.ok("PATCH", f"{at}/roster", {"character_ids": [aria["id"]]})
    assert api.ok("DELETE", f"{at}/characters/{aria['id']}", status=204) is None
    assert api("GET", f"{at}/characters/{aria['id']}").status_code == 404
    assert api.ok("GET", f"{at}/roster")["character_ids"] == []
    assert Roster.objects.get().character_ids == []
    body = {"event_type": "hp_change", "character_id": aria["id"], "data": {"delta": -1}}
    api.refused("POST", f"{at}/events", body, 404, "no_such_character")
    assert "Aria" not in str(api.ok("GET", f"{at}/events"))


@pytest.mark.req("S002-02", "S002-33")
def test_what_is_another_campaigns_is_not_found(
    operator: Api, api: Api, at: str, aria: dict[str, Any]
) -> None:
    other = operator.ok("POST", "", {"slug": "other", "name": "Other"}, 201)
    foreign, there = operator.by(other["admin_token"]), f"/{other['id']}"
    episode = api.ok("POST", f"{at}/episodes", {"title": "One"}, 201)
    events = Event.objects.count()
    for method, path, body in (
        ("GET", f"/characters/{aria['id']}", None),
        ("PATCH", f"/characters/{aria['id']}", {"name": "Mine"}),
        ("DELETE", f"/characters/{aria['id']}", None),
        ("POST", "/events", {"event_type": "custom", "character_id": aria["id"], "data": {}}),
        ("POST", "/events", {"event_type": "hp_change", "character_id": aria["id"], "data": {"delta": 1}}),
        ("PATCH", "/roster", {"character_ids": [aria["id"]]}),
        ("PATCH", f"/episodes/{episode['id']}", {"title": "Mine"}),
    ):
        answer = foreign(method, there + path, body)
        assert answer.status_code == 404, (method, path, answer.content)
    assert foreign.ok("GET", f"{there}/characters") == foreign.ok("GET", f"{there}/episodes") == []
    assert Event.objects.count() == events
    assert foreign.ok("GET", f"{there}/events?character_id={aria['id']}") == []


# Sessions


@pytest.mark.req("S002-46", "S002-47")
def test_episodes_are_written_down_changed_and_read(api: Api, at: str, everybody: Api) -> None:
    body = {"episode_number": 4, "title": "Death House", "date": "2026-01-09", "summary": "They went in."}
    made = api.ok("POST", f"{at}/episodes", body, 201)
    assert {name: made[name] for name in ("episode_number", "title", "summary")} == {
        "episode_number": 4,
        "title": "Death House",
        "summary": "They went in.",
    }
    assert datetime.fromisoformat(made["date"]).date().isoformat() == "2026-01-09"
    ahead = api.ok("POST", f"{at}/episodes", {"title": "Next", "date": "2030-05-01T19:00:00Z"}, 201)
    assert (ahead["episode_number"], ahead["status"]) == (5, "planned")
    found = api.refused(
        "PATCH", f"{at}/episodes/{ahead['id']}", {"episode_number": 4}, 409, "episode_number_taken"
    )
    assert list(found["fields"]) == ["episode_number"]
    api.refused("POST", f"{at}/episodes", body | {"date": "2026-01-10"}, 409, "episode_number_taken")
    changed = api.ok(
        "PATCH", f"{at}/episodes/{made['id']}", {"summary": "They came out.", "date": "2026-01-08"}
    )
    assert changed["summary"] == "They came out."
    assert [one["episode_number"] for one in everybody.ok("GET", f"{at}/episodes/")] == [4, 5]


# Events


@pytest.mark.req("S002-48", "S002-49", "S002-50", "S002-51")
def test_events_really_change_characters(api: Api, at: str, aria: dict[str, Any], everybody: Api) -> None:
    hurt = {"event_type": "hp_change", "character_id": aria["id"], "data": {"delta": -100}}
    posted = api.ok("POST", f"{at}/events", hurt, 201)
    assert list(posted) == ["id", "campaign_id", "character_id", "event_type", "data", "created_at", "seq"]
    assert (posted["event_type"], posted["data"]["before"], posted["data"]["after"]) == ("hp_change", 18, 0)
    poison = {"event_type": "condition", "character_id": aria["id"], "data": {"condition": "Poisoned"}}
    assert api.ok("POST", f"{at}/events", poison, 201)["event_type"] == "condition"
    shown = everybody.ok("GET", f"{at}/characters/{aria['id']}")
    assert shown["stats"]["hp"]["current"] == 0
    assert "Poisoned" in shown["conditions"]
    api.ok("POST", f"{at}/events", {**poison, "data": {"condition": "Poisoned", "on": False}}, 201)
    assert "Poisoned" not in everybody.ok("GET", f"{at}/characters/{aria['id']}")["conditions"]
    custom = {"event_type": "custom", "data": {"text": "The mists close in."}}
    note = api.ok("POST", f"{at}/events", custom, 201)
    assert note["data"]["note"] == {"text": "The mists close in."}
    listed = everybody.ok("GET", f"{at}/events")
    assert [event["seq"] for event in listed] == list(range(len(listed), 0, -1))
    assert listed[0] == note
    of_type = everybody.ok("GET", f"{at}/events?event_type=condition&character_id={aria['id']}")
    assert [event["event_type"] for event in of_type] == ["condition", "condition"]
    assert everybody.ok("GET", f"{at}/events?after={listed[1]['seq']}") == [note]
    assert len(everybody.ok("GET", f"{at}/events?limit=2")) == 2


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"event_type": "explosion", "data": {}}, "event_type"),
        ({"event_type": "hp_change", "data": {"delta": 1}}, "character_id"),
        ({"event_type": "hp_change", "character_id": "aria", "data": {}}, "character_id"),
        ({"event_type": "custom", "data": "text"}, "data"),
        ({"event_type": "custom", "data": {"text": "x" * 9000}}, "data"),
        ({"event_type": "custom", "data": {}, "seq": 3}, "seq"),
    ],
)
def test_a_wrong_event_is_refused_by_its_field(api: Api, at: str, body: Any, field: str) -> None:
    before = Event.objects.count()
    assert field in api.refused("POST", f"{at}/events", body, 400, "invalid")["fields"]
    assert Event.objects.count() == before


@pytest.mark.parametrize("data", [{}, {"delta": "much"}, {"delta": 1, "value": 2}, {"condition": "Poisoned"}])
def test_wrong_data_of_an_event_is_refused(api: Api, at: str, aria: dict[str, Any], data: Any) -> None:
    body = {"event_type": "hp_change", "character_id": aria["id"], "data": data}
    api.refused("POST", f"{at}/events", body, 400, "invalid")


# Roster and layout


@pytest.mark.req("S002-53", "S002-54", "S002-55")
def test_the_roster_keeps_its_order_and_refuses_what_is_not_there(
    api: Api, at: str, aria: dict[str, Any], made: dict[str, Any], everybody: Api
) -> None:
    bran = api.ok("POST", f"{at}/characters", {"name": "Bran"}, 201)
    wanted = [bran["id"], aria["id"]]
    roster = api.ok("PATCH", f"{at}/roster", {"character_ids": wanted})
    assert roster["character_ids"] == wanted
    assert roster["campaign_id"] == made["id"]
    assert [one["name"] for one in everybody.ok("GET", f"{at}/roster")["characters"]] == ["Bran", "Aria"]
    api.refused("PATCH", f"{at}/roster", {"character_ids": [aria["id"]] * 2}, 400, "duplicate_character")
    api.refused("PATCH", f"{at}/roster", {"character_ids": [str(uuid4())]}, 404, "no_such_character")
    api.refused("PATCH", f"{at}/roster", {"character_ids": ["aria"]}, 400, "invalid")
    assert everybody.ok("GET", f"{at}/roster")["character_ids"] == wanted


@pytest.mark.req("S002-56", "S002-57", "S002-58")
def test_layout_is_merged_per_tier_and_read_back(api: Api, at: str, everybody: Api) -> None:
    api.ok("PATCH", f"{at}/layout/large", {"badges": {"hp": {"x": 10, "y": 20}, "ac": {"x": 1, "y": 2}}})
    merged = api.ok(
        "PATCH", f"{at}/layout/large", {"badges": {"ac": None}, "chips": {"poisoned": {"x": 5, "y": 5}}}
    )
    assert merged["badges"] == {"hp": {"x": 10.0, "y": 20.0}}
    assert merged["chips"] == {"poisoned": {"x": 5.0, "y": 5.0}}
    assert everybody.ok("GET", f"{at}/layout")["large"] == {
        "badges": merged["badges"],
        "chips": merged["chips"],
    }
    assert LayoutOverrides.objects.count() == 1
    for body in (
        {"badges": {"hp": {"x": 101, "y": 0}}},
        {"badges": {"hp": {"x": -1, "y": 0}}},
        {"badges": {"hp": {"x": 1}}},
        {"badges": {"../hp": {"x": 1, "y": 1}}},
        {"badges": []},
        {"badges": {f"b{number}": {"x": 1, "y": 1} for number in range(65)}},
    ):
        api.refused("PATCH", f"{at}/layout/large", body, 400, "invalid")
    assert "tier" in api.refused("PATCH", f"{at}/layout/huge", {"badges": {}}, 400, "invalid")["fields"]
    assert everybody.ok("GET", f"{at}/layout")["large"]["badges"] == merged["badges"]


def test_nothing_of_a_session_signs_in_here(client: Client, made: dict[str, Any]) -> None:
    """A cookie of somebody who is signed in opens nothing: there is no forged request to fear."""
    assert client.patch(f"/campaigns/{made['id']}", "{}", content_type="application/json").status_code == 401
    assert Character.objects.count() == 0
