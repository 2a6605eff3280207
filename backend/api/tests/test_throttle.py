"""How often one person may ask the public API."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

Browser = Callable[[str], Client]


@pytest.mark.django_db
def test_who_asks_too_often_waits_and_nobody_else(browser: Browser, settings: Any) -> None:
    settings.THROTTLE_USER = "2/min"
    mira = browser("mira")
    answers = [mira.get("/api/users/me/") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1].json() == {
        "code": "throttled",
        "detail": "Too many requests. Try again in 60 seconds.",
        "retry_after": 60,
    }
    assert answers[-1]["Retry-After"] == "60"
    assert browser("jonas").get("/api/users/me/").status_code == 200
