"""Which pages of other origins may read an answer: those that the settings name."""

from typing import Any

import pytest
from django.test import Client

ALLOW = "Access-Control-Allow-Origin"


def asked_from(origin: str) -> Any:
    return Client().get("/version", headers={"Origin": origin})


@pytest.mark.req("S003-62")
def test_development_lets_its_own_origins_in_and_no_other() -> None:
    assert asked_from("http://localhost:3000")[ALLOW] == "http://localhost:3000"
    assert ALLOW not in asked_from("https://evil.example")
    assert ALLOW not in asked_from("http://localhost:3000.evil.example")


@pytest.mark.req("S003-62")
def test_others_are_let_in_by_setting_and_before_they_ask(settings: Any) -> None:
    settings.CORS_ALLOWED_ORIGINS = ["https://app.example"]
    assert asked_from("https://app.example")[ALLOW] == "https://app.example"
    assert ALLOW not in asked_from("http://localhost:3000")
    asks = {"Origin": "https://app.example", "Access-Control-Request-Method": "POST"}
    assert Client().options("/api/characters/", headers=asks)[ALLOW] == "https://app.example"
