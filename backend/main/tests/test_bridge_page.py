"""A channel's bridge with Discord on its page: switched by who manages the channel, and said why not."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from chat.models import Bridge
from chronicle.models import ServerChannel
from testing.pages import page_of
from testing.personas import TABLE_CHANNEL, World

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


def address(world: World) -> str:
    channel = ServerChannel.objects.get(discord_id=TABLE_CHANNEL)
    return f"/servers/{world.server.pk}/channels/{channel.pk}/"


def test_it_is_switched_on_and_off(browser: Browser, world: World, settings: Any) -> None:
    settings.DISCORD_MESSAGE_CONTENT = True
    olga, page = browser("olga"), address(world)
    assert "Not bridged" in page_of(olga.get(page))
    assert olga.post(f"{page}bridge/", {"on": "yes", "key": "1"}).status_code == 302
    assert Bridge.objects.get().is_on
    assert "End the bridge" in page_of(olga.get(page))
    olga.post(f"{page}bridge/", {"on": "no", "key": "2"})
    assert not Bridge.objects.get().is_on


def test_where_it_cannot_be_it_says_why(browser: Browser, world: World) -> None:
    shown = page_of(browser("olga").get(address(world)))
    assert "DISCORD_MESSAGE_CONTENT=1" in shown
    assert "Bridge with Discord" not in shown
    assert "Not bridged" not in page_of(browser("mira").get(address(world)))
    assert browser("mira").post(f"{address(world)}bridge/", {"on": "yes"}).status_code == 403
