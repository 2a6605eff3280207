"""Options on pages: every one that is declared stands there, with its range, and is read by the same rule."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from haven.models import Character
from haven.tests.kit import make
from rolls.checks import KINDS
from rolls.models import Roll
from rolls.systems import SYSTEMS, System
from rules.options import Option, SheetWhole, Whole, declared
from testing.pages import page_of
from testing.personas import World
from testing.rolled import words_of

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]
POOLS = {"general": "3d6", "wod20": "50"}


def post(client: Client, url: str, **form: Any) -> Any:
    return client.post(url, form, headers={"HX-Request": "true"})


def numbers() -> Iterator[Any]:
    for system in SYSTEMS.values():
        for name, option in declared(system.asked).items():
            if isinstance(option, Whole):
                yield pytest.param(system, option, id=f"{system.slug}-{name}")


@pytest.mark.parametrize("system", SYSTEMS.values(), ids=list(SYSTEMS))
def test_every_option_stands_on_the_odds_page(browser: Browser, system: System) -> None:
    text = page_of(browser("").get("/odds/", {"system": system.slug}))
    for name, option in declared(system.asked).items():
        control = re.search(rf'<(?:input|select) [^>]*name="o-{name}"[^>]*>', text)
        assert control, name
        assert option.label in text
        if type(option) is Whole:
            assert f'min="{option.low}" max="{option.high}"' in control[0]
    assert 'By the sheet</option><option value="0"' not in text, "there is no sheet here"


@pytest.mark.parametrize(("system", "option"), list(numbers()))
def test_numbers_go_as_far_as_they_are_declared(browser: Browser, system: System, option: Whole) -> None:
    def problem(value: int) -> str:
        query = {"system": system.slug, "pool": POOLS.get(system.slug, "30"), f"o-{option.name}": str(value)}
        text = browser("").get("/odds/", query).content.decode()
        found = re.search(rf'id="o-{option.name}-problem">([^<]+)<', text)
        return found[1] if found else ""

    assert [problem(value) for value in (option.low, option.high)] == ["", ""]
    outside = option.problem(option.high + 1)
    assert [problem(value) for value in (option.low - 1, option.high + 1)] == [outside, outside]


def test_play_14_a_rite_and_wounds_are_numbers(browser: Browser) -> None:
    rite = {"system": "w5", "pool": "3", "o-trained": "2", "o-participants": "1"}
    assert "Trained participants 4 + Participants 1" in browser("").get("/odds/", rite).content.decode()
    hurt = {"system": "cod", "pool": "5", "o-wound": "2"}
    assert "− Wounds 2" in browser("").get("/odds/", hurt).content.decode()


def test_play_14_a_surge_without_a_sheet_names_its_blood_potency(browser: Browser) -> None:
    query = {"system": "v5", "pool": "4", "o-surge": "3"}
    assert "Blood surge 3" in browser("").get("/odds/", query).content.decode()


def test_play_14_a_power_from_the_tray(create: Callable[..., Character], browser: Browser) -> None:
    owl = create("mira", "Night Owl", blood_potency=3)
    mira = browser("mira")
    text = page_of(mira.get(f"/characters/{owl.id}/dice/"))
    assert '<option value="yes">By the sheet</option><option value="0">Blood potency 0</option>' in text
    form = {"pool": "5", "o-discipline_bonus": "yes", "o-level": "1", "o-rouse": "1", "key": "one"}
    assert post(mira, f"/characters/{owl.id}/dice/roll/", **form).status_code == 200
    made = Roll.objects.get(kind="roll")
    assert "Blood Potency 3" in words_of(made.pool)
    assert len(Roll.objects.get(kind="rouse").rolled["dice"]) == 2, "a first-level power is easy"


def offered(kind: str, edition: str) -> list[Option]:
    options = declared(KINDS[kind].options).values()
    return [option for option in options if not option.editions or edition in option.editions]


@pytest.mark.parametrize("splat", ["vampire5th", "werewolf5th", "hunter5th", "vampire20th"])
def test_every_option_of_a_check_stands_in_the_tray(world: World, browser: Browser, splat: str) -> None:
    sheet: Character = make(world, "Night Owl", splat=splat)
    text = browser("mira").get(f"/characters/{sheet.id}/dice/").content.decode()
    shown = set(re.findall(r'name="check" value="(\w+)"', text))
    assert "initiative" in shown
    for kind in shown:
        for option in offered(kind, sheet.edition):
            assert re.search(rf'id="(?:m-)?{kind}-{option.name}"', text), (kind, option.name)


def test_a_storyteller_asks_with_any_option(world: World, browser: Browser) -> None:
    vesna, log = browser("vesna"), f"/chronicles/{world.chronicle.id}/rolls/"
    text = vesna.get(log).content.decode()
    for name in ("difficulty", "willpower", "target"):
        assert f'name="o-{name}"' in text
    form = {
        "player": str(world.mira.id),
        "pool": "5",
        "o-difficulty": "3",
        "o-specialty": "Knives",
        "key": "one",
    }
    answer = post(vesna, f"/chronicles/{world.chronicle.id}/ask/", **form)
    assert "difficulty 3" in answer.content.decode()
    refused = post(vesna, f"/chronicles/{world.chronicle.id}/ask/", **form | {"o-target": "11", "key": "x"})
    assert "no option “target”" in refused.content.decode()


def test_a_sheet_number_is_one_control(world: World, browser: Browser) -> None:
    surge = declared(SYSTEMS["v5"].asked)["surge"]
    assert isinstance(surge, SheetWhole)
    owl = make(world, "Night Owl")
    text = browser("mira").get(f"/characters/{owl.id}/dice/").content.decode()
    assert text.count('name="o-surge"') == 1
