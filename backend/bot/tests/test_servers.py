"""The bot API about guilds: the key, mirroring, settings, retries; by persona."""

from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from chronicle.models import Server, ServerMember
from testing.personas import (
    DISCORD_IDS,
    GUILD,
    NARRATOR,
    PLAYER,
    TABLE_CHANNEL,
    TRACKER_CHANNEL,
    World,
    bot_body,
)

NEW_GUILD = "790000000000000001"


def guild_body(**changes: Any) -> dict[str, Any]:
    body = {
        "name": "Harbour",
        "icon": None,
        "owner_id": DISCORD_IDS["mira"],
        "roles": [
            {"id": NEW_GUILD, "name": "@everyone", "color": 0, "position": 0, "permissions": "1024"},
            {"id": "790000000000000002", "name": "Boss", "color": 255, "position": 1, "permissions": "8"},
        ],
        "channels": [{"id": "790000000000000003", "name": "docks", "type": 0, "position": 0}],
    }
    return body | changes


@pytest.mark.req("S004-33", "CARD-10")
@pytest.mark.parametrize("header", ["", "Api-Key", "Api-Key wrong", "Bearer x", "Api-Key \udcff"])
def test_without_a_valid_key_nothing_answers(world: World, bot: APIClient, header: str) -> None:
    stranger = APIClient(HTTP_AUTHORIZATION=header) if header else APIClient()
    answer = stranger.put(f"/bot/servers/{NEW_GUILD}", guild_body(), format="json")
    assert answer.status_code == 401
    assert answer.json()["code"] == "bad_key"
    assert answer["WWW-Authenticate"] == "Api-Key"
    assert not Server.objects.filter(discord_id=NEW_GUILD).exists()


@pytest.mark.req("S004-33", "CARD-10")
def test_every_configured_key_is_valid_while_keys_rotate(world: World, bot: APIClient, settings: Any) -> None:
    for key in settings.API_KEYS:
        answer = APIClient(HTTP_AUTHORIZATION=f"Api-Key {key}").put(
            f"/bot/servers/{NEW_GUILD}", guild_body(), format="json"
        )
        assert answer.status_code == 200


def test_no_keys_configured_lets_nobody_in(db: Any, settings: Any) -> None:
    settings.API_KEYS = []
    answer = APIClient(HTTP_AUTHORIZATION="Api-Key ").put("/bot/servers/1", {}, format="json")
    assert answer.status_code == 401


def test_a_signed_in_browser_is_not_the_discord_process(world: World, browser: Any) -> None:
    client: Client = browser("root")
    assert client.delete(f"/bot/servers/{GUILD}").status_code == 401


