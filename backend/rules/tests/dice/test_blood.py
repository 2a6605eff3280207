"""The Blood: rouse checks, mending, feeding, waking (core 211–218)."""

from typing import Any

import pytest

from rules.dice import blood, waking
from rules.dice.base import Check, adjust
from rules.dice.blood_potency import TABLE, blood_potency
from rules.dice.source import listed
from rules.dice.waking import Night
from rules.errors import Invalid, Unprocessable
from rules.tests.kit import Sheet, of
from rules.traits import Counter, DamageTrack5th
from testing.notices import sentences

NO_DICE = listed([])


def damage(total: int = 5, superficial: int = 0, aggravated: int = 0) -> dict[str, int]:
    return {"total": total, "superficial": superficial, "aggravated": aggravated}


def vampire(hunger: int, health: dict[str, int], willpower: dict[str, int]) -> Sheet:
    character = Sheet(
        hunger=Counter(0, 5, 1, over="hunger_beyond"),
        health=DamageTrack5th(5),
        willpower=DamageTrack5th(5),
    )
    character.document |= {"hunger": hunger, "health": health, "willpower": willpower}
    return character


def apply(sheet: Sheet, check: Check) -> dict[str, Any]:
    """The check's changes, through the real traits."""
    sheet.do(*(of(operation["path"], operation["op"], operation["value"]) for operation in check.operations))
    return sheet.document


# Rouse checks.


@pytest.mark.parametrize(("value", "held"), [(5, False), (6, True), (1, False), (10, True)])
def test_a_six_keeps_hunger_as_it_is(value: int, held: bool) -> None:
    check = blood.rouse(listed([value]), 2)
    assert check.passed == held
    assert check.operations == (() if held else adjust("hunger", 1))
    assert [die.value for die in check.steps[0].dice] == [value]


def test_of_two_dice_one_is_enough() -> None:
    assert blood.rouse(listed([2, 7]), 2, reroll=True).passed
    assert blood.rouse(listed([2, 3]), 2, reroll=True).operations == adjust("hunger", 1)


@pytest.mark.parametrize(
    ("potency", "level", "number"), [(1, 1, 2), (1, 2, 1), (3, 2, 2), (3, 3, 1), (0, 1, 1), (10, 5, 2)]
)
def test_blood_potency_lets_low_powers_roll_two_dice(potency: int, level: int, number: int) -> None:
    check = blood.rouse(listed([1] * number), 1, blood_potency=potency, level=level)
    assert len(check.steps[0].dice) == number


def test_several_checks_count_each_failure() -> None:
    check = blood.rouse(listed([2, 7, 3]), 1, times=3)
    assert [step.passed for step in check.steps] == [False, True, False]
    assert check.operations == adjust("hunger", 2)


def test_at_hunger_five_nothing_is_roused_at_will() -> None:
    with pytest.raises(Unprocessable) as caught:
        blood.rouse(NO_DICE, 5)
    assert caught.value.code == "hunger_full"
    assert blood.rouse(listed([2]), 5, forced=True).offers == ("frenzy",)
    assert blood.rouse(listed([7]), 5, forced=True).offers == ()


@pytest.mark.parametrize(
    ("hunger", "value", "offers"), [(4, 2, ("frenzy",)), (3, 2, ()), (4, 8, ()), (None, 2, ())]
)
def test_frenzy_is_offered_where_hunger_is_full(
    hunger: int | None, value: int, offers: tuple[str, ...]
) -> None:
    assert blood.rouse(listed([value]), hunger).offers == offers


@pytest.mark.parametrize(
    "wrong", [{"times": 0}, {"times": 6}, {"hunger": 6}, {"level": 6}, {"blood_potency": 11, "level": 1}]
)
def test_wrong_rouse_checks_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        blood.rouse(NO_DICE, **({"hunger": 1} | wrong))


# Willpower.


def test_willpower_is_spent_only_where_some_is_whole() -> None:
    assert blood.spend_willpower(damage(5, 2, 2)) == adjust("willpower.superficial", 1)
    with pytest.raises(Unprocessable) as caught:
        blood.spend_willpower(damage(5, 3, 2))
    assert caught.value.code == "no_willpower"


