from typing import Any

import pytest

from rules.dice import wod20
from rules.dice.base import NIGHTMARE, Die, Rolled
from rules.dice.source import listed, seeded
from rules.dice.wod20 import Options, consequences, judge, reroll, roll, strategies
from rules.errors import GameError, Invalid, Unprocessable
from testing.notices import sentences


def judged(*values: int, **options: Any) -> tuple[str, int]:
    made = Options(len(values), **options)
    outcome = judge(made, roll(made, listed(values)).dice)
    return outcome.slug, outcome.successes


@pytest.mark.parametrize(
    ("values", "options", "expected"),
    [
        ((6, 7, 2), {}, ("success", 2)),
        ((6, 7, 2), {"difficulty": 7}, ("success", 1)),
        ((10, 7, 2), {}, ("success", 2)),
        ((10, 7, 2), {"specialty": "Knives"}, ("success", 3)),
        ((6, 1, 2), {}, ("failure", 0)),  # a success that was cancelled is no botch
        ((1, 2, 3), {}, ("botch", 0)),
        ((2, 3, 4), {}, ("failure", 0)),
        ((1, 2, 3), {"no_botch": True}, ("failure", 0)),
        ((1, 7, 8), {"no_botch": True}, ("success", 2)),
        ((10, 7, 1), {"specialty": "Knives"}, ("success", 2)),  # the one takes the ordinary success first
        ((10, 1, 2), {"specialty": "Knives"}, ("failure", 0)),  # then the ten, with both of its successes
        ((10, 10, 7, 1, 1), {"specialty": "Knives"}, ("success", 2)),
        ((1, 1, 1), {"willpower": True}, ("success", 1)),  # nothing cancels Willpower
        ((6, 1, 1), {"willpower": True}, ("success", 1)),
        ((1, 2, 3), {"modifier": 1}, ("success", 1)),
        ((6, 7, 8), {"modifier": -5}, ("failure", 0)),
        ((1, 2, 3), {"modifier": -2}, ("botch", 0)),
        ((10, 9), {"difficulty": 10}, ("success", 1)),
        ((2, 1), {"difficulty": 2}, ("failure", 0)),
    ],
)
def test_outcomes(values: tuple[int, ...], options: dict[str, Any], expected: tuple[str, int]) -> None:
    assert judged(*values, **options) == expected


def test_play_26_willpower_is_never_cancelled_and_never_botches() -> None:
    assert judged(1, 1, 1, willpower=True) == ("success", 1)
    # What a modifier takes fails; but it is no botch.
    assert judged(1, 1, 1, willpower=True, modifier=-1) == ("failure", 0)
    assert judged(1, 2, 1, willpower=True, modifier=-3, ones=wod20.SUCCESSES) == ("failure", 0)
    assert judged(1, 1, 1, modifier=-1) == ("botch", 0)


@pytest.mark.parametrize(
    ("values", "expected", "by_successes"),
    [((10, 1, 2), ("failure", 0), ("success", 1)), ((10, 7, 1), ("success", 2), ("success", 2))],
)
def test_readings_of_specialty_and_ones(
    values: tuple[int, ...], expected: tuple[str, int], by_successes: tuple[str, int]
) -> None:
    assert judged(*values, specialty="Knives") == expected
    assert judged(*values, specialty="Knives", ones=wod20.SUCCESSES) == by_successes


def test_the_reading_is_told_where_it_matters() -> None:
    options = Options(2, specialty="Knives")
    assert "house rule" in sentences(judge(options, roll(options, listed([10, 1])).dice).notices)[0]
    assert judge(options, roll(options, listed([10, 7])).dice).notices == ()


def test_play_22_a_ten_on_a_nightmare_die_is_a_point_of_nightmare() -> None:
    options = Options(3, nightmare=2, again="Luck")
    rolled = roll(options, listed([2, 10, 3]))
    gained = {"path": "nightmare.temporary", "op": "adjust", "value": 1}
    assert consequences(options, rolled) == (gained,)
    again = reroll(options, rolled, [1, 2], listed([4, 5]))
    assert consequences(options, again, rolled) == ({**gained, "value": -1},)


LAST_DIE = "that action isn’t possible. With the house rule “Wounds and the last die”, one die always stays."


@pytest.mark.parametrize(
    ("pool", "wound", "last_die", "sentence"),
    [
        (0, 0, False, "No dice are left in this pool, so the action isn’t possible."),
        (-2, 0, True, "No dice are left in this pool, so the action isn’t possible."),
        (3, 6, False, f"Crippled takes 5 dice of 3: {LAST_DIE}"),
        (5, 6, False, f"Crippled takes 5 dice of 5: {LAST_DIE}"),
        (1, 2, False, f"Hurt takes 1 die of 1: {LAST_DIE}"),
        (9, 7, True, "Incapacitated: no action is possible."),
    ],
)
def test_play_19_what_is_impossible_is_refused_in_one_sentence(
    pool: int, wound: int, last_die: bool, sentence: str
) -> None:
    with pytest.raises(GameError) as caught:
        wod20.refuse_impossible(pool, wound, last_die)
    assert caught.value.detail == sentence


