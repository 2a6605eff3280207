"""The page on which a character is taken into another chronicle."""

from collections.abc import Callable

import pytest
from django.test import Client

from chronicle.models import Chronicle
from chronicle.services import create_chronicle
from haven.models import Character
from haven.tests.kit import change, make, of
from testing.personas import SYSTEM, World
from timeline.models import Event

Browser = Callable[[str], Client]


@pytest.fixture
def story(world: World) -> Chronicle:
    return create_chronicle(world.server, "Second <Story>", principal=world.principal("olga"), cause=SYSTEM)


def test_the_form_moves_it_once(world: World, browser: Browser, story: Chronicle) -> None:
    owl, mira = make(world), browser("mira")
    url = f"/characters/{owl.id}/move/"
    assert f'href="{url}"' in mira.get(f"/characters/{owl.id}/").content.decode()
    page = mira.get(url).content.decode()
    assert "Second &lt;Story&gt; (Night Court)" in page
    assert f'<option value="{world.chronicle.pk}"' not in page, "where it is already"
    form = {"chronicle": str(story.pk), "key": "one"}
    for _ in range(2):
        answer = mira.post(url, form)
        assert (answer.status_code, answer["Location"]) == (302, f"/characters/{owl.id}/")
    assert Character.objects.get(pk=owl.pk).chronicle_id == story.pk
    assert Event.objects.filter(type="character.moved").count() == 1
    assert "Moved to another chronicle" in mira.get(f"/characters/{owl.id}/history/").content.decode()


def test_what_cannot_be_is_told_on_the_page(world: World, browser: Browser, story: Chronicle) -> None:
    owl, mira = make(world), browser("mira")
    url = f"/characters/{owl.id}/move/"
    for chosen, status, sentence in (
        (str(world.other_chronicle.pk), 404, "no such chronicle"),
        (str(owl.pk), 404, "no such chronicle"),
        ("x", 404, "no chronicle called"),
        ("", 400, "Chronicle is missing."),
    ):
        answer = mira.post(url, {"chronicle": chosen, "key": f"key {chosen}"})
        assert answer.status_code == status
        assert sentence in answer.content.decode()
    change(world, owl, of("locked", "set", True), who="vesna")
    assert mira.get(url).status_code == 403
    assert f'href="{url}"' not in mira.get(f"/characters/{owl.id}/").content.decode()


def test_it_is_for_its_player_and_the_storytellers(world: World, browser: Browser, story: Chronicle) -> None:
    owl = make(world)
    url = f"/characters/{owl.id}/move/"
    found = {who: browser(who).get(url).status_code for who in ("mira", "vesna", "jonas", "sam")}
    assert found == {"mira": 200, "vesna": 200, "jonas": 403, "sam": 404}


def test_where_there_is_no_other_it_says_so(world: World, browser: Browser) -> None:
    owl = make(world)
    assert "in any other chronicle" in browser("mira").get(f"/characters/{owl.id}/move/").content.decode()
