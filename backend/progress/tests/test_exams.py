"""A storyteller's own exam: who makes it, what goes in, and what a change does once somebody sat it."""

from typing import Any

import pytest
from pydantic import ValidationError
from rest_framework.test import APIClient

from chronicle.models import Chronicle
from chronicle.principal import Principal
from chronicle.services import set_chronicle_role
from contract import exams as shapes
from contract.exams import MAX_OPTION, MAX_PROMPT, MAX_QUESTIONS
from progress.exams import questions
from progress.models import Paper, PointEntry
from progress.serializers import exams as shown
from progress.services import papers, sittings
from progress.tests.exam_kit import RIGHT, V5, Clock, cause, clock, hand_in, own_exam, start
from rules.errors import Conflict, GameError, Invalid, Limit, NotAllowed, NotFound
from testing.community import update_chronicle
from testing.personas import World
from timeline.models import Event

__all__ = ["clock"]
pytestmark = pytest.mark.django_db


def change(world: World, paper: Paper, who: str = "vesna", **fields: Any) -> Paper:
    given = shapes.ChangeExam(exam=paper.pk, **fields)
    return papers.change(world.principal(who), given, cause(world, who))


def add(world: World, paper: Paper, **fields: Any) -> Paper:
    asked = {"prompt": "Who?", "options": ["A", "B"], "right": 0} | fields
    return papers.add_own(
        world.principal("vesna"), shapes.AddOwn(exam=paper.pk, **asked), cause(world, "vesna")
    )


def test_a_storyteller_makes_an_exam_of_generated_and_own_questions(world: World) -> None:
    paper = own_exam(world, 2, count=5)
    assert (len(paper.questions), paper.length) == (7, 7)
    draft = shown.draft(world.principal("vesna"), paper)
    assert [asked.own for asked in draft.questions] == [False] * 5 + [True] * 2
    assert draft.questions[-1].explanation == "It is said."
    assert len({asked.id for asked in draft.questions}) == 7
    types = Event.objects.filter(entity_id=paper.pk).values_list("type", flat=True)
    assert list(types) == ["exam.created", "exam.changed", "exam.changed"]


def test_the_house_rules_of_the_chronicle_are_asked_about(world: World) -> None:
    update_chronicle(
        world.chronicle,
        {"rules": {"max_hunger": "3"}},
        principal=world.principal("vesna"),
        cause=cause(world, "vesna"),
    )
    world.chronicle.refresh_from_db()
    paper = own_exam(world, 0, count=20)
    assert paper.house_rules == {"max_hunger": "3"}
    prompts = [questions.read(stored).prompt for stored in paper.questions]
    assert any(prompt.startswith("House rule: Hunger rises to 3 at most.") for prompt in prompts)


@pytest.mark.parametrize("who", ["mira", "sam", "olga"])
def test_only_a_storyteller_makes_and_changes_exams(world: World, who: str) -> None:
    paper = own_exam(world)
    expected = {"mira": NotAllowed, "sam": NotFound, "olga": None}[who]
    for attempt in (
        lambda: change(world, paper, who, title="Mine"),
        lambda: papers.require_changeable(world.principal(who), paper.pk),
    ):
        if expected is None:  # an administrator of the server
            attempt()
        else:
            with pytest.raises(expected):
                attempt()


def test_nobody_changes_a_standard_exam(world: World) -> None:
    for principal in (world.principal("root"), Principal.system()):
        with pytest.raises(NotAllowed):
            papers.require_changeable(principal, V5)


def test_an_exam_that_nobody_sat_changes_in_place(world: World) -> None:
    paper = own_exam(world, 2)
    changed = change(world, paper, title="Lore", minutes=5, pass_mark=50)
    assert (changed.pk, changed.version, changed.minutes) == (paper.pk, paper.version + 1, 5)
    kept = papers.remove_question(
        world.principal("vesna"),
        shapes.RemoveQuestion(exam=paper.pk, question=paper.questions[0]["id"]),
        cause(world, "vesna"),
    )
    assert [stored["id"] for stored in kept.questions] == [paper.questions[1]["id"]]
    assert kept.length == 1


