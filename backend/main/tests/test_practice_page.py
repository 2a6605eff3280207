"""The page of practice, with and without script."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from progress.models import PracticeSession
from progress.services import practice
from progress.tests.drill_kit import by, choice, started
from testing.pages import page_of
from testing.personas import World

pytestmark = pytest.mark.django_db(transaction=True)
Browser = Callable[[str], Any]
PAGE = "/progress/practice/"


def answered(
    browser: Any, drill: PracticeSession, *, right: bool = True, script: bool = False, **more: str
) -> str:
    """The page, or with script the part of it that changed, after the question that waits was answered."""
    drill.refresh_from_db()
    form = {"number": str(drill.asked), "choice": str(choice(drill, right)), "key": f"k{drill.asked}"} | more
    headers = {"HX-Request": "true"} if script else {}
    answer = browser.post(f"{PAGE}{drill.pk}/answer/", form, headers=headers, follow=not script)
    return str(answer.content.decode())


def test_who_never_practised_can_start(world: World, browser: Browser) -> None:
    mira = browser("mira")
    shown = page_of(mira.get(PAGE))
    assert "Start a drill" in shown
    assert "Vampire" in shown

    started = page_of(mira.post(f"{PAGE}start/", {"system": "h5", "level": "2", "key": "k"}, follow=True))
    assert "Hunter, Tricky" in started
    assert "Question 1 of 5" in started
    assert 'data-follows="practice"' in started


@pytest.mark.req("S001-61", "S001-62")
def test_a_whole_drill_without_script(world: World, browser: Browser) -> None:
    mira, drill = browser("mira"), started(world.mira)
    assert "Right!" in answered(mira, drill)
    assert "Not quite." in answered(mira, drill, right=False)
    for _question in range(3):
        shown = answered(mira, drill)

    assert "4 of 5 right" in shown
    assert "12 points." in shown
    assert "You practised 1 day in a row." in shown
    assert "Another drill" in shown


def test_with_script_only_the_drill_changes(world: World, browser: Browser) -> None:
    shown = answered(browser("mira"), started(world.mira), script=True)

    assert shown.lstrip().startswith('<div class="stack drill" id="drill">')
    assert "Right!" in shown


def test_a_form_that_is_sent_twice_counts_once(world: World, browser: Browser) -> None:
    mira, drill = browser("mira"), started(world.mira)
    form = {"number": "1", "choice": str(choice(drill)), "key": "once"}
    for _press in range(2):
        assert "Right!" in mira.post(f"{PAGE}{drill.pk}/answer/", form, follow=True).content.decode()
    drill.refresh_from_db()

    assert (drill.right, drill.asked) == (1, 2)


def test_an_answer_that_another_device_gave_before_is_told_so(world: World, browser: Browser) -> None:
    drill = started(world.mira)
    practice.answer(world.mira, drill.pk, 1, choice(drill), by(world.mira))
    late = answered(browser("mira"), drill, script=True, number="1")

    assert "You already answered this question." in late


def test_the_drill_of_somebody_else_is_refused(world: World, browser: Browser) -> None:
    refused = answered(browser("jonas"), started(world.mira), script=True)

    assert "somebody else’s drill" in refused
    assert "Start a drill" in page_of(browser("jonas").get(PAGE))


def test_stopping_shows_how_it_went(world: World, browser: Browser) -> None:
    mira, drill = browser("mira"), started(world.mira)
    answered(mira, drill)
    shown = page_of(mira.post(f"{PAGE}{drill.pk}/finish/", {"key": "k"}, follow=True))

    assert "1 of 1 right" in shown
    assert "3 points." in shown


def test_a_drill_whose_time_is_up_shows_no_question(world: World, browser: Browser) -> None:
    drill = started(world.mira)
    PracticeSession.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    shown = page_of(browser("mira").get(PAGE))

    assert "Question 1 of 5" not in shown
    assert "Start a drill" in shown
    assert str(drill.pk) not in shown


def test_the_page_is_in_the_language_of_its_reader(world: World, browser: Browser) -> None:
    started(world.mira)
    shown = page_of(browser("mira").get(PAGE, headers={"Accept-Language": "de"}))

    assert "Frage 1 von 5" in shown
    assert "Vampire, Knifflig" in shown or "Vampir, Knifflig" in shown


def test_how_many_queries_a_page_needs_does_not_grow_with_the_answers(
    world: World, browser: Browser, django_assert_max_num_queries: Any
) -> None:
    mira, drill = browser("mira"), started(world.mira)
    for _question in range(4):
        answered(mira, drill)
    with django_assert_max_num_queries(14):
        mira.get(PAGE)
