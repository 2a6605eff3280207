"""The page that tells why somebody may do something here, or may not."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from haven.tests.kit import make
from testing.personas import NARRATOR, TABLE_CHANNEL, World

pytestmark = pytest.mark.django_db(transaction=True)
Browser = Callable[[str], Client]


def ask(client: Client, world: World, **query: str) -> tuple[int, str]:
    answer = client.get(f"/servers/{world.server.id}/why/", query)
    return answer.status_code, " ".join(answer.content.decode().split())


def text_of(page: str) -> str:
    """The words of the page, without its markup."""
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


@pytest.mark.req("S000-47")
def test_the_chain_is_told(world: World, browser: Browser) -> None:
    status, page = ask(browser("vesna"), world, user=str(world.mira.id), action="chronicle.tell")
    assert status == 200
    assert "Mira may not" in text_of(page)
    assert "Storyteller not set" in text_of(page)
    chronicle = str(world.chronicle.id)
    _, page = ask(browser("vesna"), world, action="chronicle.tell", chronicle=chronicle)
    assert "Vesna may run this chronicle" in text_of(page)
    assert "Narrator" in text_of(page).partition("Checked in order")[2]


def test_about_the_server_as_a_whole(world: World, browser: Browser) -> None:
    status, page = ask(browser("vesna"), world, action="chronicle.tell")
    assert (status, "Vesna may run this chronicle" in text_of(page)) == (200, True)


def test_about_a_character_by_name(world: World, browser: Browser) -> None:
    make(world, "Night Owl")
    _, page = ask(
        browser("vesna"), world, user=str(world.mira.id), action="character.edit", character="night owl"
    )
    assert "Mira may change this character" in text_of(page)
    assert "Its player" in text_of(page).partition("Checked in order")[2]
    status, page = ask(browser("vesna"), world, action="character.edit")
    assert (status, "Choose what this action is about (character)." in page) == (400, True)
    status, page = ask(browser("vesna"), world, action="character.edit", character="nobody")
    assert (status, "There is no character called" in page) == (404, True)


def test_about_a_channel_and_a_role(world: World, browser: Browser) -> None:
    _, page = ask(
        browser("olga"), world, user=str(world.mira.id), action="channel.view", channel=TABLE_CHANNEL
    )
    assert "Mira may see this channel" in text_of(page)
    assert "Private channel" in text_of(page)
    _, page = ask(browser("olga"), world, user=str(world.mira.id), action="role.edit", role=NARRATOR)
    assert "Mira may not" in text_of(page)


def test_players_ask_about_themselves(world: World, browser: Browser) -> None:
    mira = browser("mira")
    _, page = ask(mira, world, action="server.manage")
    assert "Mira may not" in text_of(page)
    assert 'name="user"' not in page
    status, page = ask(mira, world, user=str(world.vesna.id), action="server.manage")
    assert (status, "Only storytellers" in page) == (403, True)
    assert ask(browser("sam"), world, action="server.manage")[0] == 404


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({}, 200),
        ({"action": "dance"}, 400),
        ({"action": "server.manage", "user": "x"}, 400),
        ({"action": "server.manage", "chronicle": "x"}, 404),
        ({"action": "roll.view", "roll": "x"}, 400),
        ({"action": "channel.view", "channel": "9" * 400}, 400),
    ],
)
def test_nonsense_is_answered_in_words(
    world: World, browser: Browser, query: dict[str, str], status: int
) -> None:
    got, page = ask(browser("vesna"), world, **query)
    assert got == status
    assert "Permission check" in page