def set_role(world: World, who: str, role: str | None) -> None:
    by = {"principal": world.principal("olga"), "cause": cause(world, "olga")}
    set_chronicle_role(world.chronicle, getattr(world, who).pk, role, **by)


def test_who_has_read_the_key_sits_no_version_of_the_exam_whatever_they_become(world: World) -> None:
    paper = own_exam(world, 2)
    set_role(world, "jonas", "STORYTELLER")
    shown.draft(world.principal("jonas"), paper)
    set_role(world, "jonas", None)
    changed = add(world, paper)
    for version in (paper, changed):
        with pytest.raises(NotAllowed) as refused:
            start(world, version.pk, "jonas")
        assert refused.value.code == "knows_answers"
    listed = {
        exam.title: exam.rights.sit for exam in shown.exams(world.principal("jonas"), world.chronicle.id)
    }
    assert listed == {"House lore": False}
    assert start(world, changed.pk, "mira")


def test_a_storyteller_who_never_looked_may_sit_when_they_are_none_any_more(world: World) -> None:
    paper = own_exam(world, 2)
    set_role(world, "jonas", "STORYTELLER")
    with pytest.raises(NotAllowed):
        start(world, paper.pk, "jonas")
    set_role(world, "jonas", None)
    assert start(world, paper.pk, "jonas")


def test_an_exam_that_somebody_sat_becomes_a_new_version(world: World, clock: Clock) -> None:
    paper = own_exam(world, 4)
    row = start(world, paper.pk)
    changed = add(world, paper)
    paper.refresh_from_db()
    assert changed.pk != paper.pk
    assert (changed.first_version_id, changed.version) == (paper.pk, paper.version + 1)
    assert (paper.length, changed.length, paper.archived_at) == (4, 5, clock.now)
    assert hand_in(world, row, *[RIGHT] * 4).points == 8  # the old one is sat to its end
    with pytest.raises(Conflict) as error:  # its answers were shown
        start(world, changed.pk)
    assert error.value.code == "too_soon"
    clock.forward(hours=20)
    third = start(world, changed.pk)
    assert hand_in(world, third, *[RIGHT] * 4).points == 0  # points come once, whatever the version
    assert PointEntry.objects.filter(source="exam").count() == 1
    with pytest.raises(Conflict):
        change(world, paper, title="Again")


def test_who_sits_one_version_goes_on_with_it_and_begins_no_other(world: World, clock: Clock) -> None:
    paper = own_exam(world, 4)
    row = start(world, paper.pk)
    changed = change(world, paper, title="House lore, again")
    assert start(world, changed.pk) == row
    assert shown.exam(world.principal("mira"), changed).sitting == row.pk
    hand_in(world, row)
    found = shown.exam(world.principal("mira"), changed)
    assert (found.sitting, found.opens_at) == (None, clock.now + sittings.WAIT)


def test_a_change_that_changes_nothing_makes_no_version(world: World) -> None:
    paper = own_exam(world)
    start(world, paper.pk)
    assert change(world, paper, title=paper.title).pk == paper.pk
    assert Paper.objects.filter(chronicle=world.chronicle).count() == 1


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"prompt": " \u200b "}, "prompt"),
        ({"options": ["A", "a"]}, "options"),
        ({"options": ["A", "\u202e"]}, "options"),
        ({"right": 2}, "right"),
    ],
)
def test_an_own_question_that_makes_no_sense_is_refused(
    world: World, fields: dict[str, Any], field: str
) -> None:
    paper = own_exam(world, 1)
    with pytest.raises(Invalid) as error:
        add(world, paper, **fields)
    assert list(error.value.data["fields"]) == [field]


