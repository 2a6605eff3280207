"""The Beast: frenzy, remorse and stains; the Rage of werewolves."""

from typing import Any

import pytest

from rules.dice import beast
from rules.dice.base import adjust, operation
from rules.dice.source import listed
from rules.errors import Invalid, Unprocessable
from rules.tests.kit import Sheet, of
from rules.traits import DamageTrack5th, Humanity
from testing.notices import sentences

NO_DICE = listed([])


def will(total: int, superficial: int = 0, aggravated: int = 0) -> dict[str, int]:
    return {"total": total, "superficial": superficial, "aggravated": aggravated}


@pytest.mark.parametrize(
    ("humanity", "willpower", "modifier", "dice"),
    [
        (7, will(5), 0, 7),
        (8, will(5, 2, 1), 0, 4),
        (9, will(5), 2, 10),
        (7, will(5), -3, 4),
        (2, will(3, 2, 1), 0, 1),
    ],
)
def test_frenzy_is_resisted_with_undamaged_willpower_and_a_third_of_humanity(
    humanity: int, willpower: dict[str, int], modifier: int, dice: int
) -> None:
    check = beast.frenzy(listed([1] * dice), humanity, willpower, 3, modifier)
    assert len(check.steps[0].dice) == dice
    assert (check.passed, check.label, check.margin, check.operations) == (False, "Frenzy", -3, ())


def test_tens_pair_up_against_frenzy() -> None:
    check = beast.frenzy(listed([10, 10, 2]), 3, will(2), 4)
    assert (check.passed, check.successes, check.margin, check.tone) == (True, 4, 0, "critical")
    assert beast.frenzy(listed([7, 7, 2]), 3, will(2), 2).tone == "success"


@pytest.mark.parametrize("wrong", [{"difficulty": 0}, {"difficulty": 51}, {"modifier": 51}])
def test_wrong_frenzies_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        beast.frenzy(NO_DICE, 7, will(5), **({"difficulty": 2} | wrong))


def conscience(value: int, stains: int) -> Sheet:
    willpower = DamageTrack5th(5)
    character = Sheet(willpower=willpower, humanity=Humanity(7, excess_to=willpower))
    character.document["humanity"] = {"value": value, "stains": stains}
    return character


def apply(sheet: Sheet, check: Any) -> Any:
    sheet.do(*(of(operation["path"], operation["op"], operation["value"]) for operation in check.operations))
    return sheet.document["humanity"]


def test_remorse_keeps_humanity_and_wipes_the_stains() -> None:
    check = beast.remorse(listed([2, 6]), 7, 1)
    assert check.passed
    assert apply(conscience(7, 1), check) == {"value": 7, "stains": 0}


@pytest.mark.parametrize(("humanity", "stains", "dice"), [(7, 2, 1), (7, 3, 1), (4, 2, 4), (9, 1, 1)])
def test_without_remorse_a_humanity_is_lost(humanity: int, stains: int, dice: int) -> None:
    check = beast.remorse(listed([5] * dice), humanity, stains)
    assert not check.passed
    assert apply(conscience(humanity, stains), check) == {"value": humanity - 1, "stains": 0}
    assert check.notices == ()


def test_the_last_humanity() -> None:
    check = beast.remorse(listed([1] * 8), 1, 1)
    assert apply(conscience(1, 1), check) == {"value": 0, "stains": 0}
    assert check.notices


def test_without_stains_there_is_nothing_to_regret() -> None:
    with pytest.raises(Unprocessable) as caught:
        beast.remorse(NO_DICE, 7, 0)
    assert caught.value.code == "no_stains"


def test_stains_past_the_last_box_degenerate() -> None:
    check = beast.stains(7, 2, 3)
    assert (check.label, check.passed, check.operations) == (
        "Degeneration",
        False,
        adjust("humanity.stains", 3),
    )
    sheet = conscience(7, 2)
    assert apply(sheet, check) == {"value": 7, "stains": 3}
    assert sheet.document["willpower"]["aggravated"] == 2


def test_stains_with_room() -> None:
    check = beast.stains(6, 1, 2)
    assert (check.passed, check.offers) == (True, ("remorse",))
    assert apply(conscience(6, 1), check) == {"value": 6, "stains": 3}
    assert beast.stains(6, 1, -1).offers == ()
    with pytest.raises(Invalid):
        beast.stains(6, 1, 0)


@pytest.mark.parametrize(
    ("values", "rage", "number", "reroll", "lost"),
    [
        ([6], 3, 1, False, 0),
        ([5], 3, 1, False, 1),
        ([5, 7], 3, 2, False, 1),
        ([5, 4], 3, 2, False, 2),
        # Two checks of the better of two dice: a Rage is lost only where both failed.
        ([2, 7, 3, 4], 3, 2, True, 1),
        ([2, 7, 8, 4], 3, 2, True, 0),
        ([1, 1, 1, 1], 3, 2, True, 2),
        ([1, 1, 1, 1, 1], 2, 5, False, 2),
        ([1, 1], None, 2, False, 2),
    ],
)
def test_each_failed_check_costs_a_rage(
    values: list[int], rage: int | None, number: int, reroll: bool, lost: int
) -> None:
    check = beast.rage_check(listed(values), rage, number, reroll)
    assert check.operations == adjust("rage", -lost)
    assert check.passed == (lost == 0)
    assert len(check.steps) == number


def test_the_wolf_is_lost_with_the_last_rage() -> None:
    assert sentences(beast.rage_check(listed([2]), 1).notices) == ["Rage is at 0: the wolf is lost."]
    assert beast.rage_check(listed([2]), 2).notices == ()
    with pytest.raises(Unprocessable):
        beast.rage_check(NO_DICE, 0)
    for wrong in ({"checks": 0}, {"checks": 6}):
        with pytest.raises(Invalid):
            beast.rage_check(NO_DICE, 3, **wrong)


def test_despair_ends() -> None:
    assert beast.despair_end().operations == (operation("despair", "set", False),)
