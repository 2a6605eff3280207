"""Sources, stored rolls, and what all systems check alike."""

import json
from typing import Any

import pytest

from rules.dice import h5, v5, w5
from rules.dice.base import (
    HUNGER,
    Check,
    Die,
    Outcome,
    Rolled,
    Strategy,
    adjust,
    difference,
    operation,
    throw,
)
from rules.dice.blood import rouse
from rules.dice.source import listed, seeded, system
from rules.errors import Invalid


def test_a_listed_source_gives_what_it_was_given_and_no_more() -> None:
    source = listed([3, 10])
    assert [source(10), source(10)] == [3, 10]
    with pytest.raises(LookupError):
        source(10)
    with pytest.raises(ValueError, match="11 is on no die with 10 sides"):
        listed([11])(10)
    with pytest.raises(ValueError, match="0 is on no die"):
        listed([0])(10)


@pytest.mark.parametrize("source", [system(), seeded(4)])
def test_every_face_comes_up_and_no_other(source: Any) -> None:
    assert {source(10) for _ in range(2000)} == set(range(1, 11))
    assert {source(2) for _ in range(200)} == {1, 2}


def test_a_seeded_source_repeats_itself() -> None:
    first, second = seeded(9), seeded(9)
    assert [first(10) for _ in range(50)] == [second(10) for _ in range(50)]


def through_json(record: Any) -> Any:
    return type(record).from_json(json.loads(json.dumps(record.as_json())))


@pytest.mark.parametrize(
    "record",
    [
        Die(7, HUNGER),
        Rolled((Die(3), Die(9, HUNGER)), (0,), (Die(1),), "overreach"),
        Strategy("failures", "Reroll failures", (0, 2)),
        v5.Options(5, 2, 3, "Knives", 1),
        w5.Options(5, 2, None, "", 1, 2),
        h5.Options(5, 2, 0),
        h5.judge(h5.Options(1, 1), (Die(2), Die(1, "desperation"))),
        rouse(seeded(1), 3, times=2),
    ],
)
def test_everything_goes_through_json_and_back(record: Any) -> None:
    assert through_json(record) == record


def test_a_stored_roll_is_taken_up_and_rolled_again() -> None:
    options = v5.Options(3, 1, 2)
    stored = json.dumps([options.as_json(), v5.roll(options, listed([2, 7, 1])).as_json()])
    found, rolled = json.loads(stored)
    again = v5.reroll(v5.Options.from_json(found), Rolled.from_json(rolled), (0,), listed([9]))
    assert [die.value for die in again.dice] == [9, 7, 1]
    assert again.first() == Rolled.from_json(rolled)


def test_an_option_that_does_not_exist_is_named() -> None:
    with pytest.raises(Invalid) as caught:
        v5.Options.from_json({"pool": 3, "luck": 7})
    assert list(caught.value.data["fields"]) == ["luck"]


@pytest.mark.parametrize(
    ("make", "values", "wrong"),
    [
        (v5.Options, {"pool": 51}, "pool"),
        (v5.Options, {"pool": -51}, "pool"),
        (v5.Options, {"pool": "5"}, "pool"),
        (v5.Options, {"pool": True}, "pool"),
        (v5.Options, {"pool": 5, "hunger": 6}, "hunger"),
        (v5.Options, {"pool": 5, "hunger": -1}, "hunger"),
        (v5.Options, {"pool": 5, "hunger": None}, "hunger"),
        (v5.Options, {"pool": 5, "difficulty": 51}, "difficulty"),
        (v5.Options, {"pool": 5, "difficulty": -1}, "difficulty"),
        (v5.Options, {"pool": 5, "specialty": "x" * 101}, "specialty"),
        (v5.Options, {"pool": 5, "specialty": None}, "specialty"),
        (v5.Options, {"pool": 5, "surge": 11}, "surge"),
        (v5.Options, {"pool": 5, "surge": 1, "hunger": 5}, "surge"),
        (w5.Options, {"pool": 5, "rage": 6}, "rage"),
        (w5.Options, {"pool": 5, "trained": 21}, "trained"),
        (w5.Options, {"pool": 5, "participants": -1}, "participants"),
        (h5.Options, {"pool": 5, "desperation": 6}, "desperation"),
        (h5.Options, {"pool": 5, "desperation": 1, "despair": True}, "desperation"),
        (h5.Options, {"pool": 5, "despair": "yes"}, "despair"),
    ],
)
def test_wrong_options_are_refused_by_name(make: Any, values: dict[str, Any], wrong: str) -> None:
    with pytest.raises(Invalid) as caught:
        make(**values)
    assert list(caught.value.data["fields"]) == [wrong]
    assert caught.value.detail


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(Invalid) as caught:
        v5.Options(60, 7, 99)
    assert list(caught.value.data["fields"]) == ["pool", "difficulty", "hunger"]


def test_dice_that_look_alike_are_one_object() -> None:
    first, second = throw(2, HUNGER, listed([4, 4]))
    assert first is second
    assert first == Die(4, HUNGER)


def test_what_fell_away_is_taken_back() -> None:
    despair, danger = (operation("despair", "set", True),), adjust("danger", 1)
    assert difference((), danger) == danger
    assert difference(despair, danger) == (operation("despair", "set", False), *danger)
    assert difference(danger, ()) == adjust("danger", -1)
    assert difference(danger, danger) == ()
    assert adjust("hunger", 0) == ()
    with pytest.raises(ValueError, match="flag or a step"):
        difference((operation("resonance", "set", "Choleric"),), ())


def test_unknown_parts_of_a_check_are_refused() -> None:
    with pytest.raises(Invalid):
        Check.from_json(rouse(seeded(1), 3).as_json() | {"extra": 1})
    with pytest.raises(Invalid):
        Outcome.from_json({"nothing": 1})
