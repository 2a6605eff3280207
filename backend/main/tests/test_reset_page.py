"""The page on which an admin resets progress behind the word RESET, and undoes it."""

from collections.abc import Callable

import pytest
from django.test import Client

from discordauth.models import CustomUser
from progress.models import PracticeSession
from progress.tests import reset_kit as kit
from testing.personas import World

Browser = Callable[[str], Client]
PAGE = "/progress/reset/"


@pytest.fixture
def admin(world: World, browser: Browser) -> Client:
    kit.populate(world)
    CustomUser.objects.filter(pk=world.vesna.pk).update(role="admin")
    return browser("vesna")


def text_of(client: Client) -> str:
    return " ".join(client.get(PAGE).content.decode().split())


@pytest.mark.req("S001-53")
def test_an_admin_sees_what_would_go_types_the_word_and_undoes_it(admin: Client) -> None:
    shown = text_of(admin)
    assert "Drills with their answers: 4" in shown
    assert "For 7 days you can undo it." in shown
    assert "The last reset" not in shown
    for word in ("", "reset", "RESET now"):
        refused = admin.post(f"{PAGE}confirm/", {"word": word, "form": "reset", "stood": PAGE})
        assert PracticeSession.objects.exists()
    assert "Type RESET, in capital letters" in refused.content.decode()

    admin.post(f"{PAGE}confirm/", {"word": "RESET"})
    assert not PracticeSession.objects.exists()
    assert "Undo the reset" in text_of(admin)
    admin.post(f"{PAGE}undo/")
    assert PracticeSession.objects.count() == 4
    assert "It was undone." in text_of(admin)


def test_only_admins_find_it(admin: Client, browser: Browser) -> None:
    assert PAGE in admin.get("/progress/").content.decode()
    for name in ("mira", "olga"):
        assert PAGE not in browser(name).get("/progress/").content.decode()
        assert browser(name).get(PAGE).status_code == 403
