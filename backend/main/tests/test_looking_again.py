"""A page that stands already looks again: it asks for what changes, and not for what surrounds it."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from contract.points import SetPlayerProfile
from progress.services.player_profiles import set_profile
from progress.tests.kit import give, switch_boards
from testing.pages import page_of
from testing.personas import World

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]
ALONE = {"X-Alone": "main"}


@pytest.fixture
def board(world: World) -> str:
    """The address of a board on which two people stand."""
    switch_boards(world.server)
    give(world.mira, 60, "a", chronicle=world.chronicle)
    give(world.jonas, 9, "a", chronicle=world.chronicle)
    return f"/servers/{world.server.pk}/boards/"


def main_of(page: str) -> str:
    return page[page.index("<main ") : page.index("</main>")]


def test_what_changes_is_the_same_as_on_the_whole_page(board: str, browser: Browser) -> None:
    client = browser("mira")
    whole, alone = client.get(board), client.get(board, headers=ALONE)
    assert main_of(page_of(alone)) == main_of(page_of(whole))
    for around in ("<!DOCTYPE", "<head>", "topbar", 'id="live"', "</html>"):
        assert around in page_of(whole)
        assert around not in page_of(alone)
    assert "X-Alone" in alone["Vary"], "no cache gives a part of a page for all of it"
    assert len(alone.content) * 2 < len(whole.content)


def test_it_shows_no_more_than_the_page(world: World, board: str, browser: Browser) -> None:
    set_profile(world.mira, SetPlayerProfile(on_boards=False))
    assert "Mira" not in page_of(browser("jonas").get(board, headers=ALONE))
    assert browser("sam").get(board, headers=ALONE).status_code == 404
    assert browser("").get(board, headers=ALONE).status_code == 302


def test_a_board_reads_its_readers_rights_once(board: str, browser: Browser) -> None:
    client = browser("mira")
    client.get(board)
    with CaptureQueriesContext(connection) as asked:
        client.get(board, headers=ALONE)
    of_roles = [query["sql"] for query in asked if 'FROM "server_roles"' in query["sql"]]
    assert len(of_roles) == 1
