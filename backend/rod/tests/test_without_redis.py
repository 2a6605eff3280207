"""A dead Redis costs no change: what needs it says so, what can do without does."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from redis.exceptions import RedisError

from gateway import tickets
from gateway.hub import ArchiveUnavailable
from scripts.common import free_port
from testing.personas import World


@pytest.fixture
def dead_redis(world: World, settings: Any) -> Client:
    """Mira, signed in while Redis was still there."""
    visitor = Client(raise_request_exception=False)
    visitor.force_login(world.mira, backend="django.contrib.auth.backends.ModelBackend")
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": f"redis://127.0.0.1:{free_port()}/0",
        }
    }
    with pytest.raises(RedisError, match="refused"):
        cache.get("x")
    return visitor


def test_a_session_and_a_call_go_on(dead_redis: Client, caplog: pytest.LogCaptureFixture) -> None:
    assert dead_redis.get("/api/characters/").status_code == 200
    assert "calls are not counted" in caplog.text
    assert dead_redis.get("/").status_code == 200


def test_a_ticket_is_refused_with_a_sentence(dead_redis: Client) -> None:
    answer = dead_redis.post("/api/gateway/ticket/")
    assert answer.status_code == 503
    assert answer.json()["code"] == "unavailable"


def test_a_ticket_that_nobody_can_look_up_is_not_refused_for_good(dead_redis: Client) -> None:
    with pytest.raises(ArchiveUnavailable):
        tickets.redeem("anything")
