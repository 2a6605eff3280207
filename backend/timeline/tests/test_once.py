"""Idempotency keys: a retry gets the first answer, and what was done stays done once."""

import threading
import time
import uuid
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from rules.errors import Conflict, Invalid, NotFound, Unprocessable
from testing.together import together
from timeline import retention
from timeline.models import IdempotencyKey, Stream
from timeline.tasks import forget_old
from timeline.tests.kit import once

pytestmark = pytest.mark.engine

ASKED = {"path": "hunger", "value": 2}


class Work:
    """Leaves a mark in the database each time: how often it was done is how many marks there are at the end."""

    def __init__(self, error: Exception | None = None, seconds: float = 0) -> None:
        self.error = error
        self.seconds = seconds
        self.calls = 0

    def __call__(self) -> tuple[int, dict[str, Any]]:
        self.calls += 1
        Stream.objects.create(id=uuid.uuid4(), kind="user")
        time.sleep(self.seconds)
        if self.error:
            raise self.error
        return 201, {"call": self.calls}


FIRST = (201, {"call": 1})


def times_done() -> int:
    return Stream.objects.count()


@pytest.mark.django_db
def test_a_retry_gets_the_first_answer() -> None:
    work = Work()
    assert once("a", "k", ASKED, work) == once("a", "k", ASKED, work) == FIRST
    assert Stream.objects.count() == 1


@pytest.mark.django_db
def test_the_order_of_keys_in_the_body_makes_no_other_request() -> None:
    work = Work()
    once("a", "k", {"a": 1, "b": 2}, work)
    once("a", "k", {"b": 2, "a": 1}, work)
    assert Stream.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "other", [{"path": "hunger", "value": 3}, {}, None, [], {"path": "hunger", "value": "2"}]
)
def test_the_same_key_for_another_request_is_refused(other: Any) -> None:
    work = Work()
    once("a", "k", ASKED, work)
    with pytest.raises(Unprocessable) as caught:
        once("a", "k", other, work)
    assert caught.value.code == "key_reused"
    assert Stream.objects.count() == 1


@pytest.mark.django_db
def test_keys_of_two_callers_never_meet() -> None:
    work = Work()
    once("a", "k", ASKED, work)
    once("b", "k", {}, work)
    assert times_done() == 2


@pytest.mark.django_db
def test_without_a_key_everything_is_done_anew() -> None:
    work = Work()
    once("a", "", ASKED, work)
    once("a", "", ASKED, work)
    assert times_done() == 2
    assert not IdempotencyKey.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("error", [NotFound("No."), IntegrityError("No."), ZeroDivisionError()], ids=repr)
def test_what_failed_is_not_kept_and_may_be_tried_again(error: Exception) -> None:
    with pytest.raises(type(error)), transaction.atomic():
        once("a", "k", ASKED, Work(error=error))
    assert not IdempotencyKey.objects.exists()
    assert times_done() == 0
    assert once("a", "k", ASKED, Work()) == FIRST


@pytest.mark.django_db
@pytest.mark.parametrize("value", [10**30, "\ud800", 1.5, None, {"ø": ["🦉"]}], ids=repr)
def test_any_json_can_be_asked(value: Any) -> None:
    assert once("a", "k", {"value": value}, Work()) == once("a", "k", {"value": value}, Work())


@pytest.mark.django_db
def test_a_key_has_a_length() -> None:
    once("a", "k" * 100, ASKED, Work())
    with pytest.raises(Invalid):
        once("a", "k" * 101, ASKED, Work())


def race(*works: Work) -> list[Any]:
    """All at once with one key; answers or errors, in the order given."""
    return together(*(partial(once, "a", "k", ASKED, work) for work in works))


@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_it_once_and_both_get_the_answer() -> None:
    works = [Work(seconds=0.2), Work(seconds=0.2)]
    assert race(*works) == [FIRST] * 2
    assert Stream.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_retry_in_the_same_moment_is_not_told_of_what_the_first_did() -> None:
    """The work of a second run finds the name taken: the first answer comes, not that error."""

    class Create(Work):
        def __call__(self) -> tuple[int, dict[str, Any]]:
            if Stream.objects.exists():
                raise Conflict("The name is taken.", code="name_taken")
            return super().__call__()

    assert race(Create(seconds=0.2), Create(seconds=0.2)) == [FIRST] * 2


@pytest.mark.django_db
def test_a_retry_gets_the_first_answer_though_it_would_be_refused_now() -> None:
    assert once("a", "k", ASKED, Work()) == FIRST
    assert once("a", "k", ASKED, Work(error=NotFound("Deleted meanwhile."))) == FIRST
    assert times_done() == 1


@pytest.mark.django_db(transaction=True)
def test_when_the_first_of_two_fails_the_other_is_done() -> None:
    broken = threading.Event()

    class FailsFirst(Work):
        def __call__(self) -> tuple[int, dict[str, Any]]:
            if not broken.is_set():
                broken.set()
                time.sleep(0.2)
                raise NotFound("No.")
            return super().__call__()

    answers = race(FailsFirst(), FailsFirst())
    # Where writers do not wait for each other, the failed one may find the other's answer already.
    assert {type(answer) for answer in answers} in ({NotFound, tuple}, {tuple})
    assert times_done() == 1


@pytest.mark.django_db
def test_old_keys_are_forgotten_in_batches() -> None:
    for number in range(8):
        once("a", f"old{number}", ASKED, Work())
    IdempotencyKey.objects.update(created_at=timezone.now() - timedelta(hours=48, minutes=1))
    once("a", "young", ASKED, Work())
    IdempotencyKey.objects.filter(key="young").update(created_at=timezone.now() - timedelta(hours=47))
    assert retention.forget(IdempotencyKey, batches=2, size=3) == 6
    forget_old.call()
    assert list(IdempotencyKey.objects.values_list("key", flat=True)) == ["young"]
