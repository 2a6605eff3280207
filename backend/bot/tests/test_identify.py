"""The shards of one bot identify in turn: of each bucket one, over all processes."""

import time
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.test import Client
from rest_framework.test import APIClient

from bot import identify
from testing.personas import World


@pytest.fixture(autouse=True)
def _nobody_has_a_turn() -> None:
    cache.clear()


def take(bot: APIClient, bucket: int) -> bool:
    granted: bool = bot.post("/bot/identify", {"bucket": bucket}, format="json").json()["granted"]
    return granted


def test_of_each_bucket_one_shard_has_a_turn(
    world: World, bot: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [take(bot, bucket) for bucket in (0, 1, 0, 1)] == [True, True, False, False]
    cache.clear()
    monkeypatch.setattr(identify, "SECONDS", 0)
    assert [take(bot, 0), take(bot, 0)] == [True, True]


def test_a_clock_that_was_set_back_holds_nobody_up(
    world: World, bot: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Redis keeps a turn until its own clock says so: for hours, where that was set back."""
    monkeypatch.setattr(identify, "SECONDS", 3600)
    assert [take(bot, 0), take(bot, 0)] == [True, False]
    now = time.time()
    clock = SimpleNamespace(time=lambda: now)
    monkeypatch.setattr(identify, "time", clock)
    for moved, granted in ((-1800, True), (-30, False), (30, False), (3700, True)):
        now += moved
        assert [take(bot, 0), take(bot, 0)] == [granted, False]


def test_nobody_else_takes_a_turn_and_nonsense_takes_none(world: World, bot: APIClient) -> None:
    assert Client().post("/bot/identify", {"bucket": 0}, content_type="application/json").status_code == 401
    assert bot.post("/bot/identify", {"bucket": -1}, format="json").status_code == 400
    assert take(bot, 0)
