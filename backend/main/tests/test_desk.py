"""The desk's pages: for storytellers alone, each form once, refusals as sentences."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from desk.models import Note, Submission
from desk.tests.kit import lock, propose, set_
from haven.models import Character
from testing.pages import page_of
from testing.personas import World

pytestmark = pytest.mark.django_db(transaction=True)
Browser = Callable[[str], Client]


def desk(world: World) -> str:
    return f"/chronicles/{world.chronicle.id}/desk/"


def test_all_characters_with_trackers_and_what_waits(owl: Character, world: World, browser: Browser) -> None:
    lock(world, owl)
    row = propose(world, owl, set_("strength", 4), text="Months <of> training")
    text = page_of(browser("vesna").get(desk(world)))
    assert "Night Owl" in text
    assert 'of="hunger"' in text
    assert "Unlock" in text
    assert "Months &lt;of&gt; training" in text
    assert '→ <strong dir="auto" translate="no">4</strong>' in text
    assert f"/submissions/{row.id}/" in text
    assert "No character matches" in browser("vesna").get(desk(world), {"state": "dead"}).content.decode()


@pytest.mark.req("S004-29")
@pytest.mark.parametrize(("who", "status"), [("mira", 403), ("sam", 404), ("", 302)])
def test_for_storytellers_alone(
    who: str, status: int, owl: Character, world: World, browser: Browser
) -> None:
    assert browser(who).get(desk(world)).status_code == status
    assert desk(world) not in browser(who).get("/").content.decode()
    assert desk(world) in browser("vesna").get("/").content.decode()


@pytest.mark.parametrize(
    ("do", "words", "state"),
    [("approve", "", "approved"), ("return", "Later", "returned"), ("comment", "Hm", "open")],
)
def test_a_decision(do: str, words: str, state: str, owl: Character, world: World, browser: Browser) -> None:
    lock(world, owl)
    row = propose(world, owl, set_("strength", 4))
    form = {"do": do, "words": words, "key": "one", "next": desk(world)}
    answer = browser("vesna").post(f"/submissions/{row.id}/", form)
    assert answer["Location"] == f"{desk(world)}#submission-{row.id}"
    assert browser("vesna").post(f"/submissions/{row.id}/", form).status_code == 302, "sent twice, done once"
    found = Submission.objects.get()
    assert found.state == state
    assert found.comments.count() == (do == "comment")
    assert (Character.objects.get(pk=owl.pk).sheet.get("strength") == 4) == (do == "approve")


def test_locks_awards_and_notes(owl: Character, world: World, browser: Browser) -> None:
    vesna = browser("vesna")
    vesna.post(f"/characters/{owl.id}/lock/", {"locked": "yes", "key": "l"})
    assert Character.objects.get(pk=owl.pk).locked
    award = {"character": [str(owl.id)], "amount": "3", "reason": "Session 4", "key": "a"}
    vesna.post(f"/chronicles/{world.chronicle.id}/award/", award)
    assert Character.objects.get(pk=owl.pk).experience_total == 3
    note = {"title": "Her sire", "text": "The prince", "about": str(owl.id), "key": "n"}
    vesna.post(f"/chronicles/{world.chronicle.id}/notes/", note)
    assert "Her sire" in vesna.get(desk(world)).content.decode()
    vesna.post(f"/notes/{Note.objects.get().id}/remove/", {"key": "r"})
    assert "Her sire" not in vesna.get(desk(world)).content.decode()


def test_a_refused_award_says_why(owl: Character, world: World, browser: Browser) -> None:
    url = f"/chronicles/{world.chronicle.id}/award/"
    for form in ({"amount": "3", "reason": "x"}, {"character": [str(owl.id)], "amount": "", "reason": "x"}):
        answer = browser("vesna").post(url, form | {"key": "k"})
        assert answer.status_code == 400
    assert Character.objects.get(pk=owl.pk).experience_total == 0


def test_a_player_asks_and_follows_it(owl: Character, world: World, browser: Browser) -> None:
    mira, url = browser("mira"), f"/characters/{owl.id}/proposals/"
    lock(world, owl)
    assert url in mira.get(f"/characters/{owl.id}/").content.decode()
    sent = mira.post(url, {"trait": "strength", "value": "+1", "text": "Training", "key": "p"})
    assert sent.status_code == 302
    assert "Withdraw" in mira.get(url).content.decode()
    assert mira.post(url, {"trait": "strength", "value": "", "key": "q"}).status_code == 400
    mira.post(f"/submissions/{Submission.objects.get().id}/", {"do": "withdraw", "key": "w"})
    assert "Withdrawn" in mira.get(url).content.decode()


def test_a_form_leads_nowhere_else(owl: Character, browser: Browser) -> None:
    for place in ("//evil.example/", "https://evil.example/", "/\\evil.example"):
        form = {"locked": "yes", "key": place, "next": place}
        answer: Any = browser("vesna").post(f"/characters/{owl.id}/lock/", form)
        assert answer["Location"] == f"/characters/{owl.id}/"
