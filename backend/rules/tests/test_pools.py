"""Pools, counters that roll over, the wheel and wounds: their rules, and what no changes break."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.errors import Invalid
from rules.tests.kit import Sheet, of
from rules.traits import DamageTrack20th, Pool, Rollover, Wheel
from testing.notices import sentences


def sheet() -> Sheet:
    return Sheet(
        willpower=Pool(1, 10, 6),
        rage=Pool(1, 10, 7, over=10),
        banality=Rollover(3),
        wheel=Wheel(first=5),
        health=DamageTrack20th(),
    )


@pytest.mark.parametrize(
    ("slug", "current", "total", "left"),
    [
        ("willpower", 6, 8, 8),
        ("willpower", 4, 8, 6),
        ("willpower", 6, 2, 2),
        ("willpower", 1, 4, 1),
        ("rage", 7, 4, 4),
        ("rage", 9, 5, 7),
        ("rage", 9, 8, 10),
        ("rage", 2, 5, 2),
    ],
)
def test_a_new_rating_takes_its_points_along(slug: str, current: int, total: int, left: int) -> None:
    character = sheet()
    character.set(f"{slug}.current", current)
    character.set(slug, total)
    assert character.document[slug] == {"total": total, "current": left}


def test_only_what_may_rise_above_its_rating_does() -> None:
    character = sheet()
    assert "; 2 ignored" in sentences(character.adjust("willpower", 2).notices)[0]
    assert character.document["willpower"]["current"] == 6
    character.adjust("rage", 2)
    assert character.document["rage"] == {"total": 7, "current": 9}


def test_ten_temporary_points_are_one_lasting_and_what_is_left_stays() -> None:
    character = sheet()
    assert "rolled over" in sentences(character.adjust("banality", 13).notices)[0]
    assert character.document["banality"] == {"permanent": 4, "temporary": 3}
    character.adjust("banality", -20)
    assert character.document["banality"] == {"permanent": 4, "temporary": 0}


def test_paradox_pushes_quintessence_off_the_wheel() -> None:
    character = sheet()
    character.set("wheel.quintessence", 15)
    assert "pushed off 1 Quintessence" in sentences(character.set("wheel.paradox", 6).notices)[0]
    assert character.document["wheel"] == {"quintessence": 14, "paradox": 6}


def test_damage_without_a_free_box_makes_the_lightest_graver() -> None:
    character = sheet()
    character.adjust("health.bashing", 9)
    assert character.document["health"] == {"total": 7, "bashing": 5, "lethal": 2, "aggravated": 0}


PARTS = {
    "willpower": ("total", "current"),
    "rage": ("total", "current"),
    "banality": ("permanent", "temporary"),
    "wheel": ("quintessence", "paradox"),
    "health": ("total", "bashing", "lethal", "aggravated"),
}
LASTING = {"willpower.total", "rage.total", "banality.permanent"}
PATHS = [f"{slug}.{part}" for slug, parts in PARTS.items() for part in parts]
SETS = st.tuples(st.sampled_from(PATHS), st.just("set"), st.integers(7, 10))
SMALL = st.tuples(st.sampled_from(sorted(set(PATHS) - {"health.total"})), st.just("set"), st.integers(3, 9))
MOVES = st.tuples(st.sampled_from(sorted(set(PATHS) - LASTING)), st.just("adjust"), st.integers(-9, 12))


@settings(max_examples=60)
@given(st.lists(SETS | SMALL | MOVES, max_size=12))
def test_no_sequence_of_changes_leaves_the_legal_states(steps: list[tuple[str, str, int]]) -> None:
    character = sheet()
    for path, op, value in steps:
        with suppress(Invalid):  # case PLAY-07
            character.do(of(path, op, value))
        now = character.document
        assert 0 <= now["willpower"]["current"] <= now["willpower"]["total"] <= 10
        assert 0 <= now["rage"]["current"] <= 10
        assert all(0 <= number <= 10 for number in now["banality"].values())
        assert now["banality"]["temporary"] < 10 or now["banality"]["permanent"] == 10
        assert 0 <= now["wheel"]["quintessence"] <= 20 - now["wheel"]["paradox"] <= 20
        health = now["health"]
        assert 0 <= health["bashing"] + health["lethal"] + health["aggravated"] <= health["total"]
        assert min(health.values()) >= 0


@pytest.mark.parametrize(
    ("path", "left"), [("willpower", 6), ("willpower.current", 6), ("rage", 7), ("wheel.quintessence", 5)]
)
def test_play_07_nobody_pays_more_than_is_left(path: str, left: int) -> None:
    character = sheet()
    before = character.document
    with pytest.raises(Invalid, match=f"You can’t spend {left + 1}: {left} "):
        character.adjust(path, -left - 1)
    assert character.document == before
    assert character.adjust(path, -left).notices == []


def test_play_07_what_is_no_payment_stops_at_the_end() -> None:
    character = Sheet(corpus=Pool(0, 10, 4, paid=False), banality=Rollover(3), health=DamageTrack20th())
    assert sentences(character.adjust("corpus", -6).notices) == ["Corpus stops at 0; 2 ignored."]
    assert sentences(character.adjust("banality.temporary", -2).notices)
    assert sentences(character.adjust("health.bashing", -2).notices)
