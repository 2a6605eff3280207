"""A database that does not answer: 503 and a sentence, from every door; a defect stays a defect."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.test.utils import override_settings

from rod.errors import NO_ANSWER
from testing.personas import World, bot_body

GONE = OperationalError(2013, "Lost connection to server during query")


@pytest.fixture
def visitor(db: None) -> Client:
    return Client(raise_request_exception=False)


@contextmanager
def no_database() -> Iterator[None]:
    """Every statement fails."""

    def away(*_: object, **__: object) -> None:
        raise GONE

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.db.backends.utils.CursorWrapper.execute", away)
        yield


def sentence_of(answer: Any) -> None:
    assert answer.status_code == 503
    assert answer.json() == {"code": "unavailable", "detail": NO_ANSWER}
    assert answer["Retry-After"]


@pytest.mark.parametrize("debug", [False, True])
def test_the_bot_api_says_so(debug: bool, visitor: Client, world: World, settings: Any) -> None:
    settings.DEBUG = debug
    key = {"Authorization": f"Api-Key {settings.API_KEYS[0]}"}
    body = bot_body("mira", character="Night Owl", changes=[{"path": "hunger", "op": "set", "value": 2}])
    with no_database():
        sentence_of(visitor.patch("/bot/characters", body, content_type="application/json", headers=key))


@pytest.mark.parametrize("debug", [False, True])
def test_the_web_api_and_the_pages_say_so(debug: bool, visitor: Client, world: World, settings: Any) -> None:
    settings.DEBUG = debug
    visitor.force_login(world.mira, backend="django.contrib.auth.backends.ModelBackend")
    with no_database():
        sentence_of(visitor.get("/api/characters/"))
        page = visitor.get("/")
    assert page.status_code == 503
    assert NO_ANSWER in page.content.decode()
    assert page["Retry-After"]


@override_settings(MIDDLEWARE=["rod.tests.test_unavailable.failing_middleware"])
def test_a_middleware_without_its_database_says_so(visitor: Client) -> None:
    sentence_of(visitor.get("/api/schema/splats"))
    assert NO_ANSWER in visitor.get("/").content.decode()


def failing_middleware(get_response: Any) -> Any:
    def middleware(request: Any) -> None:
        raise GONE

    return middleware


def test_a_statement_that_makes_no_sense_is_a_defect(
    visitor: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OperationalError(1054, "Unknown column 'nonsense'")

    visitor.force_login(world.mira, backend="django.contrib.auth.backends.ModelBackend")
    monkeypatch.setattr("haven.selectors.dashboard", broken)
    answer = visitor.get("/api/characters/")
    assert answer.status_code == 500
    assert "nonsense" not in answer.content.decode()
