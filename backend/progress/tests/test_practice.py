"""Drills: from the first question to the points, and whatever may go wrong on the way."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from contract.translation import speaking
from discordauth.models import CustomUser
from progress.models import Attempt, PointEntry, PracticeSession
from progress.serializers.practice import drill_for
from progress.services import practice
from progress.tests.drill_kit import answer, by, choice, started
from rules.errors import Conflict, GameError, Invalid, NotAllowed, NotFound
from testing.personas import World
from testing.together import at_once
from timeline.models import Event

pytestmark = pytest.mark.django_db


def fresh(user: CustomUser) -> CustomUser:
    return CustomUser.objects.get(pk=user.pk)


def refused(error: type[GameError], work: Callable[[], object]) -> str:
    """The code of the error that this work ends in."""
    with pytest.raises(error) as caught, transaction.atomic():
        work()
    return caught.value.code


@pytest.mark.req("S001-61", "S001-62", "S000-26")
def test_a_drill_from_its_first_question_to_its_points(world: World) -> None:
    drill = started(world.mira)
    for right in (True, True, False, True, True):
        answer(world.mira, drill, right)
    drill.refresh_from_db()
    mira = fresh(world.mira)

    assert (drill.asked, drill.right, drill.wrong, drill.points) == (5, 4, 1, 12)
    assert drill.finished_at
    assert drill.started_at < drill.finished_at < drill.ends_at
    assert [attempt.is_right for attempt in drill.attempts.order_by("number")] == [
        True,
        True,
        False,
        True,
        True,
    ]
    assert mira.total_questions_attempted == 5
    assert (mira.current_streak, mira.total_points) == (1, 12 + 5)  # with the daily bonus
    assert mira.per_game_stats == {"v5": {"drills": 1, "questions": 5, "right": 4}}
    assert PointEntry.objects.get(user=mira, source="practice").key == f"practice:{drill.pk}"


def test_each_step_is_one_event_of_ones_own(world: World) -> None:
    drill = started(world.mira)
    answer(world.mira, drill)
    practice.finish(world.mira, drill.pk, by(world.mira))

    events = Event.objects.filter(entity="practice").order_by("seq")
    assert [event.type for event in events] == ["practice.started", "practice.answered", "practice.finished"]
    assert {event.stream_id for event in events} == {world.mira.pk}
    assert [event.changes for event in events] == [{}, {"right": [0, 1]}, {"points": [0, 3]}]


def test_a_question_shows_no_key_before_it_is_answered(world: World) -> None:
    shown = drill_for(started(world.mira)).model_dump(mode="json")

    assert set(shown["question"]) == {"number", "prompt", "options"}
    assert shown["answers"] == []


def test_an_answer_comes_with_its_explanation_and_page(world: World) -> None:
    drill = started(world.mira)
    wrong = choice(drill, right=False)
    given = drill_for(practice.answer(world.mira, drill.pk, 1, wrong, by(world.mira))).answers[0]

    assert (given.is_right, given.choice) == (False, wrong)
    assert given.right != wrong
    assert given.explanation
    assert given.page.startswith("Vampire core")


def test_a_drill_reads_in_the_language_of_its_person(world: World) -> None:
    drill = started(world.mira)
    with speaking("qps"):
        shown = drill_for(drill).question

    assert shown is not None
    assert shown.prompt.startswith("⟦")


def test_stopping_half_way_keeps_what_was_done(world: World) -> None:
    drill = started(world.mira)
    answer(world.mira, drill)
    answer(world.mira, drill)
    done = practice.finish(world.mira, drill.pk, by(world.mira))

    assert (done.right, done.points, done.asked) == (2, 6, 3)
    assert done.finished_at is not None


def test_a_new_drill_ends_the_one_that_is_under_way(world: World) -> None:
    first = started(world.mira)
    answer(world.mira, first)
    second = started(world.mira, "cod", 1)
    first.refresh_from_db()

    assert first.points == 3
    assert practice.under_way(world.mira) == second


def test_an_abandoned_drill_ends_by_itself_and_counts(world: World) -> None:
    drill = started(world.mira)
    answer(world.mira, drill)
    later = drill.ends_at + timedelta(minutes=1)

    assert practice.end_abandoned(drill.ends_at - timedelta(seconds=1)) == 0
    assert practice.end_abandoned(later) == 1
    assert practice.end_abandoned(later) == 0
    drill.refresh_from_db()
    assert (drill.points, drill.finished_at) == (3, later)
    assert fresh(world.mira).total_points == 8


def test_a_drill_without_an_answer_gives_nothing(world: World) -> None:
    drill = started(world.mira)
    practice.finish(world.mira, drill.pk, by(world.mira))
    mira = fresh(world.mira)

    assert (mira.total_points, mira.current_streak, mira.per_game_stats) == (0, 0, {})


def test_practice_gives_no_more_points_than_the_day_allows(world: World) -> None:
    for _drill in range(6):
        drill = started(world.mira, "v5", 3)
        for _question in range(5):
            answer(world.mira, drill)
    drill.refresh_from_db()

    assert sum(PracticeSession.objects.values_list("points", flat=True)) == 60
    assert drill.points == 0


# What is refused.


def test_answering_twice_is_refused_and_changes_nothing(world: World) -> None:
    drill = started(world.mira)
    answer(world.mira, drill, right=False)

    again = refused(Conflict, lambda: practice.answer(world.mira, drill.pk, 1, 0, by(world.mira)))
    drill.refresh_from_db()
    assert (again, drill.wrong, drill.asked) == ("answered", 1, 2)
    assert fresh(world.mira).total_questions_attempted == 1


def test_an_answer_after_the_end_does_not_count(world: World) -> None:
    drill = started(world.mira)
    PracticeSession.objects.filter(pk=drill.pk).update(ends_at=timezone.now() - timedelta(seconds=1))

    assert refused(Conflict, lambda: answer(world.mira, drill)) == "drill_over"
    assert fresh(world.mira).total_questions_attempted == 0
    assert practice.under_way(world.mira) is None
    assert drill_for(practice.find(world.mira, drill.pk)).question is None


def test_an_answer_in_the_drill_of_somebody_else_is_refused(world: World) -> None:
    drill = started(world.mira)

    assert refused(NotAllowed, lambda: answer(world.jonas, drill)) == "not_yours"
    assert refused(NotAllowed, lambda: practice.finish(world.jonas, drill.pk, by(world.jonas))) == "not_yours"


def test_an_option_that_was_not_offered_is_refused(world: World) -> None:
    drill = started(world.mira, "wod20", 1)
    Attempt.objects.update(question=_with_two_options())

    assert refused(Invalid, lambda: practice.answer(world.mira, drill.pk, 1, 3, by(world.mira))) == "invalid"
    assert Attempt.objects.get().choice is None


def _with_two_options() -> dict[str, Any]:
    return {
        "system": "v5",
        "level": 1,
        "kind": "remorse_dice",
        "facts": {"humanity": 7, "stains": 2},
        "choices": [1, 3],
    }


def test_a_question_that_was_not_asked_yet_is_refused(world: World) -> None:
    drill = started(world.mira)

    assert refused(Invalid, lambda: practice.answer(world.mira, drill.pk, 2, 0, by(world.mira))) == "invalid"


def test_a_button_of_an_old_drill_is_refused(world: World) -> None:
    old = started(world.mira)
    started(world.mira)

    assert (
        refused(Conflict, lambda: practice.answer(world.mira, old.pk, 1, 0, by(world.mira))) == "drill_over"
    )
    assert refused(Conflict, lambda: practice.finish(world.mira, old.pk, by(world.mira))) == "drill_over"


def test_a_drill_that_a_reset_took_away_says_so(world: World) -> None:
    drill = started(world.mira)
    PracticeSession.objects.all().delete()

    assert (
        refused(NotFound, lambda: practice.answer(world.mira, drill.pk, 1, 0, by(world.mira))) == "not_found"
    )


def test_a_question_that_the_rules_no_longer_know_is_replaced(world: World) -> None:
    drill = started(world.mira)
    Attempt.objects.update(question={"kind": "gone"})
    asked = drill_for(drill).question
    assert asked is not None
    assert asked.options == ["Another question"]

    practice.answer(world.mira, drill.pk, 1, 0, by(world.mira))
    drill.refresh_from_db()
    assert (drill.asked, drill.wrong) == (1, 0)
    assert answer(world.mira, drill).right == 1


def test_a_drill_that_cannot_be_ended_holds_up_no_other(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    broken, whole = started(world.mira), started(world.jonas)
    for user, drill in ((world.mira, broken), (world.jonas, whole)):
        answer(user, drill)
    PracticeSession.objects.filter(pk=broken.pk).update(level=9)
    assert practice.end_abandoned(whole.ends_at + timedelta(minutes=1)) == 1
    assert list(PracticeSession.objects.exclude(finished_at=None)) == [whole]
    assert f"PracticeSession {broken.pk} cannot be settled" in caplog.text


def test_an_account_that_is_gone_in_mid_drill_leaves_nothing_behind(world: World) -> None:
    drill = started(world.mira)
    answer(world.mira, drill)
    PracticeSession.objects.filter(pk=drill.pk).update(ends_at=timezone.now())
    world.mira.delete()

    assert practice.end_abandoned() == 0
    assert not Attempt.objects.exists()


def test_a_drill_of_a_closed_account_is_left_alone(world: World) -> None:
    drill = started(world.mira)
    answer(world.mira, drill)
    CustomUser.objects.filter(pk=world.mira.pk).update(is_active=False)

    assert practice.end_abandoned(drill.ends_at) == 0


def test_a_clock_that_was_set_back_ends_no_drill_twice(world: World) -> None:
    drill = started(world.mira)
    answer(world.mira, drill)
    practice.end_abandoned(drill.ends_at)

    assert practice.end_abandoned(drill.started_at) == 0
    assert PointEntry.objects.filter(source="practice").count() == 1


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_two_devices_that_answer_at_once_count_once(world: World) -> None:
    drill = started(world.mira)
    option = choice(drill)

    results = at_once(
        lambda: practice.answer(world.mira, drill.pk, 1, option, by(world.mira)) for _device in range(2)
    )
    drill.refresh_from_db()
    assert results.count("answered") == 1
    assert (drill.right, drill.asked) == (1, 2)
    assert fresh(world.mira).total_questions_attempted == 1


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_two_devices_that_start_at_once_leave_one_drill_under_way(world: World) -> None:
    at_once(lambda: started(world.mira) for _device in range(2))

    assert PracticeSession.objects.filter(finished_at=None).count() == 1
