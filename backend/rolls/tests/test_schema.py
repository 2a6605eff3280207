"""The schema that commands are made of: whole, within Discord's bounds, and its hash tells when it differs."""

import re
from typing import Any

import pytest

from contract.translation import LANGUAGES, speaking
from haven.registry import SPLATS
from rolls.checks import KINDS
from rolls.schema import schema
from rolls.systems import SYSTEMS
from rules.options import declared

NAME = re.compile(r"[a-z_]{1,32}")
FOUND: Any = schema()


def options(found: Any = FOUND) -> list[Any]:
    of_rolls = [option for roll in found["rolls"] for option in roll["options"]]
    of_checks = [option for check in found["checks"] for option in check["options"]]
    return [*of_rolls, *of_checks, *found["any_roll"]]


def test_the_hash_follows_the_declarations() -> None:
    with speaking("de"):
        german = schema()
    assert german["hash"] == FOUND["hash"]
    assert german["splats"] != FOUND["splats"]
    assert [splat["slug"] for splat in FOUND["splats"]] == list(SPLATS)


def test_every_roll_and_check_is_there_with_all_its_options() -> None:
    for slug, of in (("rolls", {slug: system.asked for slug, system in SYSTEMS.items()}), ("checks", KINDS)):
        for entry in FOUND[slug]:
            found = of[entry["slug"]]
            wanted = declared(getattr(found, "options", found))
            assert [option["name"] for option in entry["options"]] == list(wanted)


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_names_and_sentences_fit_discord(spoken: str) -> None:
    with speaking(spoken):
        found: Any = schema()
    for option in options(found):
        also = option.get("number") or option
        for name in (option["slash"], also["slash"]):
            assert NAME.fullmatch(name), name
        for text in (option["description"], also["description"]):
            assert 0 < len(text) <= 100, text
        assert len(option.get("choices") or []) <= 25
    for entry in (*found["checks"], *(command for roll in found["rolls"] for command in roll["commands"])):
        assert 0 < len(entry["description"]) <= 100


@pytest.mark.parametrize("many", [*FOUND["rolls"], *FOUND["checks"]], ids=lambda entry: str(entry["slug"]))
def test_no_command_calls_two_options_alike(many: Any) -> None:
    names = [option["slash"] for option in many["options"]]
    names += [option["number"]["slash"] for option in many["options"] if "number" in option]
    assert len(names) == len(set(names)) <= 19, "six more say who rolls, and who sees it"


def test_what_is_called_alike_by_several_is_one_option_for_any_dice() -> None:
    found = {option["name"]: option for option in FOUND["any_roll"]}
    difficulty, hunger, willpower = found["difficulty"], found["hunger"], found["willpower"]
    assert (difficulty["min"], difficulty["max"], difficulty["start"]) == (0, 50, None)
    assert difficulty["description"] == (
        "Successes needed; 20th: A die succeeds from this number up; 6 if left out; d20: Total to reach"
    )
    assert hunger["description"] == "Vampire: Hunger dice; the sheet’s if left out"
    assert willpower["description"].startswith("20th: Spend Willpower")
    assert (found["modifier"]["min"], found["modifier"]["max"]) == (-50, 50)
    assert "trained" not in found


def test_whose_sheets_a_check_means() -> None:
    found = {check["slug"]: check for check in FOUND["checks"]}
    assert found["redemption"]["splats"] == ["hunter5th"]
    assert found["slake"]["splats"] == ["vampire5th"]
    assert all(splat.endswith("20th") for splat in found["initiative"]["splats"])
    assert (found["rouse"]["nobody"], found["slake"]["nobody"]) == (True, False)
    assert (found["blood_use"]["visibility"], found["blood_use"]["edition"]) == ("storyteller", "20th")
