"""Sitting an exam: the server's clock alone, the same questions after a break, scored once."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from contract import exams as shapes
from privacy.declaration import PERSONAL
from progress.exams import questions, standard
from progress.models import Certificate, Paper, PaperAttempt, PointEntry
from progress.serializers import exams as shown
from progress.services import papers, restore_points, sittings
from progress.services.undo import undo
from progress.tests import reset_kit
from progress.tests.exam_kit import (
    RIGHT,
    V5,
    WRONG,
    Clock,
    all_right,
    answer,
    cause,
    clock,
    hand_in,
    own_exam,
    start,
)
from rules.errors import Conflict, Invalid, NotAllowed, NotFound
from testing.personas import SYSTEM, World, found_world
from testing.together import at_once
from timeline.models import Event

__all__ = ["clock"]
pytestmark = pytest.mark.django_db


def code_of(error: "pytest.ExceptionInfo[Any]") -> str:
    return str(error.value.code)


@pytest.mark.req("S001-63", "S000-26")
def test_a_standard_exam_is_sat_scored_and_passed(world: World, clock: Clock) -> None:
    row = start(world, V5)
    assert (len(row.questions), row.deadline - clock.now) == (standard.COUNT, timedelta(minutes=25))
    done = hand_in(world, row, *all_right(row))
    assert (done.right, done.score, done.passed, done.points) == (standard.COUNT, 100, True, 50)
    assert PaperAttempt.objects.get().finished_at == clock.now
    world.mira.refresh_from_db()
    assert world.mira.total_points == 50
    assert world.mira.per_game_stats == {"v5": {"exams": 1, "passed": 1}}


@pytest.mark.parametrize("exam", standard.EXAMS.values(), ids=lambda exam: exam.slug)
def test_a_standard_exam_is_the_same_for_everybody(exam: standard.StandardExam) -> None:
    first, second = exam.questions(), exam.questions()
    drills = [stored["drill"] for stored in first]
    assert drills == [stored["drill"] for stored in second]
    assert all(drills.count(drill) == 1 for drill in drills)
    for stored in first:
        read = questions.read(stored)
        assert 0 <= read.right < len(read.options) == questions.options_of(stored)


def test_two_people_get_the_same_questions(world: World) -> None:
    assert start(world, V5).questions == start(world, V5, "jonas").questions


@pytest.mark.req("S001-63")
def test_the_pass_mark_decides(world: World) -> None:
    paper = own_exam(world, 4, pass_mark=75)
    assert hand_in(world, start(world, paper.pk), RIGHT, RIGHT, RIGHT, WRONG).passed
    failed = hand_in(world, start(world, paper.pk, "jonas"), RIGHT, RIGHT, WRONG, who="jonas")
    assert (failed.score, failed.passed, failed.points) == (50, False, 0)
    assert not Certificate.objects.filter(user=world.jonas).exists()


def test_answers_may_be_changed_until_it_is_handed_in(world: World) -> None:
    row = start(world, own_exam(world, 2).pk)
    answer(world, row, WRONG, WRONG)
    answer(world, row, RIGHT)
    assert answer(world, row, RIGHT, RIGHT).answers == {"1": RIGHT, "2": RIGHT}
    assert hand_in(world, row).score == 100
    with pytest.raises(Conflict) as error:
        answer(world, row, WRONG)
    assert code_of(error) == "exam_over"


def test_a_late_answer_does_not_count(world: World, clock: Clock) -> None:
    row = start(world, own_exam(world, 2, minutes=10).pk)
    answer(world, row, RIGHT)
    clock.forward(minutes=10)
    with pytest.raises(Conflict) as error:
        answer(world, row, RIGHT, RIGHT)
    assert code_of(error) == "time_up"
    clock.forward(seconds=1)
    done = hand_in(world, row, RIGHT, RIGHT)
    assert (done.answers, done.score, done.finished_at) == ({"1": RIGHT}, 50, row.deadline)


def test_time_that_is_up_is_noticed_by_the_next_look(world: World, clock: Clock) -> None:
    row = start(world, own_exam(world, 2, minutes=10).pk)
    answer(world, row, RIGHT, RIGHT)
    clock.forward(minutes=11)
    found = sittings.find(world.principal("mira"), row.pk)
    assert (found.score, found.passed, found.finished_at) == (100, True, row.deadline)
    assert Certificate.objects.filter(user=world.mira).count() == 1


def test_time_that_is_up_is_noticed_without_anybody(world: World, clock: Clock) -> None:
    paper = own_exam(world, 2, minutes=10)
    for who in ("mira", "jonas"):
        answer(world, start(world, paper.pk, who), RIGHT, RIGHT, who=who)
    assert sittings.settle_due() == 0
    clock.forward(minutes=10)
    assert sittings.settle_due() == 2
    assert sittings.settle_due() == 0
    assert PointEntry.objects.filter(source="exam").count() == 2


def test_a_sitting_that_cannot_be_scored_holds_up_no_other(
    world: World, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    paper = own_exam(world, 2, minutes=10)
    broken, whole = start(world, paper.pk, "mira"), start(world, paper.pk, "jonas")
    PaperAttempt.objects.filter(pk=broken.pk).update(questions=[{"kind": "of another version"}])
    clock.forward(minutes=10)
    assert sittings.settle_due() == 1
    assert list(PaperAttempt.objects.exclude(finished_at=None)) == [whole]
    assert f"PaperAttempt {broken.pk} cannot be settled" in caplog.text


def test_an_account_that_goes_in_mid_sitting_takes_it_along(world: World, clock: Clock) -> None:
    row = start(world, own_exam(world, 2, minutes=10).pk)
    step = next(step for step in PERSONAL if step.model is PaperAttempt)
    step.erase(world.mira)
    clock.forward(minutes=10)
    sittings.settle(row.pk)
    assert sittings.settle_due() == 0
    assert not PointEntry.objects.exists()
    with pytest.raises(NotFound):
        sittings.find(world.principal("mira"), row.pk)


def test_a_broken_connection_resumes(world: World, clock: Clock) -> None:
    row = start(world, own_exam(world, 3, minutes=10).pk)
    answer(world, row, RIGHT)
    clock.forward(minutes=4)
    again = start(world, row.paper_id)
    assert (again.pk, again.questions, again.answers) == (row.pk, row.questions, {"1": RIGHT})
    assert sittings.seconds_left(again) == 6 * 60


def test_two_devices_sit_one_exam(world: World) -> None:
    paper = own_exam(world, 2)
    phone, desktop = start(world, paper.pk), start(world, paper.pk)
    answer(world, phone, RIGHT)
    answer(world, desktop, RIGHT, RIGHT)
    assert phone.pk == desktop.pk
    assert hand_in(world, phone).score == hand_in(world, desktop).score == 100


def test_a_clock_that_jumps_gives_nobody_more_time_than_the_exam_has(world: World, clock: Clock) -> None:
    row = start(world, own_exam(world, 2, minutes=10).pk)
    clock.forward(hours=-3)
    assert sittings.seconds_left(row) == 10 * 60
    clock.forward(hours=4)
    assert sittings.find(world.principal("mira"), row.pk).finished_at == row.deadline
    clock.forward(hours=-4)  # what is over stays over
    assert sittings.seconds_left(PaperAttempt.objects.get()) == 0
    with pytest.raises(Conflict):
        answer(world, row, RIGHT)


@pytest.mark.parametrize(
    ("question", "choice", "field"), [(3, 0, "question"), (1, 2, "choice"), (50, 4, "question")]
)
def test_what_was_not_offered_is_refused(world: World, question: int, choice: int, field: str) -> None:
    row = start(world, own_exam(world, 2).pk)
    given = [shapes.GivenAnswer(question=1, choice=1), shapes.GivenAnswer(question=question, choice=choice)]
    for use in (sittings.answer, sittings.hand_in):
        with pytest.raises(Invalid) as error, transaction.atomic():
            use(world.principal("mira"), row.pk, given, cause(world, "mira"))
        assert list(error.value.data["fields"]) == [field]
    row.refresh_from_db()
    assert (row.answers, row.finished_at) == ({}, None)


def test_another_person_s_sitting_is_no_sitting(world: World) -> None:
    row = start(world, own_exam(world, 2).pk)
    for refused in (
        lambda: answer(world, row, RIGHT, who="jonas"),
        lambda: hand_in(world, row, who="jonas"),
        lambda: sittings.find(world.principal("vesna"), row.pk),
    ):
        with pytest.raises(NotFound):
            refused()


def test_handing_in_twice_scores_once(world: World) -> None:
    row = start(world, own_exam(world, 2).pk)
    first, second = hand_in(world, row, RIGHT, RIGHT), hand_in(world, row, WRONG, WRONG)
    assert (first.score, second.score, second.points) == (100, 100, first.points)
    assert PointEntry.objects.filter(source="exam").count() == 1
    assert Event.objects.filter(entity_id=row.pk, type="exam.finished").count() == 1


@pytest.mark.engine
def test_two_handing_in_at_once_score_once(transactional_db: Any) -> None:
    world = found_world()
    row = start(world, own_exam(world, 2).pk)
    found = at_once([lambda: hand_in(world, row, RIGHT, RIGHT).score] * 3)
    assert found == [100, 100, 100]
    assert PointEntry.objects.filter(source="exam").count() == Certificate.objects.count() == 1


@pytest.mark.engine
def test_two_beginning_at_once_sit_one_exam(transactional_db: Any) -> None:
    world = found_world()
    found = at_once([lambda: start(world, V5).pk] * 3)
    assert len(set(found)) == PaperAttempt.objects.count() == Paper.objects.count() == 1


def test_points_come_once_and_the_best_result_counts(world: World, clock: Clock) -> None:
    paper = own_exam(world, 4, pass_mark=50)
    first = hand_in(world, start(world, paper.pk), RIGHT, RIGHT, RIGHT)
    assert (first.points, Certificate.objects.get().score) == (8, 75)
    with pytest.raises(Conflict) as error:
        start(world, paper.pk)
    assert code_of(error) == "too_soon"
    clock.forward(hours=20)
    better = hand_in(world, start(world, paper.pk), RIGHT, RIGHT, RIGHT, RIGHT)
    assert (better.points, Certificate.objects.get().score) == (0, 100)
    clock.forward(hours=20)
    hand_in(world, start(world, paper.pk), RIGHT, RIGHT)
    assert Certificate.objects.get().score == 100
    assert shown.exam(world.principal("mira"), paper).best == 100


def test_after_a_reset_an_exam_gives_points_again_and_no_second_certificate(world: World) -> None:
    paper = own_exam(world, 4, pass_mark=50)
    hand_in(world, start(world, paper.pk), RIGHT, RIGHT, RIGHT)
    reset_kit.run()
    again = hand_in(world, start(world, paper.pk), RIGHT, RIGHT)
    assert (again.points, Certificate.objects.get().score) == (8, 75)


def test_an_exam_passed_again_counts_once_when_the_reset_is_undone(world: World) -> None:
    paper = own_exam(world, 4, pass_mark=50)
    hand_in(world, start(world, paper.pk), RIGHT, RIGHT, RIGHT)
    reset_kit.run()
    hand_in(world, start(world, paper.pk), RIGHT, RIGHT)
    undo(restore_points.to_undo().pk, SYSTEM)
    reset_kit.consistent()
    world.mira.refresh_from_db()
    assert world.mira.total_points == 8


def test_an_exam_archived_in_mid_sitting_is_finished(world: World) -> None:
    paper = own_exam(world, 2)
    row = start(world, paper.pk)
    papers.archive(world.principal("vesna"), paper.pk, cause(world, "vesna"))
    assert answer(world, row, RIGHT).answers == {"1": RIGHT}
    assert start(world, paper.pk).pk == row.pk
    assert hand_in(world, row, RIGHT, RIGHT).passed
    with pytest.raises(Conflict) as error:
        start(world, paper.pk, "jonas")
    assert code_of(error) == "exam_archived"


def test_who_knows_the_answers_may_not_sit(world: World) -> None:
    with pytest.raises(NotAllowed) as error:
        start(world, own_exam(world).pk, "vesna")
    assert code_of(error) == "knows_answers"


def test_an_exam_of_another_table_is_hidden(world: World) -> None:
    with pytest.raises(NotFound):
        start(world, own_exam(world).pk, "sam")


def test_an_exam_without_questions_cannot_begin(world: World) -> None:
    with pytest.raises(Conflict) as error:
        start(world, own_exam(world, 0).pk)
    assert code_of(error) == "no_questions"


def test_no_key_leaves_the_server_before_the_end(world: World) -> None:
    for exam_id in (V5, own_exam(world, 2).pk):
        row = start(world, exam_id)
        before = shown.sitting(row).model_dump()
        assert all(
            (asked["right"], asked["explanation"], asked["page"]) == (None, "", "")
            for asked in before["questions"]
        )
        assert (before["right"], before["score"], before["passed"]) == (None, None, None)
        after = shown.sitting(hand_in(world, row, RIGHT)).model_dump()
        assert [asked["right"] for asked in after["questions"]] == all_right(row)
        assert all(asked["explanation"] for asked in after["questions"])


def test_a_question_that_the_rules_have_changed_since_counts_no_more(world: World) -> None:
    row = start(world, own_exam(world, 2).pk)
    drill = {"system": "v5", "level": 1, "kind": "gone", "facts": {}, "choices": [1, 2]}
    PaperAttempt.objects.filter(pk=row.pk).update(
        questions=[row.questions[0], {"id": "0" * 16, "drill": drill}]
    )
    done = hand_in(world, row, RIGHT, RIGHT)
    assert (done.right, done.score) == (1, 100)
    assert [asked.outdated for asked in shown.sitting(done).questions] == [False, True]
