"""Values of traits in words."""

import pytest

from contract.base import Json
from contract.labels import Labelled
from contract.translation import speaking
from contract.values import value_in_words


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""),
        ("", ""),
        (0, "0"),
        (True, "yes"),
        (False, "no"),
        ({"name": "Beautiful", "rating": 2, "notes": ""}, "Beautiful 2"),
        ({"description": "Bought Auspex", "cost": 0}, "Bought Auspex 0"),
        ({"dots": 3, "specialties": {}}, "3"),
        (["a", 2], "a, 2"),
        ({}, ""),
    ],
)
def test_a_value_in_few_words(value: Json, shown: str) -> None:
    assert value_in_words(value) == shown


def test_only_a_word_of_a_list_is_translated() -> None:
    changed = Labelled(labels={}, choices=["status"])
    with speaking("de"):
        assert changed.in_words("status", "dead") == "tot"
        assert changed.in_words("concept", "dead") == "dead"
        assert changed.in_words("status", "resting in Prague") == "resting in Prague"
        assert value_in_words(True) == "ja"
