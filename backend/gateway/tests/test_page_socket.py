"""The socket of a campaign's page: it moves with what everybody may see, and knows nothing else."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from companion.services import stage
from companion.services.publishing import unpublish_campaign
from companion.tests.kit import on_stage, publish, show
from gateway.constants import CLOSE_BAD_FRAMES, CLOSE_ORIGIN, CLOSE_REVOKED, CLOSE_TOO_MANY_SOCKETS
from gateway.tests.kit import Worker
from gateway.tests.test_overlays import Screen
from haven.models import Character
from haven.tests.kit import cause, change, sets
from rolls.tests.kit import roll
from testing.personas import World

pytestmark = pytest.mark.django_db(transaction=True)
Look = Callable[..., Screen]


@pytest.fixture
def owl(world: World) -> Character:
    publish(world)
    return on_stage(world, traits=("hunger",))


@pytest.fixture
def look(worker: Worker, world: World) -> Iterator[Look]:
    with ExitStack() as opened:

        def page(slug: str = "", query: str = "", **more: Any) -> Screen:
            address = f"ws://127.0.0.1:{worker.port}/c/{slug or world.chronicle.slug}/ws/{query}"
            return Screen(opened.enter_context(connect(address, **more)))

        yield page


def test_a_page_moves_with_what_everybody_may_see(world: World, owl: Character, look: Look) -> None:
    page = look()
    page.until(lambda html: "Night Owl" in html and 'data-value="1 of 5"' in html)
    change(world, owl, *sets(hunger=4))
    page.until(lambda html: 'data-value="4 of 5"' in html)
    roll(world, owl, dice=[10, 10, 8, 1, 2])
    page.until(lambda html: "Messy critical" in html)


def test_what_is_not_public_sends_nothing(world: World, owl: Character, look: Look) -> None:
    page = look()
    page.until(lambda html: "Night Owl" in html)
    change(world, owl, *sets(strength=4))
    page.quiet()


def test_a_raised_level_takes_it_off_the_page(world: World, owl: Character, look: Look) -> None:
    page = look()
    page.until(lambda html: "g-hunger" in html)
    show(world, owl, "hunger", level="table")
    page.until(lambda html: "g-hunger" not in html)
    show(world, owl, "name", level="table")
    page.until(lambda html: "Night Owl" not in html)


def test_what_goes_off_air_does_not_wait_for_the_delay(world: World, look: Look) -> None:
    publish(world, delay=300)
    page = look()
    page.receive()
    stage.set_blackout(world.principal("vesna"), world.chronicle, True, cause(world, "vesna"))
    page.until(lambda html: "The stage is dark" in html)


def test_a_page_speaks_the_language_of_its_reader(world: World, owl: Character, look: Look) -> None:
    look(query="?language=en").until(lambda html: "Hunger" in html)
    look(query="?language=xx-strange").until(lambda html: "Hunger" in html)


def test_pages_end_when_the_campaign_is_public_no_more(world: World, owl: Character, look: Look) -> None:
    page = look()
    page.receive()
    unpublish_campaign(world.chronicle, principal=world.principal("vesna"), cause=cause(world, "vesna"))
    assert page.close_code() == CLOSE_REVOKED
    assert look().close_code() == CLOSE_REVOKED
    assert look("no-such-campaign").close_code() == CLOSE_REVOKED


def test_a_page_says_nothing(world: World, owl: Character, look: Look) -> None:
    page = look()
    page.receive()
    with suppress(ConnectionClosed):
        for _number in range(20):
            page.connection.send("{}")
    assert page.close_code() == CLOSE_BAD_FRAMES


def test_other_sites_open_no_page(world: World, owl: Character, look: Look) -> None:
    assert look(origin="https://elsewhere.example").close_code() == CLOSE_ORIGIN


def test_an_address_opens_so_many(world: World, owl: Character, look: Look) -> None:
    pages = [look() for _number in range(201)]
    assert pages[0].receive().type == "scene"
    assert pages[-1].close_code() == CLOSE_TOO_MANY_SOCKETS
