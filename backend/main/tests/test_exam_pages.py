"""Exams and certificates on the web."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from progress.models import Certificate, Paper, PaperAttempt
from progress.tests.exam_kit import RIGHT, V5, WRONG, Clock, clock, hand_in, own_exam, start
from testing.pages import page_of
from testing.personas import World

__all__ = ["clock"]
pytestmark = pytest.mark.django_db
Open = Callable[[str], Client]


def test_the_list_leads_to_every_exam(world: World, browser: Open) -> None:
    paper = own_exam(world)
    page = page_of(browser("mira").get("/progress/exams/"))
    assert f"/progress/exams/{V5}/" in page
    assert f"/progress/exams/{paper.pk}/" in page
    assert "Make an exam for a chronicle" not in page
    assert f"/chronicles/{world.chronicle.pk}/exams/" in page_of(browser("vesna").get("/progress/exams/"))


@pytest.mark.req("S001-63")
def test_an_exam_is_begun_answered_and_handed_in(world: World, browser: Open) -> None:
    mira, paper = browser("mira"), own_exam(world, 2)
    begun = mira.post(f"/progress/exams/{paper.pk}/start/")
    row = PaperAttempt.objects.get()
    assert begun.url == f"/progress/sittings/{row.pk}/"
    page = page_of(mira.get(begun.url))
    assert "Who rules domain 1?" in page
    assert re.search('data-left="(1200|11[0-9][0-9])"', page)
    assert "It is said." not in page
    saved = mira.post(f"{begun.url}answer/", {"q1": "0", "q2": "1"}, HTTP_HX_REQUEST="true")
    assert "2 of 2 answered" in page_of(saved)
    assert mira.post(f"{begun.url}hand-in/", {"q1": "1", "q2": "1"}).status_code == 302
    page = page_of(mira.get(begun.url))
    assert "2 of 2 right: 100%" in page
    assert "It is said." in page
    assert f"/certificates/{Certificate.objects.get().code}/" in page


def test_without_scripts_answers_are_saved_by_a_button(world: World, browser: Open) -> None:
    row = start(world, own_exam(world, 2).pk)
    address = f"/progress/sittings/{row.pk}/"
    saved = browser("mira").post(f"{address}answer/", {"q2": "1"})
    assert (saved.status_code, saved.url) == (302, address)
    row.refresh_from_db()
    assert row.answers == {"2": 1}


@pytest.mark.parametrize("given", [{"q1": "7"}, {"q1": "x"}, {"q1": "99999999999999999999"}, {"q9": "0"}])
def test_an_option_that_was_not_offered_is_refused(
    world: World, browser: Open, given: dict[str, str]
) -> None:
    row = start(world, own_exam(world, 2).pk)
    refused = browser("mira").post(f"/progress/sittings/{row.pk}/hand-in/", given)
    assert refused.status_code == 400
    row.refresh_from_db()
    assert row.finished_at is None


def test_the_clock_follows_the_server(world: World, browser: Open, clock: Clock) -> None:
    row = start(world, own_exam(world, 2, minutes=10).pk)
    address = f"/progress/sittings/{row.pk}/"
    clock.forward(minutes=9, seconds=30)
    assert 'data-left="30"' in page_of(browser("mira").get(f"{address}clock/"))
    clock.forward(seconds=31)
    late = browser("mira").post(f"{address}answer/", {"q1": "1"}, HTTP_HX_REQUEST="true")
    assert "too late to count" in page_of(late)
    assert "data-over" in page_of(browser("mira").get(f"{address}clock/"))
    assert "You didn’t answer." in page_of(browser("mira").get(address))


def test_an_exam_that_was_sat_says_when_it_opens_again(world: World, browser: Open) -> None:
    row = start(world, own_exam(world, 2).pk)
    hand_in(world, row, RIGHT, WRONG)
    page = page_of(browser("mira").get(f"/progress/exams/{row.paper_id}/"))
    assert "You can sit it again from" in page
    assert "50%" in page


def test_another_persons_sitting_has_no_page(world: World, browser: Open) -> None:
    row = start(world, own_exam(world, 2).pk)
    assert browser("jonas").get(f"/progress/sittings/{row.pk}/").status_code == 404


def test_a_storyteller_makes_an_exam_on_the_web(world: World, browser: Open) -> None:
    vesna, place = browser("vesna"), f"/chronicles/{world.chronicle.pk}/exams/"
    assert "New exam" in page_of(vesna.get(place))
    assert "New exam" not in page_of(browser("mira").get(place))
    made = vesna.post(f"{place}make/", {"title": "<b>Lore</b>", "system": "v5", "level": "2", "count": "3"})
    paper = Paper.objects.get(chronicle=world.chronicle)
    one = f"/progress/exams/{paper.pk}/"
    assert (made.url, paper.length) == (f"{one}edit/", 3)
    asked = {"prompt": "Who?", "option1": "A", "option2": "B", "option3": "", "right": "1"}
    assert vesna.post(f"{one}own/", asked).url == f"{one}edit/#own"
    assert vesna.post(f"{one}generate/", {"level": "1", "count": "2"}).url == f"{one}edit/#generate"
    page = page_of(vesna.get(f"{one}edit/"))
    assert "&lt;b&gt;Lore&lt;/b&gt;" in page
    paper.refresh_from_db()
    assert (paper.length, paper.questions[3]["own"]["options"]) == (6, ["A", "B"])
    vesna.post(f"{one}remove/", {"question": paper.questions[0]["id"]})
    vesna.post(f"{one}change/", {"title": "Lore", "minutes": "5", "pass_mark": "60"})
    paper.refresh_from_db()
    assert (paper.length, paper.title, paper.minutes) == (5, "Lore", 5)
    assert vesna.post(f"{one}archive/").url == one
    assert "archived" in page_of(vesna.get(one))


def test_a_refused_own_question_shows_what_was_typed(world: World, browser: Open) -> None:
    paper = own_exam(world, 0)
    stood = f"/progress/exams/{paper.pk}/edit/"
    sent = {"prompt": "Who?", "option1": "A", "option2": "a", "right": "0", "stood": stood, "form": "own"}
    answer = browser("vesna").post(f"/progress/exams/{paper.pk}/own/", sent)
    assert answer.status_code == 400
    assert "Two options are the same." in page_of(answer)


def test_questions_are_edited_and_moved_on_the_page(world: World, browser: Open) -> None:
    paper = own_exam(world, 2, count=1)
    drawn, first, second = (stored["id"] for stored in paper.questions)
    vesna, one = browser("vesna"), f"/progress/exams/{paper.pk}/"
    page = page_of(vesna.get(f"{one}edit/"))
    assert page.count(f'action="{one}question/"') == 2, "what the engine wrote has no form"
    assert page.count(f'action="{one}move/"') == 3
    asked = {"prompt": "Where?", "option1": "Here", "option2": "There", "right": "0", "question": first}
    assert vesna.post(f"{one}question/", asked).url == f"{one}edit/#questions"
    assert vesna.post(f"{one}move/", {"question": second, "to": "1"}).url == f"{one}edit/#questions"
    paper.refresh_from_db()
    assert [stored["id"] for stored in paper.questions] == [second, drawn, first]
    assert paper.questions[2]["own"]["options"] == ["Here", "There"]
    stood = {"stood": f"{one}edit/", "form": f"edit-{first}", "option2": "here"}
    refused = vesna.post(f"{one}question/", asked | stood)
    assert refused.status_code == 400
    assert "Two options are the same." in page_of(refused)


def test_a_change_of_an_exam_that_was_sat_leads_to_its_new_version(world: World, browser: Open) -> None:
    paper = own_exam(world, 2)
    start(world, paper.pk)
    vesna = browser("vesna")
    assert "makes a new version" in page_of(vesna.get(f"/progress/exams/{paper.pk}/edit/"))
    changed = vesna.post(f"/progress/exams/{paper.pk}/generate/", {"level": "1", "count": "1"})
    new = Paper.objects.get(first_version=paper)
    assert changed.url == f"/progress/exams/{new.pk}/edit/#generate"


def test_anybody_verifies_a_certificate(world: World, browser: Open) -> None:
    hand_in(world, start(world, own_exam(world, 2).pk), RIGHT, RIGHT)
    row = Certificate.objects.get()
    visitor = browser("")
    page = page_of(visitor.get(f"/certificates/{row.code}/"))
    assert "Mira" in page
    assert world.mira.username not in page.replace("Mira", "")
    assert str(world.mira.pk) not in page
    assert "Name on the certificate" not in page
    drawn = visitor.get(f"/certificates/{row.code}/picture/")
    assert drawn["Content-Type"] == "image/png"
    assert Image.open(BytesIO(drawn.content)).size == (1600, 1000)
    assert visitor.get("/certificates/0000-0000-0000-0000/").status_code == 404


def test_its_owner_renames_a_certificate(world: World, browser: Open) -> None:
    hand_in(world, start(world, own_exam(world, 2).pk), RIGHT, RIGHT)
    address = f"/certificates/{Certificate.objects.get().code}/"
    assert "Name on the certificate" in page_of(browser("mira").get(address))
    browser("mira").post(f"{address}rename/", {"name": "Lady Mira"})
    assert "Lady Mira" in page_of(browser("").get(address))
    assert browser("jonas").post(f"{address}rename/", {"name": "Jonas"}).status_code == 404


def test_codes_are_not_tried_by_the_thousand(world: World, browser: Open, monkeypatch: Any) -> None:
    tried = [browser("").get("/certificates/0000-0000-0000-0000/").status_code for _try in range(61)]
    assert set(tried[:60]) == {404}
    assert tried[60] == 429
