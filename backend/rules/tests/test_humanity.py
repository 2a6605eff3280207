"""Humanity and its stains (core 236–240)."""

import pytest

from rules.tests.kit import Sheet, of
from rules.traits import DamageTrack5th, Humanity
from testing.notices import sentences


def sheet(value: int = 7, stains: int = 0) -> Sheet:
    willpower = DamageTrack5th(5)
    one = Sheet(willpower=willpower, humanity=Humanity(7, excess_to=willpower))
    one.document["humanity"] = {"value": value, "stains": stains}
    return one


def state(one: Sheet) -> tuple[int, int]:
    return one.document["humanity"]["value"], one.document["humanity"]["stains"]


@pytest.mark.parametrize(("op", "value"), [("set", 6), ("adjust", -1)])
def test_a_loss_wipes_the_stains_and_says_so(op: str, value: int) -> None:
    one = sheet(7, 2)
    assert sentences(one.do(of("humanity", op, value)).notices) == ["Losing Humanity wiped the stains."]
    assert state(one) == (6, 0)


def test_a_loss_without_stains_needs_no_words() -> None:
    assert sheet(7, 0).adjust("humanity", -1).notices == []


def test_a_gain_keeps_the_stains_that_still_fit() -> None:
    one = sheet(7, 2)
    assert one.set("humanity", 8).notices == []
    assert state(one) == (8, 2)
    assert sentences(one.set("humanity", 9).notices) == ["1 stain did not fit beside Humanity 9."]
    assert state(one) == (9, 1)


def test_stains_without_a_box_become_aggravated_willpower() -> None:
    one = sheet(7, 2)
    outcome = one.adjust("humanity.stains", 3)
    assert state(one) == (7, 3)
    assert one.document["willpower"]["aggravated"] == 2
    assert sentences(outcome.notices)[0] == "Degeneration: no box left for 2 stains (core 239)."
    assert outcome.changes.keys() == {"humanity.stains", "willpower.aggravated"}


def test_stains_at_full_humanity_all_degenerate() -> None:
    one = sheet(10, 0)
    one.adjust("humanity.stains", 20)
    assert state(one) == (10, 0)
    assert one.document["willpower"]["aggravated"] == 5


def test_more_stains_than_fit_cannot_be_set() -> None:
    one = sheet(7)
    assert sentences(one.set("humanity.stains", 9).notices) == ["6 stains did not fit beside Humanity 7."]
    assert state(one) == (7, 3)
    assert one.document["willpower"]["aggravated"] == 0


def test_removing_more_stains_than_there_are_is_told() -> None:
    one = sheet(7, 1)
    assert sentences(one.adjust("humanity.stains", -3).notices) == ["Only 1 stain to remove."]
    assert state(one) == (7, 0)


def test_removing_a_stain_never_hurts() -> None:
    """Humanity 10 leaves no box, so the other two stains go; none of it is degeneration."""
    one = sheet(7, 3)
    one.do(of("humanity", "set", 10), of("humanity.stains", "adjust", -1))
    assert state(one) == (10, 0)
    assert one.document["willpower"]["aggravated"] == 0


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_humanity_comes_before_stains_in_one_command(order: tuple[int, int]) -> None:
    given = [of("humanity", "adjust", -1), of("humanity.stains", "adjust", 2)]
    one = sheet(7, 1)
    one.do(*(given[number] for number in order))
    assert state(one) == (6, 2)


def test_the_ends() -> None:
    one = sheet(1)
    assert sentences(one.adjust("humanity", -3).notices) == ["Humanity stops at 0; 2 ignored."]
    one.refuses(of("humanity", "set", 11))
    one.refuses(of("humanity.stains", "set", 11))


def test_typed() -> None:
    one = sheet()
    one.type("humanity", "+1 stains")
    one.type("humanity", "8")
    assert state(one) == (8, 1)


def test_an_undo_takes_the_damage_back_too() -> None:
    one = sheet(10)
    outcome = one.adjust("humanity.stains", 2)
    one.undo(outcome)
    assert one.document["willpower"]["aggravated"] == 0


def test_people_call_the_option_stains() -> None:
    assert [one["name"] for one in sheet().traits["humanity"].schema()["fields"]] == ["humanity", "stains"]
