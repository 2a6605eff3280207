"""Case SAFE-02: a channel that Discord hides is named to nobody who may not see it, nor is one that is hidden later."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from chronicle.models import ServerChannel
from chronicle.rights import can
from chronicle.services import channels_known_to, know_thread, sync_server
from conflicts.tests.kit import start
from contract.acting import Thread
from discordauth.models import CustomUser
from rules.visibility import Level
from testing.community import set_server
from testing.personas import (
    DISCORD_IDS,
    GUILD,
    NARRATOR,
    PLAYER,
    SYSTEM,
    TABLE_CHANNEL,
    TRACKER_CHANNEL,
    World,
    bot_body,
    channel_facts,
    guild_facts,
)
from timeline.frames import event_json
from timeline.models import Event

Browser = Callable[[str], Client]
HIDDEN, NAME = "720000000000000009", "the-princes-secret"
EVERYONE_BUT_NARRATORS = {GUILD: False, NARRATOR: True}


def mirror(seen_by: dict[str, bool], name: str = NAME) -> ServerChannel:
    channels = [
        channel_facts(TABLE_CHANNEL, "table"),
        channel_facts(TRACKER_CHANNEL, "tracker", position=1),
        channel_facts(HIDDEN, name, position=2, seen_by=seen_by),
    ]
    sync_server(guild_facts(channels=channels), cause=SYSTEM)
    return ServerChannel.objects.get(discord_id=HIDDEN)


def sees(world: World, row: ServerChannel) -> set[str]:
    return {name for name in DISCORD_IDS if can(world.principal(name), "channel.view", row)}


@pytest.mark.parametrize(
    ("seen_by", "seeing"),
    [
        ({}, {"olga", "vesna", "mira", "jonas"}),
        (EVERYONE_BUT_NARRATORS, {"olga", "vesna"}),
        ({GUILD: False}, {"olga"}),
        ({PLAYER: False}, {"olga", "vesna"}),
        ({GUILD: False, PLAYER: False, DISCORD_IDS["jonas"]: True}, {"olga", "jonas"}),
        ({DISCORD_IDS["mira"]: False}, {"olga", "vesna", "jonas"}),
        ({GUILD: False, PLAYER: True, DISCORD_IDS["mira"]: False}, {"olga", "jonas"}),
    ],
)
def test_safe_02_it_is_seen_by_whom_discord_shows_it(
    world: World, seen_by: dict[str, bool], seeing: set[str]
) -> None:
    assert sees(world, mirror(seen_by)) == seeing


def test_safe_02_a_role_that_allows_counts_before_one_that_denies(world: World) -> None:
    from chronicle.services import sync_members
    from testing.personas import member_facts

    both = member_facts("mira", roles=frozenset({PLAYER, NARRATOR}))
    sync_members(world.server, [both], cause=SYSTEM)
    assert "mira" in sees(world, mirror({PLAYER: False, NARRATOR: True}))


def test_safe_02_no_answer_names_it(world: World, browser: Browser, bot: APIClient) -> None:
    mirror(EVERYONE_BUT_NARRATORS)
    set_server(
        world.server,
        tracker_channel=HIDDEN,
        storyteller_channel=HIDDEN,
        principal=world.principal("olga"),
        cause=SYSTEM,
    )
    running = start(world, channel=HIDDEN)
    server, chronicle = world.server.id, world.chronicle.id
    addresses = [
        f"/api/servers/{server}/",
        f"/api/servers/{server}/channels/",
        f"/api/chronicles/{chronicle}/",
        f"/api/chronicles/{chronicle}/conflicts/",
        f"/api/conflicts/{running.id}/",
        f"/servers/{server}/",
        f"/servers/{server}/channels/",
        f"/servers/{server}/why/",
        f"/chronicles/{chronicle}/conflicts/",
        f"/conflicts/{running.id}/",
    ]
    for address in addresses:
        answer = browser("mira").get(address)
        assert answer.status_code == 200, address
        for secret in (HIDDEN, NAME):
            assert secret not in answer.content.decode(), address
    asked = bot.post(f"/bot/servers/{GUILD}/info", bot_body("mira"), format="json")
    assert asked.status_code == 200
    assert HIDDEN not in asked.content.decode()
    assert HIDDEN in bot.post(f"/bot/servers/{GUILD}/info", bot_body("vesna"), format="json").content.decode()
    for address in (
        f"/servers/{server}/channels/{HIDDEN}/",
        f"/api/servers/{server}/why/?action=channel.view&channel={HIDDEN}",
    ):
        assert browser("mira").get(address).status_code == 404, address


@pytest.mark.parametrize("level", [Level.PUBLIC, Level.TABLE, Level.PRIVATE, Level.SECRET])
def test_safe_02_the_servers_stream_never_named_it(world: World, level: Level) -> None:
    """It was open, bound and chosen, then hidden: who reads from the beginning hears of none of that."""
    mirror({})
    set_server(
        world.server,
        tracker_channel=HIDDEN,
        storyteller_channel=HIDDEN,
        principal=world.principal("olga"),
        cause=SYSTEM,
    )
    mirror({}, name=f"{NAME}-again")
    mirror(EVERYONE_BUT_NARRATORS, name=f"{NAME}-again")
    events = Event.objects.filter(stream__kind="server").select_related("stream", "actor")
    recorded = json.dumps([event_json(event, level) for event in events])
    assert HIDDEN not in recorded
    assert NAME not in recorded


def test_safe_02_one_query_says_which_of_many_may_be_named(
    world: World, django_assert_num_queries: Any
) -> None:
    mirror(EVERYONE_BUT_NARRATORS)
    principal = world.principal("mira")
    principal.permissions(world.server.id)
    with django_assert_num_queries(1):
        known = channels_known_to(principal, [HIDDEN, TABLE_CHANNEL, TRACKER_CHANNEL, None, "", "99"])
    assert known == {TABLE_CHANNEL, TRACKER_CHANNEL}


@pytest.mark.parametrize(
    ("kind", "seeing"), [(11, {"olga", "vesna", "mira", "jonas"}), (12, {"olga", "mira", "jonas"})]
)
def test_safe_02_a_private_thread_is_seen_by_who_was_in_it(world: World, kind: int, seeing: set[str]) -> None:
    thread = Thread(id="720000000000000042", parent_id=TABLE_CHANNEL, name=NAME, type=kind)
    for name in ("mira", "jonas", "mira"):
        know_thread(world.server, thread, world.principal(name))
    row = ServerChannel.objects.select_related("parent").get(discord_id=thread.id)
    assert sees(world, row) == seeing


def test_safe_02_a_thread_is_hidden_with_its_channel(world: World) -> None:
    mirror(EVERYONE_BUT_NARRATORS)
    thread = Thread(id="720000000000000042", parent_id=HIDDEN, name=NAME, type=11)
    know_thread(world.server, thread, world.principal("vesna"))
    assert sees(world, ServerChannel.objects.get(discord_id=thread.id)) == {"olga", "vesna"}


def test_safe_02_who_came_by_an_invitation_sees_what_everyone_sees(world: World) -> None:
    CustomUser.objects.filter(pk=world.mira.pk).update(discord_id=None)
    world.mira.discord_id = None
    assert "mira" not in sees(world, mirror({GUILD: False}))
