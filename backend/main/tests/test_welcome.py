"""The welcome page shows parts of the product with example data; a newcomer plays with the same example."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from haven.models import Character
from main import example
from testing.personas import World

Browser = Callable[[str], Client]


@pytest.mark.django_db
def test_it_shows_a_sheet_a_roll_and_a_conflict(client: Client) -> None:
    page = client.get("/").content.decode()
    assert "<trait-humanity" in page
    assert "Messy critical" in page
    assert page.count('class="turn ') == len(example.PEOPLE)
    assert all(
        edition in page for edition in ("5th edition", "20th anniversary edition", "Chronicles of Darkness")
    )


def test_a_newcomer_rolls_with_an_example(world: World, browser: Browser) -> None:
    sam = browser("sam")
    assert "Roll with an example" in sam.get("/").content.decode()
    made = urlsplit(sam.post("/example/", {"key": "1"})["Location"])
    owl = Character.objects.get(owner=world.sam)
    assert (owl.name, owl.sheet["stealth"]["dots"], made.path) == (
        example.NAME,
        3,
        f"/characters/{owl.pk}/dice/",
    )
    assert parse_qs(made.query) == {"pool": [example.POOL]}
    assert f'value="{example.POOL}"' in sam.get(f"{made.path}?{made.query}").content.decode()
    assert "Roll with an example" not in sam.get("/").content.decode()


def test_an_empty_chronicle_offers_a_start_there(world: World, browser: Browser) -> None:
    olga, chronicle = browser("olga"), world.chronicle
    assert "Roll with an example" in olga.get(f"/?chronicle={chronicle.pk}").content.decode()
    olga.post("/example/", {"chronicle": str(chronicle.pk), "key": "1"})
    assert Character.objects.get(owner=world.olga).chronicle == chronicle
