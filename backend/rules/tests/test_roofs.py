"""Traits that go as high as another one says: by the generation."""

from typing import Any

import pytest

from rules.errors import Invalid
from rules.traits import Dots, Number, Operation, Outcome, Powers, Roof, Skill, Text, put_back, work_out
from testing.notices import sentences

ROOF = Roof("generation", {6: 7, 7: 6}, 5)
TRAITS = {
    "strength": Skill(first=1, roof=ROOF),
    "disciplines": Powers({"name": Text(50, required=True), "dots": Dots(0, 10, 1)}, roof=ROOF),
    "generation": Number(3, 15),
}
for slug, trait in TRAITS.items():
    trait.bind(slug)


def sheet(dots: int = 1, generation: int | None = None) -> dict[str, Any]:
    found: dict[str, Any] = {"strength": {"dots": dots, "specialties": {}}, "disciplines": {}}
    return found if generation is None else found | {"generation": generation}


def worked(document: dict[str, Any], *operations: tuple[str, str, Any]) -> Outcome:
    return work_out(TRAITS, document, [Operation(*operation) for operation in operations], lambda: "x")


@pytest.mark.parametrize(("generation", "most"), [(None, 5), (13, 5), (8, 5), (7, 6), (6, 7)])
def test_play_21_the_generation_is_the_roof(generation: int | None, most: int) -> None:
    made = worked(sheet(generation=generation), ("strength", "set", most))
    assert made.values["strength"]["dots"] == most
    with pytest.raises(Invalid) as caught:
        worked(sheet(generation=generation), ("strength", "set", most + 1))
    assert caught.value.detail == f"Strength goes from 0 to {most}; {most + 1} is outside."


def test_both_in_one_command_are_judged_together() -> None:
    made = worked(sheet(generation=13), ("strength", "set", 7), ("generation", "set", 6))
    assert made.values["strength"]["dots"] == 7
    with pytest.raises(Invalid):
        worked(sheet(generation=6), ("strength", "set", 7), ("generation", "set", 13))


def test_what_stands_above_a_new_roof_stays_is_told_and_may_only_fall() -> None:
    outcome = worked(sheet(7, 6), ("generation", "set", 13))
    assert "strength" not in outcome.values
    assert sentences(outcome.notices) == ["Strength 7 is more than this generation has (5); it stays."]
    assert worked(sheet(7, 13), ("strength", "adjust", -1)).values["strength"]["dots"] == 6
    with pytest.raises(Invalid):
        worked(sheet(7, 13), ("strength", "set", 8))


def test_an_adjustment_stops_at_the_roof() -> None:
    outcome = worked(sheet(4, 13), ("strength", "adjust", 3))
    assert outcome.values["strength"]["dots"] == 5
    assert outcome.notices[0].code == "limit_reached"


def test_disciplines_have_the_same_roof_once_the_generation_is_known() -> None:
    given = ("disciplines", "add", {"name": "Potence", "dots": 6})
    assert worked(sheet(generation=7), given).values["disciplines"]
    assert worked(sheet(), given).values["disciplines"]
    with pytest.raises(Invalid) as caught:
        worked(sheet(generation=13), given)
    assert caught.value.detail == "Potence goes from 0 to 5; 6 is outside."


def test_an_undo_may_not_go_above_the_roof() -> None:
    with pytest.raises(Invalid):
        put_back(TRAITS, sheet(5, 13), {"strength.dots": [7, 5]})
