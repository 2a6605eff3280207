"""The scene that the walks of every route share, and the ways in."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from discordauth import tokens
from rod.tests.matrix.entries import MEMBERS, Entry
from rod.tests.matrix.people import INSIDE, PERSONAS, Scene, scene
from rod.tests.matrix.tables.characters import PICTURE
from rod.tests.matrix.walk import Bot, Door, Web
from testing.personas import copied


@pytest.fixture
def on(db: None, in_process: None) -> Scene:
    return copied(scene)


@pytest.fixture
def web(on: Scene) -> Web:
    browsers = {name: Client(raise_request_exception=False) for name in PERSONAS}
    for name, user in on.people.items():
        browsers[name].force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return Web(browsers, {name: tokens.start_family(user)["access"] for name, user in on.people.items()})


@pytest.fixture
def door(on: Scene, web: Web, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Door]:
    key = "matrix-" + "m" * 50
    settings.API_KEYS = [key]
    # The picture of a portrait is not fetched; whether it may be set is asked before.
    monkeypatch.setattr("haven.portraits.fetch", lambda url: PICTURE)

    def open_door(side: str) -> Door:
        if side != "BOT":
            return web
        bot = Bot(key)
        for name in INSIDE:  # whoever has not been here is written down by their first command
            bot.send(on, Entry("POST", "bot/servers/<snowflake:guild_id>/info", MEMBERS), name)
        return bot

    return open_door
