"""Ability scores, hit points with temporary ones, conditions, and death saves that end with the first healing."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.tests.kit import Sheet, of
from rules.traits import AbilityScore, Choice, Conditions, Counter, HitPoints
from rules.traits.adventurer import modifier, with_sign


def adventurer(**hp: int) -> Sheet:
    sheet = Sheet(
        hp=HitPoints(1, 999, 10, label="Hit Points"),
        saves=Counter(0, 3, 0, until_healed="hp"),
        strength=AbilityScore(),
        conditions=Conditions({"name": Choice(("Poisoned", "Prone"), required=True)}, limit=3),
    )
    sheet.document["hp"] |= hp
    return sheet


def codes(outcome: Any) -> list[str]:
    return [notice.code for notice in outcome.notices]


@pytest.mark.parametrize(
    ("score", "expected"),
    [(1, -5), (2, -4), (3, -4), (8, -1), (9, -1), (10, 0), (11, 0), (12, 1), (15, 2), (20, 5), (30, 10)],
)
def test_the_modifier_follows_from_the_score(score: int, expected: int) -> None:
    assert modifier(score) == expected


def test_signs_are_for_people() -> None:
    assert [with_sign(number) for number in (-2, 0, 3)] == ["−2", "+0", "+3"]
    assert AbilityScore().bind("strength").text(16) == "16 (+3)"


@pytest.mark.parametrize("score", [0, 31, "16", None, True, 10.5])
def test_a_score_is_a_whole_number_from_1_to_30(score: Any) -> None:
    adventurer().refuses(of("strength", "set", score))


@pytest.mark.parametrize(
    ("before", "amount", "after", "notices"),
    [
        ((20, 20, 0), -7, (20, 13, 0), []),
        ((20, 20, 5), -7, (20, 18, 0), ["temporary_took"]),
        ((20, 20, 9), -7, (20, 20, 2), ["temporary_took"]),
        ((20, 4, 3), -9, (20, 0, 0), ["temporary_took", "limit_reached", "no_points_left"]),
        ((20, 4, 0), 50, (20, 20, 0), ["limit_reached"]),
        ((20, 4, 3), 2, (20, 6, 3), []),
        ((20, 0, 0), -1, (20, 0, 0), ["limit_reached"]),
    ],
)
@pytest.mark.req("S002-51")
def test_damage_takes_temporary_points_first_and_stops_at_nothing(
    before: tuple[int, int, int], amount: int, after: tuple[int, int, int], notices: list[str]
) -> None:
    sheet = adventurer(**dict(zip(("total", "current", "temporary"), before, strict=True)))
    outcome = sheet.adjust("hp.current", amount)
    assert tuple(sheet.document["hp"].values()) == after
    assert codes(outcome) == notices


def test_a_higher_maximum_brings_its_points_and_a_lower_one_takes_them() -> None:
    sheet = adventurer(total=20, current=15, temporary=4)
    sheet.set("hp", 26)
    assert sheet.document["hp"] == {"total": 26, "current": 21, "temporary": 4}
    sheet.set("hp.total", 12)
    assert sheet.document["hp"] == {"total": 12, "current": 12, "temporary": 4}


def test_temporary_points_are_given_and_run_out() -> None:
    sheet = adventurer()
    sheet.set("hp.temporary", 8)
    sheet.adjust("hp.temporary", -3)
    assert sheet.document["hp"]["temporary"] == 5
    assert HitPoints(1, 999, 10).bind("hp").text(sheet.document["hp"]) == "10 of 10, 5 temporary"


def test_typed_amounts_mean_the_points_that_are_left() -> None:
    sheet = adventurer(total=20, current=20)
    sheet.type("hp", "-7")
    assert sheet.document["hp"]["current"] == 13
    sheet.type("hp", "6 temporary")
    assert sheet.document["hp"] == {"total": 20, "current": 13, "temporary": 6}


@given(st.lists(st.tuples(st.sampled_from(["current", "temporary"]), st.integers(-60, 60)), max_size=12))
def test_points_stay_between_nothing_and_the_maximum(steps: list[tuple[str, int]]) -> None:
    sheet = adventurer(total=25, current=25)
    for part, amount in steps:
        before = dict(sheet.document["hp"])
        outcome = sheet.adjust(f"hp.{part}", amount)
        now = sheet.document["hp"]
        assert 0 <= now["current"] <= now["total"] == 25
        assert now["temporary"] >= 0
        if part == "current" and amount < 0:
            there = before["current"] + before["temporary"]
            assert now["current"] + now["temporary"] == max(0, there + amount)
        if outcome.changes:
            sheet.undo(outcome)
            assert sheet.document["hp"] == before
            sheet.document["hp"] = now


def test_death_saves_start_over_with_the_first_point_of_healing() -> None:
    sheet = adventurer(total=20, current=0)
    sheet.set("saves", 2)
    sheet.adjust("hp.current", 1)
    assert sheet.document["saves"] == 0
    sheet.set("saves", 2)
    sheet.adjust("hp.current", 5)
    assert sheet.document["saves"] == 2, "nobody who is up loses what was written down"


def test_a_save_that_is_given_with_the_healing_stands() -> None:
    sheet = adventurer(total=20, current=0)
    sheet.do(of("hp.current", "adjust", 3), of("saves", "set", 1))
    assert sheet.document["saves"] == 1


def test_a_condition_is_listed_once_by_its_own_spelling() -> None:
    sheet = adventurer()
    sheet.type("conditions", "poisoned")
    sheet.add("conditions", {"name": "Cursed by the moon"})
    trait = sheet.traits["conditions"]
    assert trait.conditions(sheet.document["conditions"]) == ["Poisoned", "Cursed by the moon"]
    sheet.refuses(of("conditions", "add", {"name": "POISONED"}))
    sheet.refuses(of("conditions", "add", {"name": " "}))
    sheet.type("conditions", "- poisoned")
    assert trait.conditions(sheet.document["conditions"]) == ["Cursed by the moon"]
