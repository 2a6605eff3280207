"""A refused form is shown again on its page: what was typed is kept, and the sentence stands at its field."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from chronicle.models import Chronicle
from chronicle.services import create_server
from desk.models import Submission
from desk.tests.kit import lock, propose, set_
from haven.models import Character
from testing.pages import page_of
from testing.personas import SYSTEM, World

pytestmark = pytest.mark.django_db(transaction=True)
Browser = Callable[[str], Client]
FORM = re.compile(r'<form(?=[^>]*method="post")([^>]*)>(.*?)</form>', re.DOTALL)
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


def send(who: Client, page: str, form: str, typed: dict[str, Any], action: str = "") -> tuple[int, str]:
    """Fills in a form as it stands on the page: its hidden fields go along."""
    found = FORM.findall(who.get(page).content.decode())
    head, body = next(
        candidate
        for candidate in found
        if dict(HIDDEN.findall(candidate[1])).get("form") == form and action in candidate[0]
    )
    address = re.search(r'action="([^"]*)"', head)
    hidden = {name: value for name, value in HIDDEN.findall(body) if name != "csrfmiddlewaretoken"}
    answer = who.post(address[1] if address else page, hidden | typed)
    return answer.status_code, page_of(answer)


def errors_on_field(text: str, control: str) -> str:
    """The sentence at the control with this id; the control says that it is wrong, and where that is told."""
    head = re.search(rf'<\w+ [^>]*\bid="{control}"[^>]*', text)
    assert head
    assert 'aria-invalid="true"' in head[0]
    assert f'aria-describedby="{control}-problem' in head[0]
    shown = re.search(rf'<span class="field-error" id="{control}-problem">([^<]*)</span>', text)
    assert shown
    return shown[1]


def chronicle_page(world: World) -> str:
    return f"/chronicles/{world.chronicle.id}/"


def members_page(world: World) -> str:
    return f"/servers/{world.server.id}/members/"


def test_a_chronicle_keeps_what_was_typed(world: World, browser: Browser) -> None:
    typed = {"name": " ", "description": "Rewritten", "tenets": "x" * 201}
    status, text = send(browser("olga"), chronicle_page(world), "edit", typed)
    assert status == 400
    assert "1 to 100 characters" in errors_on_field(text, "name")
    assert "Rewritten</textarea>" in text
    assert '<h1 dir="auto" translate="no">Night Court</h1>' in text
    status, text = send(browser("olga"), chronicle_page(world), "edit", typed | {"name": "Court"})
    assert "1 to 200 characters" in errors_on_field(text, "tenets")
    assert 'value="Court"' in text
    assert text.count("autofocus") == 1
    assert Chronicle.objects.get(pk=world.chronicle.pk).name == "Night Court"


def test_a_part_that_is_none_stands_at_its_field(world: World, browser: Browser) -> None:
    typed = {"user": str(world.mira.id), "role": "PRINCE"}
    status, text = send(browser("olga"), chronicle_page(world), "people", typed)
    assert status == 400
    assert "must be one of" in errors_on_field(text, "role")
    assert f'<option value="{world.mira.id}" selected>' in text


def test_a_chronicle_to_begin_is_still_open(world: World, browser: Browser) -> None:
    page = f"/servers/{world.server.id}/"
    status, text = send(browser("olga"), page, "begin", {"name": "", "description": "Kept"})
    assert status == 400
    assert errors_on_field(text, "new-name")
    assert '<details class="more" open><summary class="button primary">New chronicle' in text
    assert "Kept</textarea>" in text


def test_a_role_keeps_what_was_ticked(world: World, browser: Browser) -> None:
    typed = {"name": "x" * 101, "position": "7", "color": "#112233", "allow": ["observe"]}
    status, text = send(browser("olga"), members_page(world), "role", typed)
    assert status == 400
    assert errors_on_field(text, "name")
    for kept in ('value="#112233"', 'value="7"', 'value="observe" checked'):
        assert kept in text
    assert 'value="storyteller" checked' not in text
    assert 'action="/servers/' in text.split('role="search"')[0].rsplit("<form", 1)[1], "the search goes on"


def test_an_invitation_says_which_number_is_wrong(world: World, browser: Browser) -> None:
    house = create_server(world.mira, "House of Mira", cause=SYSTEM)
    page = f"/servers/{house.id}/members/"
    for typed, control, sentence in (
        ({"max_uses": "some", "hours": "24"}, "max_uses", "People must be a whole number."),
        ({"max_uses": "5", "hours": "9000"}, "hours", "Hours goes from 1 to 8760."),
        ({"max_uses": "5", "hours": "soon"}, "hours", "Hours must be a whole number."),
    ):
        status, text = send(browser("mira"), page, "invite", typed)
        assert status == 400
        assert sentence in errors_on_field(text, control)
        assert f'value="{typed["hours"]}"' in text
    assert not house.invites.exists()


def test_an_award_keeps_the_ticks_and_names_everyone_it_does_not_work_for(
    owl: Character, create: Callable[..., Character], world: World, browser: Browser
) -> None:
    crow = create("jonas", "Crow")
    page = f"{chronicle_page(world)}desk/?search=o"
    typed = {"character": [str(owl.id), str(crow.id)], "amount": "0", "reason": "Session 4"}
    status, text = send(browser("vesna"), page, "award", typed)
    assert status == 400
    assert "whole number" in errors_on_field(text, "amount")
    assert text.count('form="award" checked') == 2
    assert 'value="Session 4"' in text
    assert f'data-home="{page}"' in text
    Character.objects.update(experience_total=99_999, experience_current=99_999)
    status, text = send(browser("vesna"), page, "award", typed | {"amount": "1000"})
    assert status == 400
    assert "<li>Night Owl: " in text
    assert "<li>Crow: " in text


def test_a_note_and_a_decision_keep_their_words(owl: Character, world: World, browser: Browser) -> None:
    page, vesna = f"{chronicle_page(world)}desk/", browser("vesna")
    note = {"title": "", "text": "The prince knows", "about": str(owl.id)}
    status, text = send(vesna, page, "note", note)
    assert status == 400
    assert errors_on_field(text, "note-title")
    assert "The prince knows</textarea>" in text
    assert f'<option value="{owl.id}" selected>' in text
    lock(world, owl)
    row = propose(world, owl, set_("strength", 4))
    status, text = send(vesna, page, f"submission-{row.id}", {"do": "return", "words": " "})
    assert status == 400
    assert "Say why" in errors_on_field(text, f"words-{row.id}")


def test_a_proposal_says_what_the_sheet_would_not_take(
    owl: Character, world: World, browser: Browser
) -> None:
    page = f"/characters/{owl.id}/proposals/"
    typed = {"trait": "strength", "value": "90", "text": "Training"}
    status, text = send(browser("mira"), page, "propose", typed)
    assert status == 400
    assert errors_on_field(text, "value")
    assert '<option value="strength" selected>' in text
    assert 'value="Training"' in text
    assert not Submission.objects.exists()


def test_who_is_signed_out_comes_back_to_the_form(world: World, browser: Browser) -> None:
    form = {"name": "Court", "form": "edit", "stood": f"{chronicle_page(world)}?a=1", "key": "one"}
    answer = browser("").post(f"{chronicle_page(world)}edit/", form)
    assert answer["Location"].endswith(f"?next={chronicle_page(world)}%3Fa%3D1")


def test_who_may_not_is_told_on_the_page_that_they_see(world: World, browser: Browser) -> None:
    form = {"name": "Mine", "form": "edit", "stood": chronicle_page(world), "key": "one"}
    answer = browser("mira").post(f"{chronicle_page(world)}edit/", form)
    assert answer.status_code == 403
    assert "Only storytellers and server managers" in answer.content.decode()
    assert '<h1 dir="auto" translate="no">Night Court</h1>' in answer.content.decode()


@pytest.mark.parametrize(
    "stood", ["", "//evil.example/", "/nowhere/", "/auth/login/", "/api/characters/", "/admin/", "x"]
)
def test_where_no_page_of_ours_is_meant_it_is_an_error_page(
    stood: str, world: World, browser: Browser
) -> None:
    form = {"name": " ", "form": "edit", "stood": stood, "key": "one"}
    answer = browser("olga").post(f"{chronicle_page(world)}edit/", form)
    assert answer.status_code == 400
    text = answer.content.decode()
    assert "That request makes no sense" in text
    assert text.count("1 to 100 characters") == 1


def test_where_forms_are_sent_there_is_no_page(world: World, browser: Browser) -> None:
    answer = browser("olga").get(f"{chronicle_page(world)}edit/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "Only for forms" in answer.content.decode()


def test_a_page_that_is_not_theirs_is_not_shown(world: World, browser: Browser) -> None:
    form = {"name": "", "form": "server", "stood": f"{chronicle_page(world)}edit/", "key": "one"}
    for place in (f"{chronicle_page(world)}edit/", f"{chronicle_page(world)}desk/", members_page(world)):
        answer = browser("sam").post("/create-server/", form | {"stood": place})
        assert answer.status_code == 400
        assert "That request makes no sense" in answer.content.decode()
        assert "Night Court" not in answer.content.decode()
