"""The pages of channels: what is played where, and what roles may do; changed by those who may."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from chronicle.models import ServerChannel, ServerRole
from chronicle.services import create_chronicle, sync_server
from testing.community import set_channel
from testing.personas import (
    NARRATOR,
    PLAYER,
    SYSTEM,
    TABLE_CHANNEL,
    TRACKER_CHANNEL,
    World,
    channel_facts,
    guild_facts,
    role_facts,
)

pytestmark = pytest.mark.django_db(transaction=True)
Browser = Callable[[str], Client]


def listing(world: World) -> str:
    return f"/servers/{world.server.id}/channels/"


def table(world: World) -> str:
    return f"{listing(world)}{row().pk}/"


def row(discord_id: str = TABLE_CHANNEL) -> ServerChannel:
    return ServerChannel.objects.get(discord_id=discord_id)


def role(discord_id: str) -> ServerRole:
    return ServerRole.objects.get(discord_id=discord_id)


def test_the_list_tells_what_is_played_where(world: World, browser: Browser) -> None:
    text = browser("mira").get(listing(world)).content.decode()
    assert f'href="{table(world)}"' in text
    assert text.index("table") < text.index("tracker")
    assert '<span dir="auto" translate="no">Night Court</span> <span class="tag">default</span>' in text
    assert f'href="{listing(world)}"' in browser("mira").get(f"/servers/{world.server.id}/").content.decode()
    assert browser("sam").get(listing(world)).status_code == 404
    assert browser("").get(listing(world)).status_code == 302


def test_many_channels_and_roles_take_a_constant_number_of_statements(
    world: World, browser: Browser, django_assert_max_num_queries: Any
) -> None:
    facts = [
        channel_facts(str(10**17 + n), "🦇" * 100, position=n, category=f"Ward {n // 50}") for n in range(200)
    ]
    roles = [role_facts(str(10**16 + n), "🩸" * 100, position=n) for n in range(247)]
    base = guild_facts()
    sync_server(guild_facts(channels=(*facts, *base.channels), roles=(*base.roles, *roles)), cause=SYSTEM)
    olga = browser("olga")
    for address in (listing(world), table(world)):
        with django_assert_max_num_queries(14):
            assert "🦇" in olga.get(address).content.decode() or address == table(world)


def test_channels_stand_under_their_categories(world: World, browser: Browser) -> None:
    facts = (
        channel_facts(TABLE_CHANNEL, "table", position=2, category="In <character>"),
        channel_facts(TRACKER_CHANNEL, "tracker", position=0),
        channel_facts("720000000000000009", "hall", position=1, category="In <character>"),
    )
    sync_server(guild_facts(channels=facts), cause=SYSTEM)
    text = browser("mira").get(listing(world)).content.decode()
    places = [
        text.index(needle)
        for needle in ("tracker", '<h2 dir="auto" translate="no">In &lt;character&gt;</h2>', "hall", "table")
    ]
    assert places == sorted(places)
    assert text.count("<h2 ") == 1


def test_what_is_hidden_is_not_listed_and_not_opened(world: World, browser: Browser) -> None:
    set_channel(
        world.server,
        TABLE_CHANNEL,
        {"is_private": True},
        principal=world.principal("olga"),
        cause=SYSTEM,
    )
    assert f'href="{table(world)}"' not in browser("mira").get(listing(world)).content.decode()
    assert browser("mira").get(table(world)).status_code == 404
    assert '<span class="tag">private</span>' in browser("olga").get(listing(world)).content.decode()


def test_an_address_by_discords_id_leads_to_the_channel(world: World, browser: Browser) -> None:
    old = f"{listing(world)}{TABLE_CHANNEL}/"
    answer = browser("mira").get(old)
    assert (answer.status_code, answer["Location"]) == (301, table(world))
    ServerChannel.objects.filter(pk=row().pk).update(is_private=True)
    assert browser("mira").get(old).status_code == 404
    assert browser("mira").get(f"{listing(world)}1/").status_code == 404


def test_a_chronicle_is_bound_and_unbound_by_those_who_may(world: World, browser: Browser) -> None:
    second = create_chronicle(world.server, "Second", principal=world.principal("olga"), cause=SYSTEM)
    form = {"chronicle": str(second.id), "key": "one"}
    assert ">Save</button>" not in browser("mira").get(table(world)).content.decode()
    assert browser("mira").post(f"{table(world)}bind/", form).status_code == 403
    olga = browser("olga")
    assert olga.post(f"{table(world)}bind/", form)["Location"] == table(world)
    assert row().chronicle_id == second.id
    assert f'<option value="{second.id}" selected>' in olga.get(table(world)).content.decode()
    assert ">Second</a>" in browser("mira").get(listing(world)).content.decode()
    assert olga.post(f"{table(world)}bind/", {"chronicle": "", "key": "two"}).status_code == 302
    assert row().chronicle_id is None
    for nonsense, status in (("x", 400), (str(world.server.id), 404)):
        answer = olga.post(f"{table(world)}bind/", {"chronicle": nonsense, "key": nonsense})
        assert answer.status_code == status


def test_who_leads_one_chronicle_is_offered_that_one(world: World, browser: Browser) -> None:
    second = create_chronicle(world.server, "Second", principal=world.principal("olga"), cause=SYSTEM)
    give = {"user": str(world.mira.id), "role": "STORYTELLER", "key": "one"}
    browser("olga").post(f"/chronicles/{second.id}/people/", give)
    text = browser("mira").get(table(world)).content.decode()
    assert f'<option value="{second.id}">' in text
    assert f'<option value="{world.chronicle.id}">' not in text
    bound = browser("mira").post(f"{table(world)}bind/", {"chronicle": str(second.id), "key": "two"})
    assert bound.status_code == 302
    assert row().chronicle_id == second.id


@pytest.mark.req("S000-75")
def test_roles_say_what_may_be_done_one_at_a_time(world: World, browser: Browser) -> None:
    olga, narrator, player = browser("olga"), role(NARRATOR), role(PLAYER)
    say = {"role": str(narrator.id), "view_channel": "allow", "send_messages": "", "key": "one"}
    assert browser("mira").post(f"{table(world)}say/", say).status_code == 403
    assert olga.post(f"{table(world)}say/", say)["Location"] == f"{table(world)}#rights"
    olga.post(f"{table(world)}say/", {"role": str(player.id), "send_messages": "deny", "key": "two"})
    assert row().permissions == {
        str(narrator.id): {"view_channel": "allow"},
        str(player.id): {"send_messages": "deny"},
    }
    assert f'id="view_channel-{narrator.id}"' in olga.get(table(world)).content.decode()
    olga.post(f"{table(world)}say/", {"role": str(narrator.id), "key": "three"})
    assert row().permissions == {str(player.id): {"send_messages": "deny"}}
    bad = {"role": str(player.id), "view_channel": "perhaps", "key": "four"}
    assert olga.post(f"{table(world)}say/", bad).status_code == 400
    assert row().permissions == {str(player.id): {"send_messages": "deny"}}


def test_it_is_made_private_and_opened_again(world: World, browser: Browser) -> None:
    address = f"{listing(world)}{row(TRACKER_CHANNEL).pk}/"
    assert browser("mira").post(f"{address}private/", {"is_private": "yes", "key": "m"}).status_code == 403
    browser("olga").post(f"{address}private/", {"is_private": "yes", "key": "one"})
    assert row(TRACKER_CHANNEL).is_private
    browser("olga").post(f"{address}private/", {"is_private": "no", "key": "two"})
    assert not row(TRACKER_CHANNEL).is_private
    text = browser("mira").get(address).content.decode()
    assert "Make it private" not in text
    assert "You need permission to manage “tracker”" in text