@pytest.mark.parametrize(
    "fields",
    [
        {"prompt": "x" * (MAX_PROMPT + 1)},
        {"options": ["A", "x" * (MAX_OPTION + 1)]},
        {"options": ["A"]},
        {"options": list("ABCDEF")},
        {"right": -1},
        {"right": 5},
        {"explanation": "x" * 1001},
    ],
)
def test_a_huge_own_question_never_gets_in(world: World, fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        add(world, own_exam(world, 0), **fields)


def test_hostile_text_is_only_text(world: World) -> None:
    hostile = "<script>alert(1)</script>\x00\u202e {0} %s"
    paper = add(world, own_exam(world, 0), prompt=hostile, options=[hostile, "{name}"])
    asked = questions.read(paper.questions[0])
    assert asked.prompt == "<script>alert(1)</script> {0} %s"
    assert asked.options == ("<script>alert(1)</script> {0} %s", "{name}")


def test_an_exam_holds_so_many_questions(world: World) -> None:
    paper = own_exam(world, 0, count=MAX_QUESTIONS)
    with pytest.raises(Limit) as error:
        add(world, paper)
    assert error.value.code == "too_many_questions"


def test_a_chronicle_holds_so_many_exams(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(papers, "MAX_EXAMS", 1)
    first = own_exam(world, 0)
    with pytest.raises(Limit):
        own_exam(world, 0)
    papers.archive(world.principal("vesna"), first.pk, cause(world, "vesna"))
    assert own_exam(world, 0).pk != first.pk


def test_a_list_shows_standard_exams_and_those_of_one_s_tables(world: World) -> None:
    own_exam(world)
    standard_ones = {exam.title for exam in shown.exams(world.principal("sam"))}
    mine = {exam.title for exam in shown.exams(world.principal("mira"))}
    assert len(standard_ones) == 5
    assert mine - standard_ones == {"House lore"}
    assert [exam.title for exam in shown.exams(world.principal("mira"), world.chronicle.id)] == ["House lore"]


@pytest.mark.engine
def test_a_list_asks_the_database_as_often_for_many_exams(
    world: World, django_assert_max_num_queries: Any
) -> None:
    for _number in range(4):
        start(world, own_exam(world, 1).pk)
    principal = world.principal("mira")
    with django_assert_max_num_queries(9):
        assert len(shown.exams(principal)) == 9


def test_what_somebody_may_is_said_with_an_exam(world: World) -> None:
    paper = own_exam(world)
    rights = {who: shown.exam(world.principal(who), paper).rights for who in ("vesna", "mira")}
    assert (rights["vesna"].sit, rights["vesna"].change) == (False, True)
    assert (rights["mira"].sit, rights["mira"].change) == (True, False)


def test_every_refusal_has_a_code_and_a_sentence(world: World) -> None:
    paper = own_exam(world, 0)
    for attempt in (lambda: start(world, paper.pk), lambda: start(world, paper.pk, "vesna")):
        with pytest.raises(GameError) as error:
            attempt()
        assert error.value.code not in ("conflict", "not_allowed")
        assert error.value.detail.endswith(".")


def test_who_could_read_the_key_sits_it_in_an_archived_chronicle_no_more_than_before(
    world: World, clock: Clock
) -> None:
    paper = own_exam(world)
    Chronicle.objects.filter(pk=world.chronicle.pk).update(archived_at=clock.now)
    for who in ("vesna", "olga"):  # its author, and another storyteller
        with pytest.raises(NotAllowed) as error:
            start(world, paper.pk, who)
        assert error.value.code == "knows_answers"
    assert not shown.exam(world.principal("olga"), papers.find(world.principal("olga"), paper.pk)).rights.sit


def test_a_retry_shows_the_key_to_nobody_who_is_no_storyteller_any_more(world: World) -> None:
    paper = own_exam(world)
    by = {"principal": world.principal("olga"), "cause": cause(world, "olga")}
    set_chronicle_role(world.chronicle, world.mira.pk, "STORYTELLER", **by)
    client = APIClient(headers={"Idempotency-Key": "once"})
    client.force_authenticate(world.mira)
    asked = {"prompt": "Who?", "options": ["A", "B"], "right": 0}
    answers = []
    for role in ("STORYTELLER", None):
        set_chronicle_role(world.chronicle, world.mira.pk, role, **by)
        answers.append(client.post(f"/api/exams/{paper.pk}/questions/", asked, format="json"))
        add(world, paper, prompt="Who rules in secret?")
    assert [answer.status_code for answer in answers] == [200, 403]
    assert "Who rules in secret?" not in answers[1].content.decode()
