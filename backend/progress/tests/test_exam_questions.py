"""Questions of a storyteller's own exam: edited, moved, and what cannot be."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from contract import exams as shapes
from progress.exams import questions
from progress.models import Paper
from progress.services import papers
from progress.tests.exam_kit import Clock, cause, clock, own_exam, start
from rules.errors import Conflict, Invalid, NotFound
from testing.personas import World

__all__ = ["clock"]
pytestmark = pytest.mark.django_db


def ids(paper: Paper) -> list[str]:
    return [stored["id"] for stored in paper.questions]


def test_an_own_question_is_edited_and_stays_the_same_one(world: World) -> None:
    paper = own_exam(world, 2)
    question = ids(paper)[0]
    given = shapes.ChangeQuestion(exam=paper.pk, question=question, options=["Nobody", "The Prince"])
    changed = papers.change_question(world.principal("vesna"), given, cause(world, "vesna"))
    read = questions.read(changed.questions[0])
    assert (read.prompt, read.options, read.right) == ("Who rules domain 0?", ("Nobody", "The Prince"), 1)
    assert ids(changed) == ids(paper)
    assert (changed.pk, changed.version) == (paper.pk, paper.version + 1)


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"prompt": " \n"}, "prompt"), ({"options": ["A", "a"]}, "options"), ({"right": 4}, "right")],
)
def test_an_edited_question_is_checked_as_a_new_one_is(
    world: World, fields: dict[str, Any], field: str
) -> None:
    paper = own_exam(world, 1)
    given = shapes.ChangeQuestion(exam=paper.pk, question=ids(paper)[0], **fields)
    with pytest.raises(Invalid) as refused:
        papers.change_question(world.principal("vesna"), given, cause(world, "vesna"))
    assert field in refused.value.data["fields"]
    paper.refresh_from_db()
    assert paper.version == 2


def test_what_the_engine_wrote_is_not_edited(world: World) -> None:
    paper = own_exam(world, 0, count=1)
    given = shapes.ChangeQuestion(exam=paper.pk, question=ids(paper)[0], prompt="Who?")
    with pytest.raises(Conflict) as refused:
        papers.change_question(world.principal("vesna"), given, cause(world, "vesna"))
    assert refused.value.code == "generated_question"


@pytest.mark.parametrize(
    ("place", "to", "order"), [(0, 3, "1203"), (3, 1, "3012"), (1, 3, "0213"), (2, 3, "0123")]
)
def test_a_question_gets_another_place(world: World, place: int, to: int, order: str) -> None:
    paper = own_exam(world, 4)
    before = ids(paper)
    given = shapes.MoveQuestion(exam=paper.pk, question=before[place], to=to)
    moved = papers.move_question(world.principal("vesna"), given, cause(world, "vesna"))
    assert ids(moved) == [before[int(number)] for number in order]


def test_there_is_no_place_behind_the_last_question(world: World) -> None:
    paper = own_exam(world, 2)
    given = shapes.MoveQuestion(exam=paper.pk, question=ids(paper)[0], to=3)
    with pytest.raises(Invalid, match="no question 3"):
        papers.move_question(world.principal("vesna"), given, cause(world, "vesna"))
    lost = shapes.MoveQuestion(exam=paper.pk, question="none", to=1)
    with pytest.raises(NotFound):
        papers.move_question(world.principal("vesna"), lost, cause(world, "vesna"))


def test_an_edit_of_an_exam_that_was_sat_makes_a_new_version(world: World, clock: Clock) -> None:
    paper = own_exam(world, 2)
    row = start(world, paper.pk)
    given = shapes.MoveQuestion(exam=paper.pk, question=ids(paper)[0], to=2)
    moved = papers.move_question(world.principal("vesna"), given, cause(world, "vesna"))
    assert moved.pk != paper.pk
    assert ids(moved) == ids(paper)[::-1]
    row.refresh_from_db()
    assert [stored["id"] for stored in row.questions] == ids(paper)


def test_questions_are_edited_and_moved_over_rest(world: World) -> None:
    paper = own_exam(world, 2)
    first, second = ids(paper)
    client = APIClient()
    client.force_authenticate(world.vesna)
    one = f"/api/exams/{paper.pk}/questions/{first}/"
    edited = client.patch(one, {"explanation": "So it is."}, format="json").json()
    assert edited["questions"][0]["explanation"] == "So it is."
    moved = client.post(f"{one}move/", {"to": 2}, format="json").json()
    assert [question["id"] for question in moved["questions"]] == [second, first]
    client.force_authenticate(world.mira)
    assert client.patch(one, {"prompt": "Mine"}, format="json").status_code == 403
