"""No room left for the database: a sentence that says so, nothing half done, and the same request works afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client

from haven import services
from haven.models import Character
from rod.errors import NO_ROOM
from testing.personas import World, bot_body
from timeline.database_outage import is_full
from timeline.models import Event
from timeline.services import Cause

pytestmark = pytest.mark.engine


@contextmanager
def full() -> Iterator[None]:
    """SQLite may take no page more than it has."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA page_count")
        pages = cursor.fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count = 1000000000")


def change(client: Client, number: int, settings: Any) -> Any:
    body = bot_body("mira", character="Night Owl")
    body["changes"] = [{"path": "history", "op": "set", "value": f"{number} " + "moon " * 1100}]
    headers = {"Authorization": f"Api-Key {settings.API_KEYS[0]}", "Idempotency-Key": f"full-{number}"}
    return client.patch("/bot/characters", body, content_type="application/json", headers=headers)


@pytest.mark.django_db(transaction=True)
def test_a_full_database_refuses_with_a_sentence_and_changes_nothing(
    world: World, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite can be told how large it may become")
    cause = Cause(actor=world.mira, door="web")
    owl = services.create(
        world.principal("mira"), "vampire5th", "Night Owl", [], world.chronicle, cause
    ).character
    client = Client(raise_request_exception=False)
    with full():
        answers = [change(client, number, settings) for number in range(30)]
        refused = next(number for number, answer in enumerate(answers) if answer.status_code != 200)
        assert {answer.status_code for answer in answers[refused:]} <= {200, 503}
        refusal = answers[refused].json()
        assert refusal == {"code": "unavailable", "detail": NO_ROOM}
        assert "the database has no room left" in caplog.text
        accepted = sum(answer.status_code == 200 for answer in answers)
        assert Character.objects.get(pk=owl.pk).version == 1 + accepted
        assert Event.objects.filter(entity_id=owl.pk).count() == 1 + accepted
    again = change(client, refused, settings)
    assert again.status_code == 200, again.content
    assert Character.objects.get(pk=owl.pk).version == 2 + accepted


class Full(Exception):
    sqlstate = "53100"


@pytest.mark.parametrize("number", [1021, 1114])
def test_mariadb_says_so_by_number(number: int) -> None:
    assert is_full(OperationalError(number, "full"))
    assert not is_full(OperationalError(2006, "gone"))


def test_postgresql_says_so_by_state() -> None:
    error = OperationalError("could not extend file: No space left on device")
    assert not is_full(error)
    error.__cause__ = Full()
    assert is_full(error)
