"""Limits of several processes are counted together, in one trip, and go on without Redis."""

import pytest
from django_redis import get_redis_connection

from rules.errors import Limit
from timeline import limits


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr(limits, "_away_until", 0.0)
    monkeypatch.setitem(limits.RATES, "macros", limits.Rate(2, 60, "Slowly.", fixed=True))


def spend(who: str) -> None:
    limits.spend({"macros": who, "rolls": who})


@pytest.mark.redis
def test_safe_03_processes_count_together(few, with_redis):
    spend("mira")
    for key in get_redis_connection("sessions").keys("rod:limit:macros:*"):
        get_redis_connection("sessions").incr(key)  # as another process does
    with pytest.raises(Limit, match=r"Slowly\. Try again in 60 seconds\.") as refused:
        spend("mira")
    assert refused.value.data == {"retry_after": 60}
    spend("jonas")


@pytest.mark.redis
def test_without_redis_it_is_not_asked_at_every_request(few, with_redis, caplog):
    with_redis.stop()
    for _ in range(2):
        spend("mira")
    with pytest.raises(Limit):
        spend("mira")
    assert caplog.text.count("limits are counted in memory") == 1


def test_the_time_to_wait_is_said_in_words(few):
    found = [limits.try_again(seconds) for seconds in (1, 2, 120, 121, 3600)]
    assert found == [
        f"Try again in {wait}."
        for wait in ("1 second", "2 seconds", "120 seconds", "3 minutes", "60 minutes")
    ]
