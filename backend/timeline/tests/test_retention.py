"""What serves for a while is deleted by who writes, without a command."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from timeline import retention
from timeline.keys import Key
from timeline.keys import once as attempt
from timeline.models import IdempotencyKey
from timeline.services import Cause
from timeline.tests.kit import once

pytestmark = [pytest.mark.engine, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "turn", retention._Turn())
    monkeypatch.setattr(retention, "EVERY", 10)


def write(number: int) -> None:
    """By both ways in turn."""
    if number % 2:
        once("a", f"key{number}", {}, lambda: (200, {}))
        return
    cause = Cause(actor=None, door="system")
    with attempt(Key.of("a", f"key{number}", {}), cause) as this:
        this.keep(200, {})


def test_run_20_ten_thousand_changes_in_many_days_leave_those_of_two_days(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In small: 400 changes, 40 a day."""
    day = [timezone.now()]
    monkeypatch.setattr(retention.timezone, "now", lambda: day[0])
    most = 0
    for number in range(400):
        day[0] += timedelta(days=1) / 40
        write(number)
        IdempotencyKey.objects.filter(key=f"key{number}").update(created_at=day[0])
        most = max(most, IdempotencyKey.objects.count())
    assert 80 <= most <= 80 + 10 + 1


def test_run_20_a_heap_of_the_past_is_gone_after_a_few_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    old = timezone.now() - timedelta(days=2, minutes=1)
    rows = [IdempotencyKey(scope="b", key=f"{n}", fingerprint="", status=200, body={}) for n in range(10_000)]
    IdempotencyKey.objects.bulk_create(rows)
    IdempotencyKey.objects.update(created_at=old)
    for number in range(100):
        write(number)
    assert IdempotencyKey.objects.count() == 100


def test_run_20_ended_sessions_go_too_and_open_ones_stay() -> None:
    def session(key: str, until: datetime) -> Any:
        return Session.objects.create(session_key=key, session_data="", expire_date=until)

    session("ended", timezone.now() - timedelta(minutes=1))
    session("open", timezone.now() + timedelta(minutes=1))
    write(1)
    assert [row.session_key for row in Session.objects.all()] == ["open"]


def test_a_failure_while_tidying_up_never_reaches_the_change(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> int:
        raise ValueError("no")

    monkeypatch.setattr(retention, "forget", broken)
    write(1)
    assert IdempotencyKey.objects.count() == 1
