"""Sheets in German: every label of every splat, and the schema of each language for itself."""

import pytest

from contract.translation import speaking
from haven.registry import SPLATS
from haven.schema import schema


def labels(slug: str) -> dict[str, str]:
    splat = next(splat for splat in schema()["splats"] if splat["slug"] == slug)
    return {trait["slug"]: trait["label"] for trait in splat["traits"]}


@pytest.mark.parametrize("slug", SPLATS)
def test_no_two_traits_of_a_sheet_are_called_alike(slug: str) -> None:
    with speaking("de"):
        found = labels(slug)
    assert len(set(found.values())) == len(found), sorted(found.values())


def test_the_schema_is_kept_for_each_language() -> None:
    with speaking("de"):
        german = labels("vampire5th")
    assert labels("vampire5th")["dexterity"] == "Dexterity"
    assert german["dexterity"] == "Geschicklichkeit"
    with speaking("de"):
        assert labels("vampire20th")["dexterity"] == "Geschick"


def test_values_of_choices_stay_as_they_are_stored() -> None:
    with speaking("de"):
        splat = next(splat for splat in schema()["splats"] if splat["slug"] == "werewolf20th")
    tribe = next(trait for trait in splat["traits"] if trait["slug"] == "tribe")
    assert "Black Furies" in tribe["fields"][0]["choices"]