def test_willpower_comes_back_by_the_higher_of_two() -> None:
    check = blood.recover_willpower(damage(6, 4), resolve=2, composure=3)
    assert check.operations == adjust("willpower.superficial", -3)
    assert blood.recover_willpower(damage(6, 1), 2, 3).operations == adjust("willpower.superficial", -1)
    with pytest.raises(Unprocessable):
        blood.recover_willpower(damage(6, 0, 2), 2, 3)


# Mending.


@pytest.mark.parametrize(
    ("potency", "mended"), [(0, 1), (1, 1), (2, 2), (3, 2), (4, 3), (7, 3), (8, 4), (9, 4), (10, 5)]
)
def test_mending_goes_by_blood_potency_and_happens_even_if_the_check_fails(potency: int, mended: int) -> None:
    for value, hunger in ((8, 2), (3, 3)):
        check = blood.mend(listed([value]), 2, potency, damage(9, 6, 1))
        after = apply(vampire(2, damage(9, 6, 1), damage()), check)
        assert (after["health"], after["hunger"]) == (damage(9, 6 - mended, 1), hunger)


def test_nothing_more_is_mended_than_is_there() -> None:
    assert blood.mend(listed([8]), 2, 10, damage(5, 1)).operations == adjust("health.superficial", -1)


@pytest.mark.parametrize(
    ("hunger", "health", "code"), [(2, damage(5, 0, 2), "nothing_to_mend"), (5, damage(5, 2), "hunger_full")]
)
def test_what_cannot_be_mended_rolls_nothing(hunger: int, health: dict[str, int], code: str) -> None:
    with pytest.raises(Unprocessable) as caught:
        blood.mend(NO_DICE, hunger, 1, health)
    assert caught.value.code == code


# Blush of Life.


@pytest.mark.parametrize(("humanity", "number"), [(7, 1), (8, 2), (9, 0), (10, 0), (3, 1)])
def test_humanity_helps_with_the_blush_of_life(humanity: int, number: int) -> None:
    check = blood.blush(listed([2] * number), 1, humanity)
    assert len(check.steps[0].dice) == number
    assert check.operations == adjust("hunger", int(number > 0))


def test_no_blush_at_hunger_five_unless_none_is_needed() -> None:
    with pytest.raises(Unprocessable):
        blood.blush(NO_DICE, 5, 7)
    assert blood.blush(NO_DICE, 5, 9).passed


# Feeding.


@pytest.mark.parametrize(
    ("hunger", "feeding", "slaked"),
    [
        (4, {"amount": 2}, 2),
        # Not below 1 without a death.
        (2, {"amount": 4}, 1),
        (1, {"amount": 1}, 0),
        (5, {"amount": 5, "killed": True}, 5),
        # Blood Potency 2: half of animals and bags, rounded down; 3: nothing of them.
        (4, {"amount": 2, "blood": "animal", "blood_potency": 1}, 2),
        (4, {"amount": 2, "blood": "animal", "blood_potency": 2}, 1),
        (4, {"amount": 3, "blood": "bagged", "blood_potency": 2}, 1),
        (4, {"amount": 3, "blood": "bagged", "blood_potency": 3}, 0),
        # From 4 on, each human gives less; a vampire's blood does not.
        (5, {"amount": 3, "blood_potency": 4}, 2),
        (5, {"amount": 4, "blood_potency": 6, "humans": 2}, 0),
        (5, {"amount": 4, "blood_potency": 10}, 1),
        (5, {"amount": 3, "blood": "vampire", "blood_potency": 6}, 3),
        # From 5 on not below 2, from 8 on not below 3.
        (3, {"amount": 4, "blood_potency": 5}, 1),
        (4, {"amount": 5, "blood_potency": 8}, 1),
        (1, {"amount": 5, "blood_potency": 8}, 0),
        (4, {"amount": 5, "blood_potency": 8, "killed": True}, 3),
    ],
)
def test_feeding(hunger: int, feeding: dict[str, Any], slaked: int) -> None:
    check = blood.slake(hunger, **feeding)
    assert check.operations == adjust("hunger", -slaked)
    assert check.passed == bool(slaked)


