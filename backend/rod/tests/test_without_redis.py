"""A dead Redis costs no change: what needs it says so, what can do without does."""

import time
from typing import Any
from unittest.mock import Mock

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from redis.exceptions import RedisError

from delivery.source import SourceUnavailable
from discordauth import tickets
from rod.caches import redis_caches
from rod.sessions import REMEMBERED, SessionCache
from scripts import services
from scripts.common import free_port
from testing.half_open import Line
from testing.personas import World, bot_body
from timeline import limits


@pytest.fixture
def dead_redis(world: World, settings: Any) -> Client:
    """Mira, signed in while Redis was still there."""
    visitor = Client(raise_request_exception=False)
    visitor.force_login(world.mira, backend="django.contrib.auth.backends.ModelBackend")
    settings.CACHES = redis_caches(f"redis://127.0.0.1:{free_port()}/0")
    with pytest.raises(RedisError, match="refused"):
        cache.get("x")
    return visitor


def test_a_session_and_a_call_go_on(dead_redis: Client, caplog: pytest.LogCaptureFixture) -> None:
    assert dead_redis.get("/api/characters/").status_code == 200
    assert caplog.text.count("Exception ignored") > 1
    assert dead_redis.get("/").status_code == 200


def test_a_ticket_is_refused_with_a_sentence(dead_redis: Client) -> None:
    answer = dead_redis.post("/api/gateway/ticket/")
    assert answer.status_code == 503
    assert answer.json()["code"] == "unavailable"


def test_a_ticket_that_nobody_can_look_up_is_not_refused_for_good(dead_redis: Client) -> None:
    with pytest.raises(SourceUnavailable):
        tickets.redeem("anything")


@pytest.mark.req("S004-39")
def test_signing_in_and_out_goes_on(dead_redis: Client, world: World) -> None:
    world.mira.set_password("by the light of the moon")
    world.mira.save()
    old = dead_redis.cookies["sessionid"].value
    dead_redis.post("/logout/")
    assert not Session.objects.filter(session_key=old).exists()
    assert dead_redis.get("/api/characters/").status_code in (401, 403)
    dead_redis.force_login(world.mira, backend="django.contrib.auth.backends.ModelBackend")
    assert dead_redis.cookies["sessionid"].value != old
    assert dead_redis.get("/api/characters/").status_code == 200


def test_the_bot_api_goes_on(dead_redis: Client, world: World, settings: Any) -> None:
    body = bot_body("mira") | {"splat": "vampire5th", "name": "Night Owl", "changes": []}
    key = {"HTTP_AUTHORIZATION": f"Api-Key {settings.API_KEYS[0]}"}
    answer = dead_redis.post("/bot/characters", body, content_type="application/json", **key)
    assert answer.status_code == 201, answer.json()


@pytest.mark.parametrize("door", ["tokens", "admin"])
def test_safe_06_signing_in_by_password_works_and_is_counted(
    door: str,
    dead_redis: Client,
    settings: Any,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.USE_REDIS = True
    monkeypatch.setattr(limits, "_away_until", 0.0)

    def sign_in(password: str) -> int:
        form = {"username": "root", "password": password}
        if door == "tokens":
            return Client().post("/api/token/", form, "application/json").status_code
        return Client().post("/admin/login/", form).status_code

    assert sign_in("correct-horse-battery") == (200 if door == "tokens" else 302)
    assert [sign_in("guess") for _ in range(10)] == [401 if door == "tokens" else 200] * 9 + [429]
    assert "limits are counted in memory" in caplog.text


def test_safe_06_tokens_are_renewed(dead_redis: Client, settings: Any) -> None:
    settings.USE_REDIS = True
    form = {"username": "root", "password": "correct-horse-battery"}
    pair = dead_redis.post("/api/token/", form, "application/json").json()
    assert dead_redis.post("/api/token/refresh/", pair, "application/json").status_code == 200


@pytest.mark.redis
@pytest.mark.timeout(60)
def test_safe_06_a_redis_whose_line_is_cut_holds_nobody_up(
    world: World, redis_server: services.Server, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is waited for once, a second or two; then limits are counted in memory."""
    monkeypatch.setattr(limits, "_away_until", 0.0)
    settings.USE_REDIS = True
    form = {"username": "root", "password": "correct-horse-battery"}
    with Line(redis_server.port) as line:
        settings.CACHES = redis_caches(f"redis://127.0.0.1:{line.port}/0")
        assert Client().post("/api/token/", form, "application/json").status_code == 200
        line.cut()
        pair = Client().post("/api/token/", form, "application/json")
        assert pair.status_code == 200
        assert Client().post("/api/token/refresh/", pair.json(), "application/json").status_code == 200
        assert limits._away_until > time.monotonic()


def test_a_session_that_ended_without_its_cache_does_not_live_on_for_long() -> None:
    store = SessionCache("redis://127.0.0.1/0", {})
    store._client = Mock()
    store.set("session", {}, 14 * 24 * 3600)
    store.set("session without an end", {}, None)
    assert [call.args[2] for call in store._client.set.call_args_list] == [REMEMBERED] * 2
