"""Resonance and temperament (core 225–231)."""

from typing import Any

import pytest

from rules.dice.base import operation
from rules.dice.resonance import TABLE, resonance
from rules.dice.source import listed
from rules.errors import Invalid
from testing.notices import sentences


@pytest.mark.parametrize(
    ("values", "label"),
    [
        ([1], "Negligible"),
        ([5], "Negligible"),
        ([6, 1], "Fleeting Phlegmatic"),
        ([8, 3], "Fleeting Phlegmatic"),
        ([9, 1, 4], "Intense Melancholy"),
        ([10, 8, 6], "Intense Melancholy"),
        ([9, 9, 7], "Acute Choleric"),
        ([10, 10, 8], "Acute Choleric"),
        ([6, 9], "Fleeting Sanguine"),
        ([6, 10], "Fleeting Sanguine"),
    ],
)
def test_the_table(values: list[int], label: str) -> None:
    check = resonance(listed(values))
    assert check.label == label
    assert [die.value for step in check.steps for die in step.dice] == values


@pytest.mark.parametrize(
    ("values", "fixed", "label"),
    [
        ([], {"kind": "Empty", "temperament": "Acute"}, "Acute Empty"),
        ([2], {"temperament": "Fleeting"}, "Fleeting Phlegmatic"),
        ([7], {"kind": "Animal"}, "Fleeting Animal"),
        ([2, 9], {"minimum": "Fleeting"}, "Fleeting Sanguine"),
        ([9, 9, 1], {"minimum": "Fleeting"}, "Acute Phlegmatic"),
        ([2, 8, 9], {"minimum": "Intense"}, "Intense Sanguine"),
        ([7, 9, 9], {"minimum": "Intense"}, "Acute Sanguine"),
    ],
)
def test_what_is_fixed_is_not_rolled_and_a_minimum_raises_the_first_die(
    values: list[int], fixed: dict[str, Any], label: str
) -> None:
    check = resonance(listed(values), **fixed)
    assert check.label == label
    assert [die.value for step in check.steps for die in step.dice] == values


def test_stronger_blood_adds_a_die_and_acute_blood_may_hold_more() -> None:
    fleeting, intense, acute = (
        resonance(listed([1]), temperament=temperament) for temperament in ("Fleeting", "Intense", "Acute")
    )
    assert [check.value and check.value["bonus"] for check in (fleeting, intense, acute)] == [0, 1, 1]
    assert fleeting.notices == ()
    assert "Auspex, Dominate" in sentences(intense.notices)[0]
    assert "dyscrasia" in sentences(acute.notices)[1]


def test_only_blood_that_was_drunk_changes_the_vampire() -> None:
    assert resonance(listed([6, 1])).operations == ()
    assert resonance(listed([6, 1]), drunk=True).operations == (operation("resonance", "set", "Phlegmatic"),)
    assert resonance(listed([1]), drunk=True).operations == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "Bored"},
        {"temperament": "Negligible"},
        {"minimum": "Acute"},
        {"temperament": "Acute", "minimum": "Intense"},
    ],
)
def test_wrong_wishes_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        resonance(listed([]), **wrong)


def test_every_discipline_of_the_core_book_has_its_blood() -> None:
    assert {name for resonance_row in TABLE for name in resonance_row.disciplines} == {
        "Animalism",
        "Auspex",
        "Blood Sorcery",
        "Celerity",
        "Dominate",
        "Fortitude",
        "Oblivion",
        "Obfuscate",
        "Potence",
        "Presence",
        "Protean",
    }