def test_feeding_says_why_it_gave_less() -> None:
    assert blood.slake(5, 2).notices == ()
    assert "instead of 3" in sentences(blood.slake(5, 3, blood_potency=4).notices)[0]
    assert sentences(blood.slake(2, 3).notices) == [
        "Hunger falls below 1 only by draining a human to death (core 212).",
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": 0},
        {"blood": "wine"},
        {"blood": "animal", "killed": True},
        {"blood_potency": 11},
        {"humans": 0},
    ],
)
def test_wrong_feeding_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        blood.slake(3, **({"amount": 1} | wrong))


# Waking.


def steps(check: Check) -> list[tuple[str, bool | None]]:
    return [(step.slug, step.passed) for step in check.steps]


def test_waking_is_one_rouse_check() -> None:
    assert waking.wake(listed([7]), Night(3)).operations == ()
    assert waking.wake(listed([2]), Night(3)).operations == adjust("hunger", 1)


def test_a_hungry_night_with_everything() -> None:
    night = Night(
        hunger=1,
        mend_aggravated=True,
        aggravated=2,
        blush=True,
        humanity=8,
        recover=True,
        willpower=damage(6, 4),
        resolve=3,
        composure=2,
    )
    check = waking.wake(listed([2, 7, 2, 9, 3, 8]), night)
    assert steps(check) == [
        ("wake", False),
        ("mend_aggravated", True),
        ("mend_aggravated", False),
        ("mend_aggravated", True),
        ("recover_willpower", None),
        ("blush", True),
    ]
    after = apply(vampire(1, damage(5, 1, 2), damage(6, 4)), check)
    assert (after["hunger"], after["health"], after["willpower"]) == (3, damage(5, 1, 1), damage(6, 1))


def test_waking_at_hunger_five_may_end_in_torpor_and_then_nothing_else_happens() -> None:
    night = Night(
        5,
        mend_aggravated=True,
        aggravated=1,
        recover=True,
        willpower=damage(5, 2),
        resolve=1,
        composure=1,
        blush=True,
    )
    check = waking.wake(listed([3]), night)
    assert (check.passed, check.label, check.operations, check.offers) == (False, "Torpor", (), ())
    assert all("torpor" in step.text for step in check.steps[1:])
    assert len(check.steps) == 4


def test_awake_at_hunger_five_says_hunger_and_not_torpor() -> None:
    check = waking.wake(listed([8]), Night(5, mend_aggravated=True, aggravated=1, blush=True))
    assert check.passed
    assert check.operations == ()
    assert all("Hunger 5" in text for text in sentences(step.text for step in check.steps[1:]))


def test_the_three_checks_are_one_price_and_their_excess_is_frenzy_not_torpor() -> None:
    check = waking.wake(listed([8, 1, 1, 1]), Night(4, mend_aggravated=True, aggravated=1))
    assert check.passed
    assert check.offers == ("frenzy",)
    after = apply(vampire(4, damage(5, 0, 1), damage()), check)
    assert (after["hunger"], after["health"]["aggravated"]) == (5, 0)


def test_what_is_not_there_is_not_mended() -> None:
    night = Night(1, mend_aggravated=True, recover=True, willpower=damage(5), resolve=2, composure=2)
    check = waking.wake(listed([8]), night)
    assert check.operations == ()
    assert [step.text for step in check.steps[1:]] == ["Skipped: there is no such damage."] * 2


def test_the_sheet_is_asked_before_anything_is_rolled() -> None:
    with pytest.raises(Invalid):
        Night(1, recover=True)


# The table.


def test_the_table_of_blood_potency() -> None:
    assert [row.level for row in TABLE] == list(range(11))
    assert [row.surge for row in TABLE] == [1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6]
    assert [row.mend for row in TABLE] == [1, 1, 2, 2, 3, 3, 3, 3, 4, 4, 5]
    assert [row.power_bonus for row in TABLE] == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5]
    assert [row.rouse_reroll for row in TABLE] == [0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert [row.bane for row in TABLE] == [0, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6]
    assert [row.human_less for row in TABLE] == [0, 0, 0, 0, 1, 1, 2, 2, 2, 2, 3]
    assert [row.floor for row in TABLE] == [1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 3]
    wrong: Any
    for wrong in (11, -1, "3", True):
        with pytest.raises(Invalid):
            blood_potency(wrong)
