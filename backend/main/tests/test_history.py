"""The history page: what an entry tells, paging, who may read it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from haven import services
from haven.models import Character
from haven.services import Reference
from testing.pages import page_of
from testing.personas import World
from timeline.models import Event
from timeline.services import Cause

Browser = Callable[[str], Client]
HTMX = {"headers": {"HX-Request": "true"}}


def address(character: Character, query: str = "") -> str:
    return f"/characters/{character.id}/history/{query}"


def test_an_entry_tells_who_how_and_from_what_to_what(browser: Browser, owl: Character, change: Any) -> None:
    change(owl, "vesna", hunger=5)
    text = page_of(browser("mira").get(address(owl)))
    assert "Vesna" in text
    assert "in Discord" in text
    assert "/vampire update" in text
    assert '<dt translate="no">Hunger:</dt><dd><span class="from" translate="no">2</span> →' in text
    assert '→ <strong translate="no">5</strong></dd>' in text


def test_a_character_that_was_brought_back_is_one_line_and_no_list_of_every_value(
    browser: Browser, owl: Character, world: World
) -> None:
    mira, reference = world.principal("mira"), Reference(str(owl.id))
    cause = Cause(actor=world.mira, door="web")
    services.delete(mira, reference, cause)
    services.restore(mira, reference, cause)
    text = page_of(browser("mira").get(address(owl)))
    assert "Restored" in text
    assert "Created" in text
    assert "<dt" not in text


def test_a_notice_is_shown_as_a_sentence_and_so_is_the_text_of_an_old_row(
    browser: Browser, owl: Character, change: Any
) -> None:
    change(owl, "mira", hunger=5)
    event = Event.objects.get(entity_id=owl.id, version=owl.version + 1)
    Event.objects.filter(pk=event.pk).update(notices=[*event.notices, "1 superficial became aggravated."])
    text = browser("mira").get(address(owl)).content.decode()
    assert (
        '<p class="notice">Hunger is at 5: you can’t rouse the Blood at will any more (core 211).</p>' in text
    )
    assert '<p class="notice">1 superficial became aggravated.</p>' in text


def test_history_comes_in_pages(browser: Browser, owl: Character, change: Any) -> None:
    for number in range(30):
        change(owl, "mira", hunger=number % 2)
    mira = browser("mira")
    first = mira.get(address(owl), **HTMX).content.decode()
    assert first.count("data-event=") == 25
    assert "<html" not in first
    rest = mira.get(address(owl, "?before=7"), **HTMX).content.decode()
    assert rest.count("data-event=") == 6
    assert "hx-get" not in rest
    assert mira.get(address(owl, "?before=nonsense")).status_code == 200


@pytest.mark.parametrize(
    ("who", "status"), [("mira", 200), ("vesna", 200), ("jonas", 403), ("sam", 404), ("", 302)]
)
def test_history_by_persona(who: str, status: int, browser: Browser, owl: Character) -> None:
    assert browser(who).get(address(owl)).status_code == status


def test_many_events_take_no_more_queries_than_one(
    browser: Browser,
    owl: Character,
    change: Any,
    django_assert_max_num_queries: Any,
    django_assert_num_queries: Any,
) -> None:
    client = browser("mira")
    client.get(address(owl))
    with django_assert_max_num_queries(10) as few:
        client.get(address(owl))
    for number in range(10):
        change(owl, "vesna", hunger=number % 3)
    with django_assert_num_queries(len(few.captured_queries)):
        client.get(address(owl))


def test_stored_choices_are_in_the_readers_language_and_typed_words_as_they_were_typed(
    browser: Browser, owl: Character, change: Any
) -> None:
    change(owl, "mira", status="dead", sire="dead", predator_type="Alleycat")
    client = browser("mira")
    german = page_of(client.get(address(owl), headers={"Accept-Language": "de"}))
    assert '<span class="from" translate="no">aktiv</span> → <strong translate="no">tot</strong>' in german
    assert '→ <strong translate="no">dead</strong>' in german
    english = page_of(client.get(address(owl)))
    assert '<span class="from" translate="no">active</span> → <strong translate="no">dead</strong>' in english
