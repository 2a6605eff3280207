"""Case DISC-06 on the web: what would be posted where the bot may not write is refused, with what it lacks."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from chronicle.services import sync_server
from conflicts.models import Conflict
from testing.personas import (
    SYSTEM,
    TABLE_CHANNEL,
    TRACKER_CHANNEL,
    World,
    channel_facts,
    guild_facts,
)

pytestmark = [pytest.mark.engine, pytest.mark.django_db(transaction=True)]
Browser = Callable[[str], Client]
SENTENCE = (
    "The bot can’t post in #tracker: it lacks Send Messages. "
    "Give it that in the channel’s settings in Discord, then try again."
)


@pytest.fixture
def closed(world: World) -> World:
    """Discord lets the bot see the channel “tracker”, and not write there."""
    report(lacks=["Send Messages"])
    return world


def report(lacks: list[str]) -> None:
    channels = [
        channel_facts(TABLE_CHANNEL, "table"),
        channel_facts(TRACKER_CHANNEL, "tracker", position=1, bot_lacks=lacks),
    ]
    sync_server(guild_facts(channels=channels), cause=SYSTEM)


def send(client: Client, verb: str, url: str, **body: Any) -> Any:
    return getattr(client, verb)(f"/api/{url}", body, content_type="application/json")


@pytest.mark.parametrize("setting", ["tracker_channel", "storyteller_channel"])
def test_disc_06_a_channel_of_a_setting(closed: World, browser: Browser, setting: str) -> None:
    url, olga = f"servers/{closed.server.pk}/", browser("olga")
    refused = send(olga, "patch", url, **{setting: TRACKER_CHANNEL})
    assert (refused.status_code, refused.json()["fields"]) == (400, {setting: [SENTENCE]})
    assert send(olga, "patch", url, **{setting: TABLE_CHANNEL}).status_code == 200
    report(lacks=[])
    assert send(olga, "patch", url, **{setting: TRACKER_CHANNEL}).status_code == 200
    report(lacks=["Send Messages"])
    kept = send(olga, "patch", url, **{setting: TRACKER_CHANNEL, "description": "Other"})
    assert kept.status_code == 200, "what was chosen before stays"


def test_disc_06_a_conflict_begun_on_the_web(closed: World, browser: Browser) -> None:
    place, vesna = f"chronicles/{closed.chronicle.pk}/conflicts/", browser("vesna")
    refused = send(vesna, "post", place, channel_id=TRACKER_CHANNEL)
    assert refused.json().get("fields") == {"channel_id": [SENTENCE]}, refused.json()
    page = f"/{place}"
    form = {"kind": "cod", "channel_id": TRACKER_CHANNEL, "key": "one", "stood": page, "form": "start"}
    assert SENTENCE in vesna.post(page, form).content.decode()
    assert not Conflict.objects.exists()
    assert send(vesna, "post", place, channel_id=TABLE_CHANNEL).status_code == 201
