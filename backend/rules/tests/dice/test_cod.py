from typing import Any

import pytest

from rules.dice.base import CHANCE, EXTRA, REGULAR, ROTE, Rolled
from rules.dice.cod import MAX_EXTRA, Options, choose, judge, may_reroll, reroll, roll, strategies, succeeded
from rules.dice.source import listed, seeded
from rules.errors import Invalid, Unprocessable
from testing.notices import sentences


def thrown(options: Options, *values: int) -> tuple[str, int, list[str]]:
    source = listed(values)
    rolled = roll(options, source)
    with pytest.raises(LookupError):
        source(10)
    outcome = judge(options, rolled.dice)
    return outcome.slug, outcome.successes, [die.kind for die in rolled.dice]


@pytest.mark.parametrize(
    ("options", "values", "slug", "successes", "kinds"),
    [
        (Options(3), (8, 7, 1), "success", 1, [REGULAR] * 3),
        (Options(2), (7, 1), "failure", 0, [REGULAR] * 2),
        (Options(2), (10, 3, 10, 2), "success", 2, [REGULAR] * 2 + [EXTRA] * 2),
        (Options(2, again=9), (9, 3, 8), "success", 2, [REGULAR] * 2 + [EXTRA]),
        (Options(2, again=8), (8, 3, 7), "success", 1, [REGULAR] * 2 + [EXTRA]),
        (Options(2, again=11), (10, 10), "success", 2, [REGULAR] * 2),
        (Options(5), (8, 8, 8, 8, 9), "exceptional", 5, [REGULAR] * 5),
        (Options(3, rote=True), (8, 2, 3, 9, 1), "success", 2, [REGULAR] * 3 + [ROTE] * 2),
        (Options(1, rote=True), (2, 10, 9), "success", 2, [REGULAR, ROTE, EXTRA]),
        # 8-again against a target of 9: the 8 brings a die, and is neither a success nor a failure for the rote.
        (Options(1, target=9, again=8, rote=True), (8, 9, 2), "success", 1, [REGULAR, EXTRA, EXTRA]),
    ],
)
def test_rolls(
    options: Options, values: tuple[int, ...], slug: str, successes: int, kinds: list[str]
) -> None:
    assert thrown(options, *values) == (slug, successes, kinds)


@pytest.mark.parametrize(
    ("rote", "values", "slug", "kinds"),
    [
        (False, (10,), "success", [CHANCE]),
        (False, (1,), "dramatic_failure", [CHANCE]),
        (False, (9,), "failure", [CHANCE]),
        (True, (1,), "dramatic_failure", [CHANCE]),
        (True, (10,), "success", [CHANCE]),
        (True, (9, 10), "success", [CHANCE, ROTE]),
        (True, (8, 5), "failure", [CHANCE, ROTE]),
        (True, (2, 1), "dramatic_failure", [CHANCE, ROTE]),
    ],
)
def test_chance_dice(rote: bool, values: tuple[int, ...], slug: str, kinds: list[str]) -> None:
    options = Options(2, penalty=3, rote=rote)
    assert options.chance
    assert thrown(options, *values) == (slug, int(slug == "success"), kinds)


def test_an_8_or_9_on_a_chance_die_is_drawn_as_a_failure() -> None:
    options = Options(0)
    (nine,) = roll(options, listed([9])).dice
    (ten,) = roll(options, listed([10])).dice
    assert not succeeded(options, nine)
    assert succeeded(options, ten)
    assert succeeded(Options(1), nine)


def test_the_pool_is_told_in_named_lines() -> None:
    options = Options(4, bonus=2, penalty=1, specialty="Knives", willpower=True, wound=2)
    lines = [(line.label, line.dice) for line in options.lines]
    assert lines == [
        ("Pool", 4),
        ("Bonus", 2),
        ("Specialty", 1),
        ("Willpower", 3),
        ("Penalty", -1),
        ("Wounds", -2),
    ]
    assert options.dice == 7
    assert not Options(1, bonus=3, penalty=3).chance
    assert Options(1, bonus=2, penalty=3).chance


def test_dice_that_never_stop_are_stopped_with_a_word() -> None:
    options = Options(3)
    rolled = roll(options, lambda sides: 10)
    assert len(rolled.dice) == 3 + MAX_EXTRA
    assert sentences(judge(options, rolled.dice).notices) == [
        f"No more than {MAX_EXTRA} dice are rolled again."
    ]
    again = roll(options, listed([10, 10, 10, 1, 1, 1]))
    assert judge(options, again.dice).notices == ()


def test_failed_dice_may_be_rolled_again_once_and_bring_more() -> None:
    options = Options(3)
    rolled = roll(options, listed([8, 2, 3]))
    (failures,) = strategies(options, rolled)
    assert failures.picked == (1, 2)
    again = reroll(options, rolled, failures.picked, listed([10, 4, 9]))
    assert [die.kind for die in again.dice] == [REGULAR] * 3 + [EXTRA]
    assert judge(options, again.dice).successes == 3
    assert strategies(options, again) == []
    with pytest.raises(Unprocessable):
        reroll(options, again, [2], listed([9]))
    with pytest.raises(Invalid):
        reroll(options, rolled, [0], listed([9]))


def test_what_a_rote_rolled_again_is_not_rolled_a_third_time() -> None:
    options = Options(2, rote=True)
    rolled = roll(options, listed([2, 10, 3, 4]))
    assert [die.kind for die in rolled.dice] == [REGULAR, REGULAR, ROTE, EXTRA]
    assert may_reroll(options, rolled) == (2, 3)
    chance = Options(0)
    assert strategies(chance, roll(chance, listed([5]))) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"pool": -1},
        {"pool": 31},
        {"bonus": 31},
        {"penalty": -1},
        {"target": 1},
        {"target": 11},
        {"again": 7},
        {"again": 12},
        {"rote": "yes"},
        {"wound": 4},
        {"willpower": True, "willpower_left": 0},
    ],
)
def test_wrong_options_name_their_field(wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as caught:
        Options(**{"pool": 5, **wrong})
    assert next(iter(wrong)) in caught.value.data["fields"]


def test_everything_is_json_and_back() -> None:
    options = Options(5, 1, 2, "Knives", True, True, 9, 8, 1, 3)
    rolled = roll(options, seeded(3))
    assert Options.from_json(options.as_json()) == options
    assert Rolled.from_json(rolled.as_json()) == rolled


def test_a_failure_can_be_made_a_dramatic_one_and_stands() -> None:
    options = Options(2)
    failed = roll(options, listed([7, 1]))
    assert judge(options, failed.dice).choices == ("dramatic_failure",)
    chosen = choose(options, failed, "dramatic_failure")
    outcome = judge(options, chosen.dice, chosen.choice)
    assert (outcome.slug, outcome.choices) == ("dramatic_failure", ())
    assert may_reroll(options, chosen) == ()
    for other in (chosen, roll(options, listed([8, 1]))):
        with pytest.raises(Unprocessable):
            choose(options, other, "dramatic_failure")
