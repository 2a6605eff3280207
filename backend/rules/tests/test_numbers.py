"""Numbers, dots and counters."""

from typing import Any

import pytest

from rules.tests.kit import Sheet, fields_of, of
from rules.traits import Counter, Dots, Number
from testing.notices import sentences

FULL = "Hunger is at 5: you can’t rouse the Blood at will any more (core 211)."
NOT_NUMBERS = [True, False, 2.0, 2.5, "2", "", [2], {"value": 2}, float("nan")]


def sheet() -> Sheet:
    return Sheet(
        generation=Number(1, 16),
        strength=Dots(1, 5, 1),
        hunger=Counter(0, 5, 1, full="hunger_full", over="hunger_beyond"),
    )


@pytest.mark.parametrize("value", [1, 3, 5])
def test_a_value_within_the_range_is_set(value: int) -> None:
    character = sheet()
    character.set("strength", value)
    assert character.document["strength"] == value


@pytest.mark.parametrize("value", [0, 6, -1, 10**18])
def test_a_value_outside_is_refused_with_the_range(value: int) -> None:
    error = sheet().refuses(of("strength", "set", value))
    assert fields_of(error).keys() == {"strength"}
    assert "from 1 to 5" in error.detail


@pytest.mark.parametrize("op", ["set", "adjust"])
@pytest.mark.parametrize("value", [*NOT_NUMBERS, None], ids=repr)
def test_only_whole_numbers_count_as_numbers(op: str, value: Any) -> None:
    sheet().refuses(of("strength", op, value))


@pytest.mark.parametrize("op", ["set", "adjust"])
@pytest.mark.parametrize("value", [10**4000, -(10**5000)], ids=["large", "small"])
def test_a_huge_number_gives_a_short_sentence(op: str, value: int) -> None:
    assert len(sheet().refuses(of("strength", op, value)).detail) < 100


def test_an_unset_number_can_be_set_and_taken_away_again() -> None:
    character = sheet()
    assert "generation" not in character.document
    assert character.set("generation", 12).changes == {"generation": [None, 12]}
    assert character.set("generation", None).changes == {"generation": [12, None]}
    assert "generation" not in character.document


def test_there_is_nothing_to_add_to_an_unset_number() -> None:
    assert "isn’t set yet" in sheet().refuses(of("generation", "adjust", 1)).detail


def test_adjusting_stops_at_the_ends_and_says_what_did_not_count() -> None:
    character = sheet()
    assert sentences(character.adjust("strength", 7).notices) == ["Strength stops at 5; 3 ignored."]
    assert sentences(character.adjust("strength", -9).notices) == ["Strength stops at 1; 5 ignored."]
    assert character.adjust("strength", 2).notices == []
    assert character.document["strength"] == 3


def test_an_adjustment_far_beyond_the_range_is_a_mistake() -> None:
    character = sheet()
    character.adjust("strength", 10)
    character.refuses(of("strength", "adjust", 11))


def test_the_last_point_of_hunger_comes_with_its_rule() -> None:
    character = sheet()
    assert character.adjust("hunger", 3).notices == []
    assert sentences(character.adjust("hunger", 1).notices) == [FULL]
    character.set("hunger", 0)
    assert sentences(character.set("hunger", 5).notices) == [FULL]


def test_hunger_beyond_the_last_point_says_what_to_roll_though_nothing_changes() -> None:
    character = sheet()
    character.set("hunger", 5)
    outcome = character.adjust("hunger", 1)
    assert outcome.changes == {}
    assert sentences(outcome.notices) == [
        "Hunger stops at 5; 1 ignored.",
        "Roll for hunger frenzy (core 220).",
    ]


def test_hunger_that_stays_full_does_not_repeat_itself() -> None:
    character = sheet()
    character.set("hunger", 5)
    assert character.set("hunger", 5).notices == []


@pytest.mark.parametrize("op", ["add", "remove", "explode", "SET", ""])
def test_other_ops_are_refused(op: str) -> None:
    sheet().refuses(of("strength", op, 2))


def test_a_number_has_no_parts() -> None:
    sheet().refuses(of("strength.dots", "set", 2))
    sheet().refuses(of("strength.", "set", 2))


@pytest.mark.parametrize(
    ("text", "after"),
    [("4", 4), ("+2", 4), ("+ 2", 4), ("-1", 1), ("−1", 1), ("–1", 1), (" 3 ", 3), ("٣", 3)],
)
def test_typed_numbers(text: str, after: int) -> None:
    character = sheet()
    character.set("strength", 2)
    character.type("strength", text)
    assert character.document["strength"] == after


@pytest.mark.parametrize(
    "text", ["", "two", "3 4", "1.5", "++1", "1e3", "0x1", "9" * 10, "+", None, 3, "x" * 7000]
)
def test_typed_nonsense_is_refused(text: Any) -> None:
    sheet().refuses(of("strength", "text", text))


def test_dots_in_words_and_on_a_card() -> None:
    character = sheet()
    strength, generation = character.traits["strength"], character.traits["generation"]
    assert strength.text(3) == "3 of 5"
    assert strength.card_value(3) == {"value": 3, "max": 5}
    assert generation.text(None) == "none"
