"""The status page: storytellers see whether the bot is connected and when it was last used."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from background import heartbeats
from background.models import Heartbeat, Kind
from main.views.status import ago

Browser = Callable[[str], Client]


def beat(**state: object) -> None:
    heartbeats.beat("bot-1", Kind.DISCORD, {"connected": True} | state)


def shown(browser: Browser, name: str = "vesna", language: str = "en") -> str:
    return browser(name).get("/status/", headers={"Accept-Language": language}).content.decode()


def test_a_storyteller_sees_that_the_bot_is_connected_and_when_it_was_last_used(browser: Browser) -> None:
    beat(last_command_at=(timezone.now() - timedelta(minutes=3, seconds=1)).isoformat())
    page = shown(browser)
    assert "Connected to Discord" in page
    assert "Last command 3 minutes ago." in page
    assert "Letzter Befehl vor 3 Minuten." in shown(browser, language="de")


def test_a_bot_without_discord_and_one_that_is_gone_say_so(browser: Browser) -> None:
    beat(connected=False)
    assert "Not connected to Discord" in shown(browser)
    assert "No command since it was started." in shown(browser)
    Heartbeat.objects.update(seen_at=timezone.now() - heartbeats.ALIVE - timedelta(seconds=1))
    assert shown(browser).count("Not running") == 2
    heartbeats.beat("worker-1", Kind.WORKER, {})
    assert shown(browser).count("Not running") == 1


def test_the_page_looks_again_by_itself(browser: Browser) -> None:
    page = shown(browser)
    assert 'data-looks-every="15" data-home="/status/"' in page
    assert "Reload" not in page
    assert "data-looks-every" not in browser("vesna").get("/").content.decode()


def test_a_bot_whose_second_process_is_gone_is_partly_connected(browser: Browser) -> None:
    beat(shards="0-1/4", connected_shards=[0, 1])
    assert "Partly connected to Discord" in shown(browser)
    assert "2 of its 4 connections to Discord work." in shown(browser)
    assert "Teilweise mit Discord verbunden" in shown(browser, language="de")


def test_the_page_is_for_storytellers(browser: Browser) -> None:
    assert browser("mira").get("/status/").status_code == 403
    assert browser("").get("/status/").status_code == 302
    assert browser("root").get("/status/").status_code == 200


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (timedelta(seconds=-5), "0 seconds ago"),
        (timedelta(seconds=1), "1 second ago"),
        (timedelta(seconds=59), "59 seconds ago"),
        (timedelta(hours=1), "1 hour ago"),
        (timedelta(hours=23, minutes=59), "23 hours ago"),
        (timedelta(days=40), "40 days ago"),
    ],
)
def test_how_long_ago_it_was_is_said_in_one_unit(passed: timedelta, words: str) -> None:
    assert ago(timezone.now() - passed - timedelta(milliseconds=50)) == words
