"""The page of what somebody wants."""

from collections.abc import Callable

from django.test import Client

from testing.pages import page_of
from testing.personas import World

Browser = Callable[[str], Client]


def test_what_is_ticked_is_on(world: World, browser: Browser) -> None:
    mira = browser("mira")
    page = mira.get("/account/").content.decode()
    assert 'value="direct_messages" checked' in page
    assert 'value="text_mode" checked' not in page
    answer = mira.post("/account/", {"preference": ["text_mode"]})
    assert (answer.status_code, answer["Location"]) == (302, "/account/?saved=1")
    world.mira.refresh_from_db()
    assert world.mira.preferences == {"direct_messages": False, "text_mode": True}
    page = mira.get(answer["Location"]).content.decode()
    assert "Saved." in page
    assert 'value="text_mode" checked' in page
    assert 'href="/account/"' in page


def test_other_settings_stay(world: World, browser: Browser) -> None:
    world.mira.user_settings = {"theme": "dark"}
    world.mira.save()
    browser("mira").post("/account/", {})
    world.mira.refresh_from_db()
    switched = {"direct_messages": False, "text_mode": False}
    assert world.mira.user_settings == {"theme": "dark", "language": "", **switched}


def test_a_language_is_chosen(world: World, browser: Browser) -> None:
    mira = browser("mira")
    mira.post("/account/", {"language": "de"})
    assert mira.get("/account/")["Content-Language"] == "de"
    assert '<option value="de" selected>' in mira.get("/account/").content.decode()
    assert mira.post("/account/", {"language": "tlh"}).status_code == 400


def test_nobody_has_no_account(world: World, browser: Browser) -> None:
    assert browser("").get("/account/").status_code == 302


def test_the_time_zone_is_set_and_what_is_none_is_refused_at_its_field(
    world: World, browser: Browser
) -> None:
    mira = browser("mira")
    page = page_of(mira.get("/account/"))
    assert '<option value="Europe/Berlin"></option>' in page
    assert mira.post("/account/", {"timezone": "berlin"}).status_code == 302
    world.mira.refresh_from_db()
    assert world.mira.timezone == "Europe/Berlin"
    refused = mira.post("/account/", {"timezone": "Berln", "form": "preferences", "stood": "/account/"})
    assert refused.status_code == 400
    assert "There’s no time zone called “Berln”." in page_of(refused)
    world.mira.refresh_from_db()
    assert world.mira.timezone == "Europe/Berlin"
    assert mira.post("/account/", {}).status_code == 302
    world.mira.refresh_from_db()
    assert world.mira.timezone == "Europe/Berlin", "nothing was said of it"
    assert mira.post("/account/", {"timezone": ""}).status_code == 302
    world.mira.refresh_from_db()
    assert (world.mira.timezone, world.mira.zone.key) == ("", "UTC")
