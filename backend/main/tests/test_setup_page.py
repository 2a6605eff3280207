"""The set-up page of a server: its forms do each step, and it leads there from *Add to Discord*."""

from collections.abc import Callable
from html import unescape

from django.test import Client

from chronicle.models import Chronicle, Server, ServerRole
from chronicle.services import create_chronicle, sync_server
from testing.personas import GUILD, PLAYER, SYSTEM, TABLE_CHANNEL, World, channel_facts, guild_facts

Browser = Callable[[str], Client]


def test_the_page_shows_what_is_missing_and_its_forms_do_it(world: World, browser: Browser) -> None:
    olga, page = browser("olga"), f"/servers/{world.server.pk}/setup/"
    before = unescape(olga.get(page).content.decode())
    assert "<strong>4 of 9</strong>" in before
    assert 'data-follows="server chronicle character roll"' in before
    assert ">/server tracker</code>" in before
    assert olga.post(f"{page}save/", {"edition": "20th", "key": "1"})["Location"] == f"{page}#step-edition"
    olga.post(f"{page}save/", {"tracker_channel": TABLE_CHANNEL, "key": "2"})
    olga.post(f"{page}save/", {"language": "de", "key": "5"})
    olga.post(f"{page}save/", {"roles": "shown", "storyteller_role": [PLAYER], "key": "3"})
    server = Server.objects.get(pk=world.server.pk)
    assert (server.edition, server.edition_chosen, server.tracker_channel) == ("20th", True, TABLE_CHANNEL)
    assert ServerRole.objects.get(discord_id=PLAYER).permissions["storyteller"] == "allow"
    assert server.settings["language"] == "de"
    assert "<strong>6 of 9</strong>" in olga.get(page).content.decode()
    olga.post(f"{page}save/", {"roles": "shown", "key": "4"})
    assert "storyteller" not in ServerRole.objects.get(discord_id=PLAYER).permissions


def test_another_chronicle_becomes_the_default(world: World, browser: Browser) -> None:
    olga, page = browser("olga"), f"/servers/{world.server.pk}/setup/"
    second = create_chronicle(world.server, "Ashes", principal=world.principal("olga"), cause=SYSTEM)
    olga.post(f"{page}chronicle/", {"chronicle": str(second.pk), "key": "1"})
    assert Chronicle.objects.get(server=world.server, is_default=True) == second


def test_channels_where_the_bot_may_not_post_are_no_choice(world: World, browser: Browser) -> None:
    channels = [channel_facts(TABLE_CHANNEL, "table", bot_lacks=["Send Messages"])]
    sync_server(guild_facts(channels=channels), cause=SYSTEM)
    page = browser("olga").get(f"/servers/{world.server.pk}/setup/").content.decode()
    assert "#table</span>. It lacks: Send Messages." in page
    assert f'value="{TABLE_CHANNEL}"' not in page


def test_only_those_who_manage_are_led_there(world: World, browser: Browser) -> None:
    page = f"/servers/{world.server.pk}/"
    assert "Set up" in browser("olga").get(page).content.decode()
    assert "Set up" not in browser("mira").get(page).content.decode()
    assert browser("mira").get(f"{page}setup/").status_code == 403


def test_who_has_added_the_bot_waits_until_it_is_there(world: World, browser: Browser) -> None:
    olga = browser("olga")
    waiting = olga.get("/added/799999999999999999/")
    assert "Almost there" in waiting.content.decode()
    assert olga.get(f"/added/{GUILD}/")["Location"] == f"/servers/{world.server.pk}/setup/"
    asked = olga.get(f"/added/{GUILD}/", headers={"HX-Request": "true"})
    assert (asked.status_code, asked["HX-Redirect"]) == (200, f"/servers/{world.server.pk}/setup/")
    assert browser("mira").get(f"/added/{GUILD}/")["Location"] == f"/servers/{world.server.pk}/"
    assert (
        "Almost there" in browser("sam").get(f"/added/{GUILD}/").content.decode()
    ), "no word of other servers"
