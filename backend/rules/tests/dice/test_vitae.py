"""Blood points of the 20th edition."""

import pytest

from rules.dice import vitae
from rules.errors import Invalid, Unprocessable
from testing.notices import sentences

POOL = {"total": 13, "current": 6}
HURT = {"total": 7, "bashing": 2, "lethal": 3, "aggravated": 1}


def changes(of: vitae.Check) -> dict[str, int]:
    return {operation["path"]: operation["value"] for operation in of.operations}


@pytest.mark.parametrize(
    ("amount", "action", "wanted"),
    [
        (1, "heal_bashing", {"blood.current": -1, "health.bashing": -1}),
        (3, "heal_lethal", {"blood.current": -3, "health.lethal": -3}),
        (5, "heal_aggravated", {"blood.current": -5, "health.aggravated": -1}),
        (4, "disciplines", {"blood.current": -4}),
    ],
)
def test_a_point_heals_a_level_and_five_an_aggravated_one(
    amount: int, action: str, wanted: dict[str, int]
) -> None:
    assert changes(vitae.use(POOL, HURT, amount, action)) == wanted


def test_no_point_is_spent_on_damage_that_is_not_there() -> None:
    found = vitae.use(POOL, HURT, 5, "heal_bashing")
    assert changes(found) == {"blood.current": -2, "health.bashing": -2}
    assert sentences(found.notices) == ["Only 2 of 5 blood was needed."]


@pytest.mark.parametrize(
    ("health", "amount", "action", "code"),
    [
        (HURT, 7, "disciplines", "no_blood"),
        (HURT, 4, "heal_aggravated", "no_blood"),
        (HURT | {"lethal": 0}, 1, "heal_lethal", "nothing_to_mend"),
    ],
)
def test_what_cannot_be_done_spends_nothing(
    health: dict[str, int], amount: int, action: str, code: str
) -> None:
    with pytest.raises(Unprocessable) as refused:
        vitae.use(POOL, health, amount, action)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("generation", "amount", "expected"),
    [(13, 1, False), (13, 2, True), (9, 2, False), (8, 4, True), (3, 6, False), (None, 6, False)],
)
def test_more_than_a_turn_allows_is_told(generation: int | None, amount: int, expected: bool) -> None:
    found = vitae.use(POOL, HURT, amount, "disciplines", generation)
    assert bool(found.notices) is expected


def test_feeding_fills_what_there_is_room_for() -> None:
    assert changes(vitae.gain(POOL, 3)) == {"blood.current": 3}
    much = vitae.gain(POOL, 10)
    assert changes(much) == {"blood.current": 7}
    assert sentences(much.notices) == ["There was only room for 7 of 10 blood."]
    with pytest.raises(Unprocessable):
        vitae.gain({"total": 10, "current": 10}, 1)


def test_nonsense_is_refused_by_name() -> None:
    with pytest.raises(Invalid) as refused:
        vitae.use(POOL, HURT, 0, "drink")
    assert set(refused.value.data["fields"]) == {"amount", "action"}
