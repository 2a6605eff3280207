"""Many characters at once: a table by default, cards on demand, pages, and never too much of it (WEB-18, WEB-24)."""

import gzip
from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from contract.translation import speaking
from haven.models import Character
from haven.registry import SPLATS
from haven.utility import name_key
from main.character_table import PAGE, tracker_schemas
from patreon import limits
from testing.pages import page_of
from testing.personas import World

pytestmark = pytest.mark.django_db(transaction=True)
Browser = Callable[[str], Client]
MOST = 150 * 1024


@pytest.fixture
def crowd(world: World) -> list[Character]:
    """Two hundred characters of mira's, of all types, with names as long as may be."""
    return Character.objects.bulk_create(_many(world, 200))


def _many(world: World, number: int) -> Iterator[Character]:
    slugs = list(SPLATS)
    for place in range(number):
        slug = slugs[place % len(slugs)]
        model = SPLATS[slug]
        name = f"Character {place:03} with a name that is as long as it g"
        sheet = {path: trait.start() for path, trait in model.traits.items() if trait.start() is not None}
        yield Character(
            owner=world.mira,
            chronicle=world.chronicle,
            splat=slug,
            name=name,
            name_key=name_key(name),
            sheet=sheet,
        )


@pytest.mark.parametrize("who", ["vesna", "mira"])
def test_web_18_two_hundred_characters_are_pages_of_at_most_150_kb(
    who: str, crowd: list[Character], world: World, browser: Browser
) -> None:
    for address in ("/", f"/chronicles/{world.chronicle.id}/desk/"):
        if who == "mira" and "desk" in address:
            continue
        for page in (1, 4):
            answer = browser(who).get(address, {"page": page})
            assert len(plain(answer.content)) <= MOST, address
            assert answer.content.decode().count("data-character=") == PAGE
        assert browser(who).get(address, {"page": 99}).status_code == 200, "the last page"


def plain(content: bytes) -> bytes:
    return gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content


def test_web_18_the_table_shows_what_moves_and_cards_come_on_demand(
    world: World, browser: Browser, create: Callable[..., Character]
) -> None:
    owl = create("mira", "Night Owl", hunger=2)
    desk = f"/chronicles/{world.chronicle.id}/desk/"
    table = page_of(browser("vesna").get(desk))
    for cell in (
        'of="health"',
        'of="willpower"',
        '<trait-mini of="hunger">2/5</trait-mini>',
        'of="experience"',
    ):
        assert cell in table
    assert f'formaction="/characters/{owl.id}/lock/"' in table
    assert "<table" in table
    cards = browser("vesna").get(desk, {"view": "cards"}).content.decode()
    assert '<article class="card"' in cards
    assert "<table" not in cards
    assert '<article class="card"' in browser("mira").get("/?view=cards").content.decode()


def test_web_18_what_is_ticked_is_awarded_in_one_bar(owl: Character, world: World, browser: Browser) -> None:
    page = page_of(browser("vesna").get(f"/chronicles/{world.chronicle.id}/desk/"))
    assert page.count('class="award"') == 1
    assert f'value="{owl.id}" form="award"' in page


def test_web_17_filters_leave_clean_addresses_and_stay(
    owl: Character, world: World, browser: Browser
) -> None:
    log = f"/chronicles/{world.chronicle.id}/rolls/"
    asked = browser("mira").get(log, {"character": str(owl.id), "player": "", "system": "", "days": ""})
    assert asked["Location"] == f"{log}?character={owl.id}"
    assert browser("mira").get(log, {"player": "", "kind": ""})["Location"] == log
    page = browser("mira").get(asked["Location"]).content.decode()
    assert f'<option value="{owl.id}" selected>' in page
    assert f'<a class="button quiet" href="{log}">Clear filters</a>' in page


def test_web_17_the_dashboard_replaces_its_address_by_a_clean_one(owl: Character, browser: Browser) -> None:
    headers = {"HX-Request": "true"}
    query = {"search": "owl", "chronicle": "", "splat": "", "sort": "name"}
    assert browser("mira").get("/", query, headers=headers)["HX-Replace-Url"] == "/?search=owl&sort=name"
    assert browser("mira").get("/", {"search": ""}, headers=headers)["HX-Replace-Url"] == "/"


def test_web_24_a_limit_on_players_is_none_on_storytellers(
    world: World, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limits.USUAL, "characters", 3)
    for number in range(4):
        for who, chronicle in (("vesna", str(world.chronicle.id)), ("mira", str(world.chronicle.id))):
            body = {"splat": "human5th", "name": f"{who} {number}", "chronicle": chronicle, "changes": []}
            answer = browser(who).post("/api/characters/", body, content_type="application/json")
            expected = 429 if who == "mira" and number == 3 else 201
            assert answer.status_code == expected, (who, number, answer.content)


def test_the_scripts_draw_a_choice_of_the_table_in_the_reader_s_language() -> None:
    with speaking("de"):
        described = tracker_schemas([{"splat": "vampire20th"}], "table")
    path = next(trait for trait in described[0]["traits"] if trait["slug"] == "morality_name")["fields"][0]
    assert path["choice_labels"][path["choices"].index("Humanity")] == "Menschlichkeit"
    blood = next(trait for trait in described[0]["traits"] if trait["slug"] == "blood")["fields"][0]
    assert "choices" not in blood
