"""The pages of overlays and of the producer."""

from collections.abc import Callable
from typing import Any

import pytest

from companion.models import Campaign, Overlay, Producer
from companion.tests.kit import on_stage, publish, reread
from haven.models import Character
from haven.services import Reference
from haven.tests.kit import cause
from rolls.models import Roll
from rolls.services import RollInput
from rolls.services import roll as make_roll
from rules.dice.source import listed
from testing.pages import page_of
from testing.personas import World

pytestmark = pytest.mark.django_db
FORM = {
    "name": "Table", "kind": "party", "theme": "moonlight", "tier": "large", "motion": "auto",
    "language": "en", "delay": "30", "moment_delay": "5", "hold": "8", "css": "", "key": "k1", "form": "create",
}  # fmt: skip


Browser = Callable[[str], Any]
Panel = Callable[..., str]
Press = Callable[..., Any]


@pytest.fixture
def campaign(world: World) -> Campaign:
    return publish(world)


@pytest.fixture
def owl(world: World, campaign: Campaign) -> Character:
    return on_stage(world, traits=("hunger",))


@pytest.fixture
def roll(world: World, owl: Character) -> Roll:
    given = RollInput(
        reference=Reference(str(owl.pk)),
        chronicle=world.chronicle,
        system="v5",
        pool=2,
        options={"hunger": 2, "difficulty": 1},
    )
    return make_roll(world.principal("mira"), given, cause(world, "mira"), listed([10, 10])).roll


@pytest.fixture
def panel(world: World, browser: Browser) -> Panel:
    return lambda who="vesna": page_of(browser(who).get(f"/chronicles/{world.chronicle.pk}/stage/"))


@pytest.fixture
def press(world: World, browser: Browser) -> Press:
    def send(verb: str, who: str = "vesna", **fields: Any) -> Any:
        address = f"/chronicles/{world.chronicle.pk}/stage/{verb}/"
        return browser(who).post(address, {"key": f"{verb}{fields}", "form": verb} | fields)

    return send


def test_an_overlay_is_made_changed_and_removed(
    world: World, campaign: Campaign, owl: Character, browser: Browser
) -> None:
    client, address = browser("vesna"), f"/chronicles/{world.chronicle.pk}/overlays/"
    assert client.post(address, FORM | {"subject": [str(owl.pk)]}).status_code == 302
    row = Overlay.objects.get()
    assert (row.name, row.delay, row.subjects) == ("Table", 30, [str(owl.pk)])
    html = page_of(client.get(address))
    assert "/overlay/" in html
    assert "30 seconds later" in html
    changed = FORM | {"name": "Bar", "css": ".name { color: red }", "key": "k2", "form": "change"}
    assert client.post(f"/overlays/{row.pk}/change/", changed).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.subjects) == ("Bar", [])
    client.post(f"/overlays/{row.pk}/renew/", {"key": "k3"})
    row.refresh_from_db()
    assert row.generation == 2
    client.post(f"/overlays/{row.pk}/remove/", {"key": "k4"})
    assert not Overlay.objects.exists()


def test_css_that_is_refused_comes_back_with_its_sentence(
    world: World, campaign: Campaign, browser: Browser
) -> None:
    client, address = browser("vesna"), f"/chronicles/{world.chronicle.pk}/overlays/"
    html = page_of(client.post(address, FORM | {"css": ".a { position: fixed }", "stood": address}))
    assert "“position” isn’t possible here." in html
    assert ".a { position: fixed }" in html


def test_before_it_is_public_the_pages_say_so(world: World, browser: Browser, panel: Panel) -> None:
    assert "Publish the chronicle first" in panel()
    html = page_of(browser("vesna").get(f"/chronicles/{world.chronicle.pk}/overlays/"))
    assert "Publish the chronicle first" in html


def test_the_panel_takes_off_air_and_back(
    world: World, campaign: Campaign, owl: Character, panel: Panel, press: Press
) -> None:
    assert "Night Owl" in panel()
    press("blackout", on="yes")
    assert "Nothing is on any overlay." in panel()
    press("undo")
    assert "Nothing is on any overlay." not in panel()
    press("hide", character=str(owl.pk), hidden="yes")
    assert "off air" in panel()


def test_a_roll_waits_is_stopped_and_allowed(
    world: World, campaign: Campaign, roll: Roll, panel: Panel, press: Press
) -> None:
    Overlay.objects.create(
        campaign=campaign, name="Slow", kind="rolls", tier="large", theme="blood", delay=60
    )
    html = panel()
    assert "Messy critical" in html
    assert "on screen in" in html
    press("veto", roll=str(roll.pk), vetoed="yes")
    assert "stopped" in panel()
    press("again", roll=str(roll.pk))
    assert "stopped" not in panel()


def test_the_title_card_comes_and_goes(world: World, campaign: Campaign, press: Press) -> None:
    press("title", title="The Red Ledger", text="", do="show")
    assert reread(campaign).stage["title_card"]["title"] == "The Red Ledger"
    press("title", title="The Red Ledger", do="remove")
    assert "title_card" not in reread(campaign).stage


def test_a_co_producer_has_the_panel_and_no_addresses(
    world: World, campaign: Campaign, browser: Browser, panel: Panel, press: Press
) -> None:
    mira = browser("mira")
    assert mira.get(f"/chronicles/{world.chronicle.pk}/stage/").status_code == 403
    press("producer", user=str(world.mira.pk), on="yes")
    assert Producer.objects.get().user == world.mira
    html = panel("mira")
    assert "Blackout" in html
    assert "Hand over to" not in html
    assert mira.get(f"/chronicles/{world.chronicle.pk}/overlays/").status_code == 403
    assert press("blackout", "mira", on="yes").status_code == 302


def test_names_of_characters_are_not_translated_and_not_markup(
    world: World, campaign: Campaign, panel: Panel
) -> None:
    on_stage(world, "<b>Owl</b>")
    assert "<b>Owl</b>" not in panel()
