"""Skills with specialties, and experience with what it was spent on."""

from typing import Any

import pytest

from rules.tests.kit import Sheet, fields_of, of
from rules.traits import Experience, Skill
from testing.notices import sentences


def sheet() -> Sheet:
    return Sheet(experience=Experience(), brawl=Skill())


def points(one: Sheet) -> tuple[int, int]:
    return one.document["experience"]["total"], one.document["experience"]["current"]


def names(one: Sheet) -> list[str]:
    return [entry["name"] for _, entry in sorted(one.document["brawl"]["specialties"].items())]


def test_the_bare_name_of_a_skill_is_its_rating() -> None:
    one = sheet()
    assert one.set("brawl", 3).changes == {"brawl.dots": [0, 3]}
    assert one.adjust("brawl.dots", 1).changes == {"brawl.dots": [3, 4]}
    assert fields_of(one.refuses(of("brawl", "set", 6))).keys() == {"brawl.dots"}


def test_specialties() -> None:
    one = sheet()
    outcome = one.add("brawl.specialties", {"name": "Grappling"})
    assert list(outcome.labels.values()) == ["Brawl: Specialties: Grappling"]
    one.refuses(of("brawl.specialties", "add", {"name": "grappling"}))
    key = one.ids("brawl.specialties")[0]
    one.set(f"brawl.specialties.{key}.name", "Biting")
    assert names(one) == ["Biting"]
    one.remove(f"brawl.specialties.{key}")
    assert names(one) == []


def test_a_skill_has_ten_specialties_at_most() -> None:
    one = sheet()
    for number in range(10):
        one.add("brawl.specialties", {"name": str(number)})
    error = one.refuses(of("brawl.specialties", "add", {"name": "10"}))
    assert fields_of(error).keys() == {"brawl.specialties"}


def test_an_undone_specialty_cannot_come_twice() -> None:
    one = sheet()
    one.add("brawl.specialties", {"name": "Biting"})
    removal = one.remove(f"brawl.specialties.{one.ids('brawl.specialties')[0]}")
    one.add("brawl.specialties", {"name": "biting"})
    with pytest.raises(Exception, match="already has"):
        one.undo(removal)


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
    one = sheet()
    one.type("brawl", "3")
    one.type("brawl", "+1")
    one.type("brawl", "Biting")
    one.type("brawl.specialties", "7 Seconds")
    assert one.document["brawl"]["dots"] == 4
    assert names(one) == ["Biting", "7 Seconds"]
    one.type("brawl", "- biting")
    assert names(one) == ["7 Seconds"]
    error = one.refuses(of("brawl.dots", "text", "Biting"))
    assert fields_of(error).keys() == {"brawl.dots"}


def test_earning_raises_both() -> None:
    one = sheet()
    one.adjust("experience", 5)
    assert points(one) == (5, 5)
    one.set("experience", 8)
    assert points(one) == (8, 8)


def test_a_deduction_takes_from_what_is_left_only() -> None:
    one = sheet()
    one.set("experience", 5)
    assert one.adjust("experience", -3).changes == {"experience.current": [5, 2]}
    assert sentences(one.adjust("experience", -3).notices) == ["Experience left stops at 0; 1 ignored."]
    assert points(one) == (5, 0)


def test_no_more_can_be_left_than_was_earned() -> None:
    one = sheet()
    one.set("experience", 5)
    assert sentences(one.set("experience.current", 9).notices) == [
        "Experience left cannot exceed the 5 earned."
    ]
    assert one.set("experience", 3).notices
    assert points(one) == (3, 3)


def spend(one: Sheet, cost: Any, text: str = "Potence 3") -> None:
    one.add("experience.spends", {"description": text, "cost": cost})


def test_spending_and_taking_it_back() -> None:
    one = sheet()
    one.set("experience", 20)
    spend(one, 15)
    assert points(one) == (20, 5)
    key = one.ids("experience.spends")[0]
    one.set(f"experience.spends.{key}.cost", 18)
    assert points(one) == (20, 2)
    outcome = one.remove(f"experience.spends.{key}")
    assert points(one) == (20, 20)
    one.undo(outcome)
    assert points(one) == (20, 2)
    assert one.ids("experience.spends") == [key]


def test_what_cannot_be_paid_is_refused() -> None:
    one = sheet()
    one.set("experience", 5)
    error = one.refuses(of("experience.spends", "add", {"description": "Potence", "cost": 6}))
    assert "costs 6, but only 5" in error.detail
    assert fields_of(error).keys() == {"experience.spends"}
    spend(one, 5)
    key = one.ids("experience.spends")[0]
    one.refuses(of(f"experience.spends.{key}.cost", "set", 6))
    one.refuses(of(f"experience.spends.{key}.cost", "adjust", 1))


@pytest.mark.parametrize("cost", [-1, 1001, True, None, "3", 1.5], ids=repr)
def test_a_cost_is_a_number_that_is_not_negative(cost: Any) -> None:
    one = sheet()
    one.set("experience", 5)
    one.refuses(of("experience.spends", "add", {"description": "Potence", "cost": cost}))


def test_a_refund_after_the_total_was_lowered_says_what_is_lost() -> None:
    one = sheet()
    one.set("experience", 10)
    spend(one, 5)
    one.set("experience", 5)
    assert one.remove(f"experience.spends.{one.ids('experience.spends')[0]}").notices
    assert points(one) == (5, 5)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_one_may_earn_and_spend_in_one_command(order: tuple[int, int]) -> None:
    given = [
        of("experience.total", "adjust", 5),
        of("experience.spends", "add", {"description": "Brawl", "cost": 5}),
    ]
    one = sheet()
    one.do(*(given[number] for number in order))
    assert points(one) == (5, 0)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_total_and_rest_can_be_given_together(order: tuple[int, int]) -> None:
    given = [of("experience", "set", 10), of("experience.current", "set", 4)]
    one = sheet()
    one.do(*(given[number] for number in order))
    assert points(one) == (10, 4)


def test_typed_experience() -> None:
    one = sheet()
    one.type("experience", "+30")
    one.type("experience", "Potence 3 15")
    assert points(one) == (30, 15)
    one.type("experience", "-2")
    one.type("experience.spends", "Brawl 4 9")
    assert points(one) == (30, 4)
    one.type("experience", "- potence 3")
    assert points(one) == (30, 19)


def test_the_same_thing_can_be_bought_twice() -> None:
    one = sheet()
    one.set("experience", 30)
    one.type("experience", "Specialty 3")
    one.type("experience", "Specialty 3")
    assert points(one) == (30, 24)
    assert len(one.ids("experience.spends")) == 2


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
    one = sheet()
    one.set("experience", 30)
    one.refuses(of(path, "text", text))


def test_in_words() -> None:
    one = sheet()
    one.do(
        of("experience", "set", 8), of("brawl", "set", 2), of("brawl.specialties", "add", {"name": "Biting"})
    )
    assert one.traits["experience"].text(one.document["experience"]) == "8 left of 8"
    assert one.traits["brawl"].text(one.document["brawl"]) == "2 of 5 (Biting)"
    assert one.traits["brawl"].card_value(one.document["brawl"]) == {"value": 2, "max": 5}
