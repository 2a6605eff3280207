"""A thread belongs to its channel's chronicle unless it is bound itself; posts of a forum too (case DISC-02)."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from chronicle.models import Chronicle, Server, ServerChannel
from chronicle.rights import can
from chronicle.services import bind_channel, create_chronicle
from haven.tests.kit import make, sets
from testing.personas import DISCORD_IDS, GUILD, SYSTEM, TABLE_CHANNEL, TRACKER_CHANNEL, World, bot_body

pytestmark = pytest.mark.django_db
THREAD, OTHER_THREAD, FORUM = "990000000000000001", "990000000000000002", "990000000000000003"


def by(world: World, name: str = "olga") -> dict[str, Any]:
    return {"principal": world.principal(name), "cause": SYSTEM}


@pytest.fixture
def story(world: World) -> Chronicle:
    made = create_chronicle(world.server, "Second Story", **by(world))
    bind_channel(world.server, TABLE_CHANNEL, made, **by(world))
    return Chronicle.objects.select_related("server").get(pk=made.pk)


def thread(pk: str = THREAD, parent: str = TABLE_CHANNEL) -> dict[str, Any]:
    return {"id": pk, "parent_id": parent, "name": "Elysium", "type": 11}


def in_thread(name: str, pk: str = THREAD, parent: str = TABLE_CHANNEL, **more: Any) -> dict[str, Any]:
    return bot_body(name, **more) | {"channel_id": pk, "threads": [thread(pk, parent)]}


def here(bot: APIClient, body: dict[str, Any]) -> str:
    answer = bot.post("/bot/chronicles/get", body, format="json")
    assert answer.status_code == 200, answer.json()
    return str(answer.json()["chronicle"]["name"])


def bind(bot: APIClient, body: dict[str, Any], channel: str, **more: Any) -> Any:
    return bot.put("/bot/chronicles/bind", body | {"channel": channel, **more}, format="json")


def test_a_thread_is_its_channels_unless_it_is_bound_itself(
    world: World, bot: APIClient, story: Chronicle
) -> None:
    default = world.chronicle.name
    assert here(bot, in_thread("mira")) == "Second Story"
    assert here(bot, in_thread("mira", OTHER_THREAD, TRACKER_CHANNEL)) == default
    body = in_thread("olga", interaction="2")
    assert bind(bot, body, THREAD, chronicle=str(world.chronicle.pk)).status_code == 200
    assert here(bot, in_thread("mira")) == default
    assert here(bot, in_thread("mira", OTHER_THREAD)) == "Second Story"
    again = in_thread("olga", interaction="3")
    assert bind(bot, again, THREAD, chronicle=str(world.chronicle.pk), bound=False).status_code == 200
    assert here(bot, in_thread("mira")) == "Second Story"


def test_what_is_read_while_typing_goes_by_the_thread_too(
    world: World, bot: APIClient, story: Chronicle
) -> None:
    make(world, "Night Owl")
    make(world, "Tawny Hawk", chronicle=story, operations=sets(strength=4))
    query = {"actor": DISCORD_IDS["mira"], "guild": GUILD, "channel_id": THREAD, "parent_id": TABLE_CHANNEL}
    names = bot.get("/bot/characters", query).json()["results"]
    assert names[0]["name"] == "Tawny Hawk"


def test_a_forum_is_bound_with_all_its_posts(world: World, bot: APIClient, story: Chronicle) -> None:
    ServerChannel.objects.create(server=world.server, discord_id=FORUM, name="stories", kind=15)
    body = bot_body("olga", interaction="2")
    assert bind(bot, body, FORUM, chronicle=str(story.pk)).status_code == 200
    assert here(bot, in_thread("mira", THREAD, FORUM)) == "Second Story"


def test_a_conflict_lives_in_its_thread(world: World, bot: APIClient, story: Chronicle) -> None:
    begun = bot.post("/bot/conflicts", in_thread("olga", interaction="2"), format="json").json()
    assert begun["conflict"]["channel_id"] == THREAD
    assert begun["conflict"]["chronicle"]["name"] == "Second Story"
    beside = bot.post("/bot/conflicts", in_thread("olga", OTHER_THREAD, interaction="3"), format="json")
    assert beside.status_code == 201


def test_a_thread_can_be_the_tracker_channel(world: World, bot: APIClient) -> None:
    body = in_thread("olga", interaction="2") | {"tracker_channel": THREAD}
    answer = bot.patch(f"/bot/servers/{GUILD}", body, format="json")
    assert answer.json()["server"]["tracker_channel"] == THREAD
    guild = {
        "name": "Night Court",
        "channels": [{"id": TABLE_CHANNEL, "name": "table", "type": 0}],
        "roles": None,
    }
    assert bot.put(f"/bot/servers/{GUILD}", guild, format="json").status_code == 200
    assert Server.objects.get(pk=world.server.pk).tracker_channel == THREAD
    # With its channel the thread goes.
    guild["channels"] = [{"id": TRACKER_CHANNEL, "name": "tracker", "type": 0}]
    assert bot.put(f"/bot/servers/{GUILD}", guild, format="json").status_code == 200
    assert Server.objects.get(pk=world.server.pk).tracker_channel == ""
    assert not ServerChannel.objects.filter(discord_id=THREAD).exists()


def test_a_deleted_thread_is_forgotten_with_what_was_in_it(world: World, bot: APIClient) -> None:
    body = in_thread("olga", interaction="2") | {"tracker_channel": THREAD}
    bot.patch(f"/bot/servers/{GUILD}", body, format="json")
    address = f"/bot/servers/{GUILD}/threads/{THREAD}"
    assert bot.delete(address).json() == {"removed": True}
    assert Server.objects.get(pk=world.server.pk).tracker_channel == ""
    assert bot.delete(address).json() == {"removed": False}
    assert bot.delete(f"/bot/servers/{GUILD}/threads/{TABLE_CHANNEL}").json() == {"removed": False}
    assert ServerChannel.objects.filter(discord_id=TABLE_CHANNEL).exists()


def test_a_thread_may_be_seen_by_those_who_see_its_channel(world: World, bot: APIClient) -> None:
    bind(bot, in_thread("olga", interaction="2"), THREAD, chronicle=str(world.chronicle.pk))
    row = ServerChannel.objects.get(discord_id=THREAD)
    assert can(world.principal("mira"), "channel.view", row)
    ServerChannel.objects.filter(discord_id=TABLE_CHANNEL).update(is_private=True)
    assert not can(world.principal("mira"), "channel.view", ServerChannel.objects.get(discord_id=THREAD))


def test_safe_02_a_private_thread_is_known_to_those_alone_who_named_it(
    world: World, bot: APIClient, story: Chronicle
) -> None:
    body = in_thread("vesna", interaction="2")
    body["threads"][0] |= {"type": 12, "name": "A secret"}
    assert bot.post("/bot/conflicts", body, format="json").json()["conflict"]["channel_id"] == THREAD
    row = ServerChannel.objects.get(discord_id=THREAD)
    assert can(world.principal("vesna"), "channel.view", row)
    assert not can(world.principal("mira"), "channel.view", row)


def test_nobody_binds_a_thread_of_another_server_or_without_the_right(
    world: World, bot: APIClient, story: Chronicle
) -> None:
    refused = bind(bot, in_thread("mira", interaction="2"), THREAD, chronicle=str(story.pk))
    assert refused.status_code == 403
    elsewhere = in_thread("olga", THREAD, "123456789", interaction="3")
    assert bind(bot, elsewhere, THREAD, chronicle=str(story.pk)).status_code == 404
    assert not ServerChannel.objects.filter(discord_id=THREAD).exists()
