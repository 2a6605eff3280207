"""Skills with specialties, and experience with what it was spent on."""

from typing import Any

import pytest

from rules.errors import Invalid
from rules.tests.kit import Sheet, fields_of, of
from rules.traits import Experience, Skill
from testing.notices import sentences


def sheet() -> Sheet:
    return Sheet(experience=Experience(), brawl=Skill())


def points(character: Sheet) -> tuple[int, int]:
    return character.document["experience"]["total"], character.document["experience"]["current"]


def names(character: Sheet) -> list[str]:
    return [entry["name"] for _, entry in sorted(character.document["brawl"]["specialties"].items())]


def test_the_bare_name_of_a_skill_is_its_rating() -> None:
    character = sheet()
    assert character.set("brawl", 3).changes == {"brawl.dots": [0, 3]}
    assert character.adjust("brawl.dots", 1).changes == {"brawl.dots": [3, 4]}
    assert fields_of(character.refuses(of("brawl", "set", 6))).keys() == {"brawl.dots"}


def test_specialties() -> None:
    character = sheet()
    outcome = character.add("brawl.specialties", {"name": "Grappling"})
    assert list(outcome.labels.values()) == ["Brawl: Grappling"]
    character.refuses(of("brawl.specialties", "add", {"name": "grappling"}))
    key = character.ids("brawl.specialties")[0]
    character.set(f"brawl.specialties.{key}.name", "Biting")
    assert names(character) == ["Biting"]
    character.remove(f"brawl.specialties.{key}")
    assert names(character) == []


def test_a_skill_has_ten_specialties_at_most() -> None:
    character = sheet()
    for number in range(10):
        character.add("brawl.specialties", {"name": str(number)})
    error = character.refuses(of("brawl.specialties", "add", {"name": "10"}))
    assert fields_of(error).keys() == {"brawl.specialties"}


def test_an_undone_specialty_cannot_come_twice() -> None:
    character = sheet()
    character.add("brawl.specialties", {"name": "Biting"})
    removal = character.remove(f"brawl.specialties.{character.ids('brawl.specialties')[0]}")
    character.add("brawl.specialties", {"name": "biting"})
    with pytest.raises(Exception, match="already has"):
        character.undo(removal)


@pytest.mark.parametrize(
    "path", ["brawl.unknown", "brawl.dots.x", "brawl.", "experience.unknown", "experience.total.x"]
)
@pytest.mark.parametrize("op", ["set", "text", "add"])
def test_unknown_parts(path: str, op: str) -> None:
    sheet().refuses(of(path, op, "1"))


@pytest.mark.parametrize("value", [True, "3", 1.0, None, {}, -1, 6], ids=repr)
def test_a_rating_is_a_number_in_its_range(value: Any) -> None:
    sheet().refuses(of("brawl", "set", value))


def test_typed_skills() -> None:
    character = sheet()
    character.type("brawl", "3")
    character.type("brawl", "+1")
    character.type("brawl", "Biting")
    character.type("brawl.specialties", "7 Seconds")
    assert character.document["brawl"]["dots"] == 4
    assert names(character) == ["Biting", "7 Seconds"]
    character.type("brawl", "- biting")
    assert names(character) == ["7 Seconds"]
    error = character.refuses(of("brawl.dots", "text", "Biting"))
    assert fields_of(error).keys() == {"brawl.dots"}


def test_earning_raises_both() -> None:
    character = sheet()
    character.adjust("experience", 5)
    assert points(character) == (5, 5)
    character.set("experience", 8)
    assert points(character) == (8, 8)


def test_play_07_a_deduction_takes_from_what_is_left_only() -> None:
    character = sheet()
    character.set("experience", 5)
    assert character.adjust("experience", -3).changes == {"experience.current": [5, 2]}
    for path in ("experience", "experience.current"):
        with pytest.raises(Invalid, match="You can’t spend 7: 2 Experience left"):
            character.adjust(path, -7)
    assert points(character) == (5, 2)


def test_no_more_can_be_left_than_was_earned() -> None:
    character = sheet()
    character.set("experience", 5)
    assert sentences(character.set("experience.current", 9).notices) == [
        "You can’t have more Experience left than the 5 earned."
    ]
    assert character.set("experience", 3).notices
    assert points(character) == (3, 3)


