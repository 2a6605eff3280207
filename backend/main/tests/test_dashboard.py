"""The welcome and the dashboard: who sees which cards, filters, a constant number of queries."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from haven import services
from haven.models import Character
from haven.services import Reference
from testing.pages import page_of
from testing.personas import World
from timeline.services import Cause

Browser = Callable[[str], Client]
HTMX = {"headers": {"HX-Request": "true"}}


def names(client: Client, query: str = "") -> list[str]:
    """The names on the cards, in their order."""
    text = client.get(f"/{query}", **HTMX).content.decode()
    return [part.split("<")[0] for part in re.split(r'data-bind="name"[^>]*>', text)[1:]]


@pytest.mark.req("S004-09")
def test_a_visitor_is_welcomed_and_shown_the_way_in(browser: Browser) -> None:
    page = browser("").get("/")
    assert page.status_code == 200
    text = page.content.decode()
    assert "Sign in with Discord" in text
    assert "/auth/login/?next=%2F" in text
    assert "Paradox Interactive" in text


def test_a_player_sees_the_own_characters_only(browser: Browser, create: Any) -> None:
    create("mira", "Night Owl")
    create("jonas", "Brass")
    assert names(browser("mira")) == ["Night Owl"]
    assert names(browser("sam")) == []


def test_a_storyteller_sees_own_ones_first_and_may_leave_out_the_rest(browser: Browser, create: Any) -> None:
    create("vesna", "Prince")
    create("mira", "Night Owl")
    text = browser("vesna").get("/").content.decode()
    assert text.index("Prince") < text.index("Characters you run as storyteller") < text.index("Night Owl")
    assert names(browser("vesna"), "?own=1") == ["Prince"]


def test_the_form_of_a_new_character_knows_what_each_chronicle_plays(browser: Browser, world: World) -> None:
    world.chronicle.own_edition = "20th"
    world.chronicle.save()
    text = page_of(browser("mira").get(f"/?chronicle={world.chronicle.id}"))
    assert f'<option value="{world.chronicle.id}" data-edition="20th" selected>' in text
    assert 'value="vampire20th" data-edition="20th"' in text


def test_filters_narrow_and_nonsense_in_them_counts_as_nothing(
    browser: Browser, create: Any, world: World
) -> None:
    create("mira", "Night Owl")
    create("mira", "Rook", at_table=False, status="draft")
    mira = browser("mira")
    assert names(mira, "?search=owl") == ["Night Owl"]
    assert names(mira, "?status=draft") == ["Rook"]
    assert names(mira, f"?chronicle={world.chronicle.id}") == ["Night Owl"]
    assert names(mira, "?sort=name") == ["Night Owl", "Rook"]
    assert names(mira) == ["Rook", "Night Owl"], "last changed first"
    assert len(names(mira, "?chronicle=x&status=y&splat=z&sort=%00")) == 2


def test_no_characters_is_an_invitation_and_no_match_is_told(browser: Browser) -> None:
    mira = browser("mira")
    assert "The night is still empty" in mira.get("/").content.decode()
    assert "No character matches" in mira.get("/?search=zzz").content.decode()


def test_a_deleted_character_can_be_found_again(browser: Browser, owl: Character, world: World) -> None:
    cause = Cause(actor=world.mira, door="web")
    services.delete(world.principal("mira"), Reference(str(owl.id)), cause)
    text = browser("mira").get("/").content.decode()
    assert f'data-restore="{owl.id}"' in text
    assert f'data-restore="{owl.id}"' not in browser("jonas").get("/").content.decode()


def test_many_characters_take_no_more_queries_than_one(
    browser: Browser, create: Any, django_assert_max_num_queries: Any, django_assert_num_queries: Any
) -> None:
    create("mira", "First")
    client = browser("vesna")
    client.get("/")
    with django_assert_max_num_queries(15) as few:
        client.get("/")
    for number in range(12):
        create("jonas" if number % 2 else "mira", f"Another {number}")
    with django_assert_num_queries(len(few.captured_queries)):
        client.get("/")
