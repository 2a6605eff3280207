"""Humanity and its stains (core 236–240)."""

import pytest

from rules.tests.kit import Sheet, of
from rules.traits import DamageTrack5th, Humanity
from testing.notices import sentences


def sheet(value: int = 7, stains: int = 0) -> Sheet:
    willpower = DamageTrack5th(5)
    character = Sheet(willpower=willpower, humanity=Humanity(7, excess_to=willpower))
    character.document["humanity"] = {"value": value, "stains": stains}
    return character


def state(character: Sheet) -> tuple[int, int]:
    return character.document["humanity"]["value"], character.document["humanity"]["stains"]


@pytest.mark.parametrize(("op", "value"), [("set", 6), ("adjust", -1)])
def test_a_loss_wipes_the_stains_and_says_so(op: str, value: int) -> None:
    character = sheet(7, 2)
    assert sentences(character.do(of("humanity", op, value)).notices) == ["Losing Humanity wiped the stains."]
    assert state(character) == (6, 0)


def test_a_loss_without_stains_needs_no_words() -> None:
    assert sheet(7, 0).adjust("humanity", -1).notices == []


def test_a_gain_keeps_the_stains_that_still_fit() -> None:
    character = sheet(7, 2)
    assert character.set("humanity", 8).notices == []
    assert state(character) == (8, 2)
    assert sentences(character.set("humanity", 9).notices) == ["1 stain did not fit beside Humanity 9."]
    assert state(character) == (9, 1)


def test_stains_without_a_box_become_aggravated_willpower() -> None:
    character = sheet(7, 2)
    outcome = character.adjust("humanity.stains", 3)
    assert state(character) == (7, 3)
    assert character.document["willpower"]["aggravated"] == 2
    assert sentences(outcome.notices)[0] == "Degeneration: no box left for 2 stains (core 239)."
    assert outcome.changes.keys() == {"humanity.stains", "willpower.aggravated"}


def test_stains_at_full_humanity_all_degenerate() -> None:
    character = sheet(10, 0)
    character.adjust("humanity.stains", 20)
    assert state(character) == (10, 0)
    assert character.document["willpower"]["aggravated"] == 5


def test_more_stains_than_fit_cannot_be_set() -> None:
    character = sheet(7)
    assert sentences(character.set("humanity.stains", 9).notices) == [
        "6 stains did not fit beside Humanity 7."
    ]
    assert state(character) == (7, 3)
    assert character.document["willpower"]["aggravated"] == 0


def test_removing_more_stains_than_there_are_is_told() -> None:
    character = sheet(7, 1)
    assert sentences(character.adjust("humanity.stains", -3).notices) == ["Only 1 stain to remove."]
    assert state(character) == (7, 0)


def test_removing_a_stain_never_hurts() -> None:
    """Humanity 10 leaves no box, so the other two stains go; none of it is degeneration."""
    character = sheet(7, 3)
    character.do(of("humanity", "set", 10), of("humanity.stains", "adjust", -1))
    assert state(character) == (10, 0)
    assert character.document["willpower"]["aggravated"] == 0


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_humanity_comes_before_stains_in_one_command(order: tuple[int, int]) -> None:
    given = [of("humanity", "adjust", -1), of("humanity.stains", "adjust", 2)]
    character = sheet(7, 1)
    character.do(*(given[number] for number in order))
    assert state(character) == (6, 2)


def test_the_ends() -> None:
    character = sheet(1)
    assert sentences(character.adjust("humanity", -3).notices) == ["Humanity stops at 0; 2 ignored."]
    character.refuses(of("humanity", "set", 11))
    character.refuses(of("humanity.stains", "set", 11))


def test_typed() -> None:
    character = sheet()
    character.type("humanity", "+1 stains")
    character.type("humanity", "8")
    assert state(character) == (8, 1)


def test_an_undo_takes_the_damage_back_too() -> None:
    character = sheet(10)
    outcome = character.adjust("humanity.stains", 2)
    character.undo(outcome)
    assert character.document["willpower"]["aggravated"] == 0


def test_people_call_the_option_stains() -> None:
    assert [field["name"] for field in sheet().traits["humanity"].schema()["fields"]] == [
        "humanity",
        "stains",
    ]