@pytest.mark.engine
@pytest.mark.req("S004-32")
def test_a_guild_is_mirrored_and_again_changes_nothing(world: World, bot: APIClient) -> None:
    first = bot.put(f"/bot/servers/{NEW_GUILD}", guild_body(), format="json")
    assert (first.status_code, first.json()["changed"]) == (200, True)
    second = bot.put(f"/bot/servers/{NEW_GUILD}/", guild_body(), format="json")
    assert second.json()["changed"] is False
    server = Server.objects.get(discord_id=NEW_GUILD)
    assert server.owner == world.mira
    assert server.roles.get(name="Boss").permissions == {"administrator": "allow"}


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"roles": "x"}, "roles"),
        ({"roles": [{"id": 5, "name": "a"}]}, "roles.0.id"),
        ({"channels": [{"id": "5", "name": ["a"]}]}, "channels.0.name"),
        ({"owner_id": "me"}, "owner_id"),
        ({"name": 7}, "name"),
        ({"roles": [{"id": "5", "name": "a", "permissions": "many"}]}, "roles.0.permissions"),
        ({"roles": [{"id": "5", "name": "a", "position": 2**40}]}, "roles.0.position"),
    ],
)
def test_a_malformed_guild_names_the_path(
    world: World, bot: APIClient, changes: dict[str, Any], path: str
) -> None:
    answer = bot.put(f"/bot/servers/{NEW_GUILD}", guild_body(**changes), format="json")
    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid"
    assert list(answer.json()["fields"]) == [path]
    assert not Server.objects.filter(discord_id=NEW_GUILD).exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"roles": [{"id": NARRATOR, "name": "Boss"}]},
        {"channels": [{"id": TABLE_CHANNEL, "name": "docks"}]},
    ],
    ids=["role", "channel"],
)
def test_what_belongs_to_another_server_is_a_conflict(
    world: World, bot: APIClient, changes: dict[str, Any]
) -> None:
    answer = bot.put(f"/bot/servers/{NEW_GUILD}", guild_body(**changes), format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert "Another server" in answer.json()["detail"]
    assert not Server.objects.filter(discord_id=NEW_GUILD).exists()


@pytest.mark.parametrize("body", [b"[]", b"{", b'"x"', b"null", b"\xff"])
def test_bodies_that_are_no_object_are_refused(world: World, bot: APIClient, body: bytes) -> None:
    answer = bot.generic("PUT", f"/bot/servers/{NEW_GUILD}", body, content_type="application/json")
    assert answer.status_code == 400
    assert set(answer.json()) >= {"code", "detail"}


def test_too_many_members_at_once_are_refused(world: World, bot: APIClient) -> None:
    people = [{"id": str(number), "username": "x", "roles": []} for number in range(1, 1002)]
    answer = bot.put(f"/bot/servers/{GUILD}/members", {"members": people}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


@pytest.mark.engine
@pytest.mark.req("S004-32")
def test_members_are_mirrored_and_bots_left_out(world: World, bot: APIClient) -> None:
    people = [
        {"id": DISCORD_IDS["mira"], "username": "mira", "global_name": "Mira", "avatar": None, "nick": "Mi",
         "roles": [PLAYER], "permissions": "0", "bot": False},
        {"id": "790000000000000009", "username": "dicebot", "roles": [], "bot": True},
    ]  # fmt: skip
    answer = bot.put(f"/bot/servers/{GUILD}/members", {"members": people, "complete": True}, format="json")
    assert answer.json() == {"added": 0, "changed": 1, "removed": 3, "refused": 0}
    assert ServerMember.objects.get(server=world.server).nickname == "Mi"


def test_an_empty_complete_list_does_not_throw_everybody_out(world: World, bot: APIClient) -> None:
    answer = bot.put(f"/bot/servers/{GUILD}/members", {"members": [], "complete": True}, format="json")
    assert answer.status_code == 400
    assert world.server.members.count() == 4


@pytest.mark.engine
@pytest.mark.req("S004-32")
def test_leaving_takes_the_member_and_the_guild_away_but_deletes_neither(
    world: World, bot: APIClient
) -> None:
    path = f"/bot/servers/{GUILD}/members/{DISCORD_IDS['jonas']}"
    assert bot.delete(path).json() == {"removed": True}
    assert bot.delete(path).json() == {"removed": False}
    assert bot.delete(f"/bot/servers/{GUILD}").json()["server"]["left"] is True
    assert Server.objects.filter(discord_id=GUILD).exists()
    assert bot.delete(f"/bot/servers/{NEW_GUILD}").status_code == 404


@pytest.mark.engine
@pytest.mark.req("S004-34")
@pytest.mark.parametrize(("name", "status"), [("olga", 200), ("vesna", 403), ("mira", 403), ("sam", 403)])
def test_settings_are_changed_by_those_only_who_manage_the_server(
    world: World, bot: APIClient, name: str, status: int
) -> None:
    body = bot_body(name, tracker_channel=TRACKER_CHANNEL, storyteller_roles=[PLAYER], edition="20th")
    answer = bot.patch(f"/bot/servers/{GUILD}", body, format="json")
    assert answer.status_code == status, answer.content
    server = Server.objects.get(pk=world.server.pk)
    if status == 200:
        assert (server.tracker_channel, server.edition) == (TRACKER_CHANNEL, "20th")
        shown = answer.json()["server"]
        assert shown["storyteller_roles"] == [{"id": PLAYER, "name": "Player"}]
    else:
        assert (server.tracker_channel, server.edition) == ("", "5th")


def test_one_wrong_setting_leaves_all_as_they_were(world: World, bot: APIClient) -> None:
    body = bot_body("olga", tracker_channel=TRACKER_CHANNEL, edition="9th")
    answer = bot.patch(f"/bot/servers/{GUILD}", body, format="json")
    assert answer.status_code == 400
    assert "edition" in answer.json()["fields"]
    assert Server.objects.get(pk=world.server.pk).tracker_channel == ""


def test_info_tells_a_member_about_the_server(world: World, bot: APIClient) -> None:
    answer = bot.post(f"/bot/servers/{GUILD}/info", bot_body("vesna"), format="json")
    server = answer.json()["server"]
    assert (server["name"], server["members"], server["edition"]) == ("Night Court", 4, "5th")
    assert server["chronicles"][0]["storytellers"] == ["Vesna"]
    assert server["chronicles"][0]["default"] is True
    assert server["url"].endswith(f"/?chronicle={world.chronicle.pk}")
    assert server["you"] == {"roles": ["Narrator"], "storyteller": True, "admin": False}
    assert server["storyteller_roles"] == [{"id": NARRATOR, "name": "Narrator"}]


def test_the_guild_of_the_address_must_be_the_guild_of_the_command(world: World, bot: APIClient) -> None:
    answer = bot.post(f"/bot/servers/{NEW_GUILD}/info", bot_body("vesna"), format="json")
    assert answer.status_code == 404
    assert (
        bot.post(f"/bot/servers/{GUILD}/info", bot_body("mira", guild=None), format="json").status_code == 400
    )


@pytest.mark.engine
@pytest.mark.req("S004-35")
def test_a_retry_gets_the_first_answer_and_acts_once(world: World, bot: APIClient) -> None:
    body = bot_body("olga", edition="20th")
    key = {"HTTP_IDEMPOTENCY_KEY": "interaction-1"}
    first = bot.patch(f"/bot/servers/{GUILD}", body, format="json", **key)
    version = Server.objects.get(pk=world.server.pk).version
    bot.patch(f"/bot/servers/{GUILD}", bot_body("olga", edition="cod"), format="json")
    again = bot.patch(f"/bot/servers/{GUILD}", body, format="json", **key)
    assert (again.status_code, again.json()["id"]) == (first.status_code, first.json()["id"])
    assert again.json()["server"]["edition"] == "cod", "as it is by now"
    server = Server.objects.get(pk=world.server.pk)
    assert (server.edition, server.version) == ("cod", version + 1)


@pytest.mark.req("S004-35")
def test_a_key_used_for_another_request_is_refused(world: World, bot: APIClient) -> None:
    key = {"HTTP_IDEMPOTENCY_KEY": "interaction-1"}
    bot.patch(f"/bot/servers/{GUILD}", bot_body("olga", edition="20th"), format="json", **key)
    other = bot.patch(f"/bot/servers/{GUILD}", bot_body("olga", edition="cod"), format="json", **key)
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    # Another person's key of the same text is another key.
    theirs = bot.patch(f"/bot/servers/{GUILD}", bot_body("mira", edition="cod"), format="json", **key)
    assert theirs.status_code == 403


def test_a_closed_account_may_not_act(world: World, bot: APIClient) -> None:
    world.mira.is_active = False
    world.mira.save(update_fields=["is_active"])
    for guild in (GUILD, None):
        path = f"/bot/servers/{GUILD}/info"
        assert bot.post(path, bot_body("mira", guild=guild), format="json").status_code == 403


def test_info_costs_the_same_however_many_members(
    world: World, bot: APIClient, django_assert_max_num_queries: Any
) -> None:
    people = [{"id": str(number), "username": f"u{number}", "roles": [NARRATOR]} for number in range(1, 200)]
    bot.put(f"/bot/servers/{GUILD}/members", {"members": people}, format="json")
    with django_assert_max_num_queries(8):  # two to know who asks, six to answer
        answer = bot.post(f"/bot/servers/{GUILD}/info", bot_body("vesna"), format="json")
    assert answer.json()["server"]["members"] == 203
    assert len(answer.json()["server"]["chronicles"][0]["storytellers"]) == 25
