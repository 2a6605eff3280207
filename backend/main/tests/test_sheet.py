"""The sheet by persona, complete without script, safe with any text in it."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from haven import services
from haven.models import Character
from haven.schema import schema
from haven.services import Reference
from rules.traits import Operation
from testing.community import update_chronicle
from testing.personas import World
from timeline.models import Event
from timeline.services import Cause

Browser = Callable[[str], Client]
EVIL = "<script>alert(1)</script>"


def read(client: Client, character: Character) -> str:
    return client.get(f"/characters/{character.id}/").content.decode()


def embedded(text: str, name: str) -> Any:
    found = re.search(rf'<script id="{name}" type="application/json">(.*?)</script>', text, re.DOTALL)
    assert found
    return json.loads(found.group(1))


@pytest.mark.req("CARD-12")
@pytest.mark.parametrize("splat", schema()["splats"], ids=lambda splat: splat["slug"])
def test_every_trait_of_every_splat_has_its_element(
    splat: dict[str, Any], browser: Browser, world: World
) -> None:
    created = services.create(
        world.principal("root"),
        splat["slug"],
        "Everything",
        [],
        None,
        Cause(actor=world.root, door="web"),
    ).character
    text = read(browser("root"), created)
    for trait in splat["traits"]:
        assert re.search(rf'<{trait["element"]} [^>]*path="{trait["slug"]}"', text), trait["slug"]


def test_web_21_a_guest_reads_words_and_no_raw_facts(browser: Browser, owl: Character) -> None:
    guest, player = read(browser("jonas"), owl), read(browser("mira"), owl)
    for raw in ('path="theme"', 'path="avatar"'):
        assert raw not in guest
        assert raw in player
    identity = guest[guest.index('id="s-identity"') :]
    assert "Night Owl" in identity
    assert "active" in identity


def test_the_sheet_reads_without_script(browser: Browser, owl: Character) -> None:
    text = re.sub(r"<script.*?</script>", "", read(browser("mira"), owl), flags=re.DOTALL)
    hunger = text[text.index('<trait-dots class="trait" path="hunger"') :]
    assert "2 of 5" in hunger
    assert hunger[: hunger.index("</trait-dots>")].count('"pip on"') == 2
    assert "Nosferatu" in text
    assert "To own every secret" in text


@pytest.mark.parametrize(
    ("who", "status", "sees_trackers", "may_edit"),
    [
        ("mira", 200, True, True),
        ("vesna", 200, True, True),
        ("olga", 200, True, True),
        ("root", 200, True, True),
        ("jonas", 200, False, False),
        ("sam", 404, False, False),
    ],
)
def test_the_sheet_by_persona(
    who: str, status: int, sees_trackers: bool, may_edit: bool, browser: Browser, owl: Character
) -> None:
    page = browser(who).get(f"/characters/{owl.id}/")
    assert page.status_code == status
    text = page.content.decode()
    assert ('path="hunger"' in text) == sees_trackers
    assert ("To own every secret" in text) == sees_trackers
    if status == 200:
        assert embedded(text, "character")["rights"]["edit"] == may_edit
        assert "Night Owl" in text


def test_secrets_of_the_storyteller_are_not_in_the_players_page(
    browser: Browser, owl: Character, change: Any
) -> None:
    change(owl, "vesna", storyteller_notes="She is the traitor")
    assert "She is the traitor" in read(browser("vesna"), owl)
    mine = read(browser("mira"), owl)
    assert "She is the traitor" not in mine
    assert 'path="storyteller_notes"' not in mine


def test_a_visitor_signs_in_and_comes_back(browser: Browser, owl: Character) -> None:
    page = browser("").get(f"/characters/{owl.id}/")
    assert page.status_code == 302
    assert page["Location"] == f"/auth/login/?next=/characters/{owl.id}/"


def test_no_text_of_a_user_becomes_markup(browser: Browser, create: Any, world: World, change: Any) -> None:
    character = create("mira", EVIL, clan=EVIL, history=f"{EVIL}\n</textarea>")
    for path, value in (
        ("merits", {"name": EVIL, "description": EVIL}),
        ("athletics.specialties", {"name": EVIL}),
        ("disciplines", {"name": EVIL, "description": EVIL}),
        ("experience.spends", {"description": EVIL, "cost": 0}),
    ):
        services.change(
            world.principal("mira"),
            Reference(str(character.id)),
            [Operation(path, "add", value)],
            Cause(actor=world.mira, door="discord", command=EVIL),
        )
    mira = browser("mira")
    for address in ("/", f"/characters/{character.id}/", f"/characters/{character.id}/history/"):
        text = mira.get(address).content.decode()
        assert "<script>alert" not in text, address
        assert "&lt;script&gt;alert" in text, address


def test_a_colour_that_is_none_never_reaches_the_style_sheet(browser: Browser, owl: Character) -> None:
    Character.objects.filter(id=owl.id).update(theme="}*{x:y")
    text = read(browser("mira"), owl)
    style = re.search(r"<style nonce[^>]*>(.*?)</style>", text, re.DOTALL)
    assert style
    assert style.group(1) == ":root{--theme:#8c1c2b}"


def test_only_our_own_scripts_may_run(browser: Browser, owl: Character) -> None:
    page = browser("mira").get(f"/characters/{owl.id}/")
    policy = page["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "default-src 'self';" in policy
    nonce = re.search(r"'nonce-([^']+)'", policy)
    assert nonce
    assert f'<style nonce="{nonce.group(1)}">' in page.content.decode()
    inline = re.findall(r"<script(?![^>]*(?:src=|application/json))", page.content.decode())
    assert not inline
    assert not re.search(r'\s(?:style|on\w+)="', page.content.decode())


def test_the_sheet_takes_few_queries_however_much_is_on_it(
    browser: Browser, owl: Character, world: World, django_assert_max_num_queries: Any
) -> None:
    changes = [Operation("merits", "add", {"name": f"Merit {n}"}) for n in range(30)]
    cause = Cause(actor=world.mira, door="web")
    services.change(world.principal("mira"), Reference(str(owl.id)), changes, cause)
    mira = browser("mira")
    with django_assert_max_num_queries(8):
        read(mira, owl)


def test_the_track_goes_as_far_as_the_chronicle_lets_it(
    browser: Browser, owl: Character, world: World
) -> None:
    def most(text: str) -> int:
        traits = embedded(text, "live")["splats"][0]["traits"]
        return next(trait for trait in traits if trait["slug"] == "hunger")["fields"][0]["max"]

    def figure(text: str) -> str:
        track = text.partition('<trait-dots class="trait" path="hunger">')[2]
        return track.partition("data-figure>")[2].partition("<")[0]

    before = read(browser("mira"), owl)
    by: Any = {"principal": world.principal("vesna"), "cause": Cause(actor=None, door="system")}
    update_chronicle(world.chronicle, {"rules": {"max_hunger": "3"}}, **by)
    after = read(browser("mira"), owl)
    assert (most(before), most(after)) == (5, 3)
    assert (figure(before)[-5:], figure(after)[-5:]) == (" of 5", " of 3")


def test_who_tells_may_act_for_the_player(owl: Character, browser: Browser, world: World) -> None:
    assert "Act for Mira" in read(browser("vesna"), owl)
    for other in ("mira", "jonas"):
        assert "data-acting" not in read(browser(other), owl)
    form = {"pool": "3", "acting_for": "yes", "key": "one"}
    assert browser("vesna").post(f"/characters/{owl.id}/dice/roll/", form).status_code == 302
    made = Event.objects.get(type="roll.made")
    assert (made.actor, made.subject["for"]["name"]) == (world.vesna, "Mira")