def test_a_house_rule_leaves_the_last_die() -> None:
    wod20.refuse_impossible(3, 6, last_die=True)
    wod20.refuse_impossible(6, 6)


def test_nightmare_dice_are_the_last_of_the_pool() -> None:
    options = Options(4, nightmare=2)
    rolled = roll(options, listed([2, 3, 10, 10]))
    assert rolled.values(NIGHTMARE) == [10, 10]
    assert sentences(judge(options, rolled.dice).notices) == ["2 Nightmare dice show a 10."]
    with pytest.raises(Invalid) as caught:
        Options(3, nightmare=4)
    assert "nightmare" in caught.value.data["fields"]


def test_wounds_take_nightmare_dice_only_where_no_others_are_left_and_say_so() -> None:
    assert Options(5, nightmare=3, wound=4).nightmare_dice == 3
    few = Options(5, nightmare=4, wound=4)
    rolled = roll(few, listed([2, 3, 4]))
    assert [die.kind for die in rolled.dice] == [NIGHTMARE] * 3
    assert sentences(judge(few, rolled.dice).notices) == ["Wounds leave 3 dice: 3 Nightmare dice, not 4."]


def test_a_wound_is_a_named_line_and_leaves_one_die() -> None:
    options = Options(6, wound=6)
    assert [(line.label, line.dice) for line in options.lines] == [("Pool", 6), ("Crippled", -5)]
    assert options.dice == 1
    weak = Options(3, wound=6)
    assert weak.dice == 1
    assert sentences(judge(weak, roll(weak, listed([7])).dice).notices) == [
        "Crippled takes 5 dice; one die is left."
    ]
    assert Options(6, wound=1).lines == Options(6).lines


def test_the_incapacitated_roll_no_better_than_the_crippled_and_are_told() -> None:
    options = Options(8, wound=7)
    assert options.dice == 3
    assert "Incapacitated" in sentences(judge(options, roll(options, seeded(1)).dice).notices)[0]


def test_willpower_is_refused_before_the_dice_are_rolled_and_spent_once() -> None:
    with pytest.raises(Invalid) as caught:
        Options(3, willpower=True, willpower_left=0)
    assert caught.value.detail == "There is no Willpower left to spend."
    options = Options(2, willpower=True, willpower_left=1)
    rolled = roll(options, listed([2, 3]))
    spent = ({"path": "willpower.current", "op": "adjust", "value": -1},)
    assert consequences(options, rolled) == spent
    assert consequences(options, reroll(options, rolled, [0], listed([9])), rolled) == ()
    assert consequences(Options(2), rolled) == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"pool": 0},
        {"pool": 51},
        {"pool": "5"},
        {"pool": True},
        {"difficulty": 1},
        {"difficulty": 11},
        {"modifier": 21},
        {"specialty": "x" * 101},
        {"willpower": 1},
        {"nightmare": -1},
        {"wound": 8},
        {"willpower_left": 11},
    ],
)
def test_wrong_options_name_their_field(wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as caught:
        Options(**{"pool": 5, **wrong})
    assert set(caught.value.data["fields"]) == set(wrong)


def test_play_23_a_botch_is_not_rolled_again_for_nothing() -> None:
    botched = roll(Options(3), listed([1, 2, 3]))
    assert judge(Options(3), botched.dice).slug == "botch"
    assert wod20.may_reroll(Options(3), botched) == ()
    assert strategies(Options(3), botched) == []


def test_the_whole_roll_may_be_repeated_once_where_something_allows_it() -> None:
    options = Options(3, again="Luck")
    rolled = roll(options, listed([1, 2, 3]))
    (luck,) = strategies(options, rolled)
    assert luck.label == "Roll again (Luck)"
    again = reroll(options, rolled, luck.picked, listed([7, 8, 9]))
    assert judge(options, again.dice).successes == 3
    assert again.before == rolled.dice
    assert strategies(options, again) == []
    with pytest.raises(Unprocessable):
        reroll(options, again, [0], listed([9]))
    with pytest.raises(Invalid):
        reroll(options, rolled, [3], listed([9]))


def test_everything_is_json_and_back() -> None:
    options = Options(5, 7, "Knives", True, -1, 2, 3, False, 4)
    rolled = roll(options, seeded(3))
    assert Options.from_json(options.as_json()) == options
    assert Rolled.from_json(rolled.as_json()) == rolled
    outcome = judge(options, rolled.dice)
    assert wod20.Outcome.from_json(outcome.as_json()) == outcome
    assert Die.from_json({"value": 3}) == Die(3)
