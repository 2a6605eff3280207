"""Fixtures of every backend test; the people are in `testing.personas`."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from rest_framework.test import APIClient

from testing.personas import World, copied_world

KEY = "test-key-" + "k" * 40


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    cache.clear()


@pytest.fixture
def world(db: Any, settings: Any) -> World:
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher"
    ]  # the real one is slow by design
    return copied_world()


@pytest.fixture
def bot(settings: Any) -> APIClient:
    """The Discord process: a client with a valid key."""
    settings.API_KEYS = ["an-older-key-" + "o" * 40, KEY]
    return APIClient(HTTP_AUTHORIZATION=f"Api-Key {KEY}")


@pytest.fixture
def browser(world: World) -> Callable[[str], Client]:
    """`browser("mira")` is a browser in which mira is signed in; `browser("")` one without a session."""

    def open_browser(name: str) -> Client:
        client = Client()
        if name:
            client.force_login(getattr(world, name), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return open_browser


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The WSGI application may be called a thousand times in one test: in its transaction, unthrottled, offline."""
    from django.core import signals
    from django.db import close_old_connections

    monkeypatch.setattr("rod.throttle.UserThrottle.allow_request", lambda *_: True)
    monkeypatch.setattr("timeline.limits.spend", lambda counted: None)
    monkeypatch.setattr("haven.portraits.HOSTS", set())
    for signal in (signals.request_started, signals.request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (signals.request_started, signals.request_finished):
        signal.connect(close_old_connections)
