"""Pages print a number only where it means something (case PLAY-35)."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client

from haven.models import Character
from haven.tests.kit import make
from rolls.models import Roll
from rolls.tests.kit import check, roll
from testing.pages import page_of
from testing.personas import World

pytestmark = pytest.mark.django_db(transaction=True)
Browser = Callable[[str], Client]
MEANINGLESS = re.compile(r"success|to win|%|[Oo]n average|margin")


def card_of(client: Client, url: str, made: Roll) -> str:
    """The text of one roll on a page."""
    page = client.get(url).content.decode()
    article = re.search(rf'<article[^>]*id="roll-{made.pk}".*?</article>', page, re.DOTALL)
    assert article is not None
    return unescape(re.sub(r"<[^>]+>", " ", article[0]))


def sum_of(world: World, expression: str = "2d6+3", **options: int) -> Roll:
    return roll(world, dice=[2, 4], system="general", pool=expression, options=options).roll


def test_play_35_a_sum_is_a_number_and_no_success(world: World, browser: Browser) -> None:
    made = sum_of(world)
    for url in (f"/chronicles/{world.chronicle.id}/rolls/", f"/rolls/{made.pk}/"):
        card = card_of(browser("mira"), url, made)
        assert "Total · 9" in re.sub(r"\s+", " ", card)
        assert not MEANINGLESS.search(card)


def test_play_35_a_sum_against_a_difficulty_can_win(world: World, browser: Browser) -> None:
    card = card_of(browser("mira"), f"/rolls/{(made := sum_of(world, difficulty=8)).pk}/", made)
    assert "margin 1" in card
    assert "to win" in card
    assert "success " not in card


@pytest.mark.parametrize(
    ("slug", "splat", "dice", "options"),
    [
        ("initiative", "vampire20th", [7], {}),
        ("initiative", "vampire5th", [7], {"rating": 5}),
        ("resonance", "vampire5th", [3, 4], {}),
        ("compulsion", "vampire5th", [3], {}),
    ],
)
def test_play_35_what_only_finds_something_out_wins_nothing(
    slug: str, splat: str, dice: list[int], options: dict[str, int], world: World, browser: Browser
) -> None:
    found = check(world, slug, make(world, splat=splat), dice=dice, **options).roll
    for url in (f"/chronicles/{world.chronicle.id}/rolls/", f"/rolls/{found.pk}/"):
        assert not MEANINGLESS.search(card_of(browser("mira"), url, found))


def test_play_35_odds_of_a_sum_draw_no_bar_that_is_always_full(browser: Browser) -> None:
    page = browser("").get("/odds/", {"system": "general", "pool": "2d6+3"}).content.decode()
    assert "10.0 on average" in page
    assert "odds-chart" not in page
    against = browser("").get("/odds/", {"system": "general", "pool": "2d6+3", "o-difficulty": "8"})
    assert "odds-chart" in against.content.decode()


def test_play_35_luck_draws_and_averages_no_sums(world: World, owl: Character, browser: Browser) -> None:
    sum_of(world)
    only_sums = page_of(browser("mira").get("/luck/"))
    assert "<figure" not in only_sums
    assert "<dt>Rolls</dt><dd>1</dd>" in only_sums
    assert "<dt>Average</dt>" not in only_sums
    assert "No rolls yet" not in only_sums
    roll(world, owl, dice=[6, 7, 2, 3, 1], pool=5)
    both = page_of(browser("mira").get("/luck/"))
    assert "<figure" in both
    assert not re.search(r"Total\b(?! failure)", both)