def spend(character: Sheet, cost: Any, text: str = "Potence 3") -> None:
    character.add("experience.spends", {"description": text, "cost": cost})


def test_spending_and_taking_it_back() -> None:
    character = sheet()
    character.set("experience", 20)
    spend(character, 15)
    assert points(character) == (20, 5)
    key = character.ids("experience.spends")[0]
    character.set(f"experience.spends.{key}.cost", 18)
    assert points(character) == (20, 2)
    outcome = character.remove(f"experience.spends.{key}")
    assert points(character) == (20, 20)
    character.undo(outcome)
    assert points(character) == (20, 2)
    assert character.ids("experience.spends") == [key]


def test_what_cannot_be_paid_is_refused() -> None:
    character = sheet()
    character.set("experience", 5)
    error = character.refuses(of("experience.spends", "add", {"description": "Potence", "cost": 6}))
    assert "costs 6, but only 5" in error.detail
    assert fields_of(error).keys() == {"experience.spends"}
    spend(character, 5)
    key = character.ids("experience.spends")[0]
    character.refuses(of(f"experience.spends.{key}.cost", "set", 6))
    character.refuses(of(f"experience.spends.{key}.cost", "adjust", 1))


@pytest.mark.parametrize("cost", [-1, 1001, True, None, "3", 1.5], ids=repr)
def test_a_cost_is_a_number_that_is_not_negative(cost: Any) -> None:
    character = sheet()
    character.set("experience", 5)
    character.refuses(of("experience.spends", "add", {"description": "Potence", "cost": cost}))


def test_a_refund_after_the_total_was_lowered_says_what_is_lost() -> None:
    character = sheet()
    character.set("experience", 10)
    spend(character, 5)
    character.set("experience", 5)
    assert character.remove(f"experience.spends.{character.ids('experience.spends')[0]}").notices
    assert points(character) == (5, 5)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_one_may_earn_and_spend_in_one_command(order: tuple[int, int]) -> None:
    given = [
        of("experience.total", "adjust", 5),
        of("experience.spends", "add", {"description": "Brawl", "cost": 5}),
    ]
    character = sheet()
    character.do(*(given[number] for number in order))
    assert points(character) == (5, 0)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_total_and_rest_can_be_given_together(order: tuple[int, int]) -> None:
    given = [of("experience", "set", 10), of("experience.current", "set", 4)]
    character = sheet()
    character.do(*(given[number] for number in order))
    assert points(character) == (10, 4)


def test_typed_experience() -> None:
    character = sheet()
    character.type("experience", "+30")
    character.type("experience", "Potence 3 15")
    assert points(character) == (30, 15)
    character.type("experience", "-2")
    character.type("experience.spends", "Brawl 4 9")
    assert points(character) == (30, 4)
    character.type("experience", "- potence 3")
    assert points(character) == (30, 19)


def test_the_same_thing_can_be_bought_twice() -> None:
    character = sheet()
    character.set("experience", 30)
    character.type("experience", "Specialty 3")
    character.type("experience", "Specialty 3")
    assert points(character) == (30, 24)
    assert len(character.ids("experience.spends")) == 2


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("experience", "lots"),
        ("experience", "Potence"),
        ("experience.total", "Potence 15"),
        ("experience.current", "none"),
        ("experience.spends", "Potence"),
        ("experience", ""),
        ("experience", "- nothing"),
    ],
)
def test_typed_nonsense_costs_nothing(path: str, text: str) -> None:
    character = sheet()
    character.set("experience", 30)
    character.refuses(of(path, "text", text))


def test_in_words() -> None:
    character = sheet()
    character.do(
        of("experience", "set", 8), of("brawl", "set", 2), of("brawl.specialties", "add", {"name": "Biting"})
    )
    assert character.traits["experience"].text(character.document["experience"]) == "8 left of 8"
    assert character.traits["brawl"].text(character.document["brawl"]) == "2 of 5 (Biting)"
    assert character.traits["brawl"].card_value(character.document["brawl"]) == {"value": 2, "max": 5}
