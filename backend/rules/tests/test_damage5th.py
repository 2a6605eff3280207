"""The damage track of the 5th edition (core 126)."""

import pytest

from rules.tests.kit import Sheet, fields_of, of
from rules.traits import DamageTrack5th, Dots
from testing.notices import sentences

DEATH = "Every Health box is aggravated: death (core 126)."


def sheet(total: int = 7, superficial: int = 0, aggravated: int = 0) -> Sheet:
    character = Sheet(
        health=DamageTrack5th(7, follows=("stamina",), full="death"),
        stamina=Dots(1, 5, 3),
    )
    character.document["health"] = {"total": total, "superficial": superficial, "aggravated": aggravated}
    return character


def boxes(character: Sheet) -> tuple[int, int, int]:
    health = character.document["health"]
    return health["total"], health["superficial"], health["aggravated"]


@pytest.mark.parametrize(
    ("before", "kind", "amount", "after"),
    [
        # (total, superficial, aggravated): superficial damage fills free boxes first …
        ((7, 0, 0), "superficial", 3, (7, 3, 0)),
        ((7, 0, 0), "superficial", 7, (7, 7, 0)),
        # … and beyond the last box each point turns one superficial into aggravated.
        ((7, 0, 0), "superficial", 8, (7, 6, 1)),
        ((7, 5, 0), "superficial", 5, (7, 4, 3)),
        ((7, 3, 4), "superficial", 2, (7, 1, 6)),
        ((7, 0, 7), "superficial", 2, (7, 0, 7)),
        # Aggravated fills free boxes, then takes the place of superficial.
        ((7, 0, 0), "aggravated", 2, (7, 0, 2)),
        ((7, 5, 1), "aggravated", 3, (7, 3, 4)),
        ((7, 7, 0), "aggravated", 9, (7, 0, 7)),
        # Healing takes of one kind only, down to none.
        ((7, 3, 2), "superficial", -2, (7, 1, 2)),
        ((7, 3, 2), "aggravated", -2, (7, 3, 0)),
        ((7, 3, 2), "superficial", -9, (7, 0, 2)),
        ((7, 3, 2), "total", 3, (10, 3, 2)),
        # Too few boxes: superficial goes first.
        ((7, 3, 2), "total", -3, (4, 2, 2)),
        ((7, 3, 2), "total", -6, (1, 0, 1)),
        ((7, 3, 2), "total", 20, (20, 3, 2)),
    ],
)
def test_taking_and_healing(
    before: tuple[int, int, int], kind: str, amount: int, after: tuple[int, int, int]
) -> None:
    character = sheet(*before)
    character.adjust(f"health.{kind}", amount)
    assert boxes(character) == after


@pytest.mark.parametrize(
    ("before", "kind", "value", "after"),
    [
        ((7, 0, 0), "superficial", 3, (7, 3, 0)),
        ((7, 0, 2), "superficial", 20, (7, 5, 2)),
        ((7, 5, 0), "aggravated", 4, (7, 3, 4)),
        ((7, 5, 0), "aggravated", 20, (7, 0, 7)),
        ((7, 4, 3), "total", 2, (2, 0, 2)),
    ],
)
def test_setting_cuts_to_what_fits(
    before: tuple[int, int, int], kind: str, value: int, after: tuple[int, int, int]
) -> None:
    character = sheet(*before)
    character.set(f"health.{kind}", value)
    assert boxes(character) == after


def test_each_loss_is_told() -> None:
    assert (
        sentences(sheet(7, 5).adjust("health.superficial", 5).notices)[0]
        == "Health: 3 superficial became aggravated."
    )
    assert sentences(sheet(7, 0, 7).adjust("health.superficial", 2).notices) == [
        "Health: every box is aggravated; 2 ignored."
    ]
    assert sentences(sheet(7, 1).adjust("health.superficial", -3).notices) == [
        "Health: only 1 superficial damage to heal."
    ]
    assert "2 damage did not fit into 2 boxes" in sentences(sheet(7, 2, 2).set("health.total", 2).notices)[0]
    assert sentences(sheet(19).adjust("health.total", 3).notices) == ["Health stops at 20; 2 ignored."]


def test_impaired_is_told_when_it_becomes_so_and_only_then() -> None:
    character = sheet(7, 5)
    impaired = "Impaired: no Health box is free (−2 dice, core 126)."
    assert impaired in sentences(character.adjust("health.superficial", 2).notices)
    assert impaired not in sentences(character.adjust("health.aggravated", 1).notices)
    assert impaired not in sentences(character.adjust("health.aggravated", -1).notices)
    assert impaired in sentences(character.adjust("health.superficial", 2).notices)


def test_the_last_aggravated_box_has_its_own_sentence() -> None:
    character = sheet(3, 1, 2)
    assert sentences(character.adjust("health.aggravated", 1).notices)[-1] == DEATH
    assert DEATH not in sentences(character.adjust("health.superficial", 1).notices)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_boxes_are_counted_before_damage_whatever_the_order_of_the_options(order: tuple[int, int]) -> None:
    given = [of("health.total", "set", 10), of("health.superficial", "adjust", 9)]
    character = sheet(7)
    assert character.do(*(given[number] for number in order)).notices == []
    assert boxes(character) == (10, 9, 0)


def test_stamina_moves_the_boxes() -> None:
    character = sheet()
    assert character.set("stamina", 5).changes == {"health.total": [7, 9], "stamina": [3, 5]}
    character.set("stamina", 1)
    assert boxes(character)[0] == 5


def test_a_total_that_was_given_stands_even_when_it_is_the_old_one() -> None:
    character = sheet()
    character.do(of("stamina", "set", 4), of("health", "set", 7))
    assert boxes(character)[0] == 7


def test_boxes_that_stamina_could_not_give_are_told() -> None:
    character = sheet(19)
    assert sentences(character.set("stamina", 5).notices) == ["Health stops at 20; 1 ignored."]


def test_fewer_boxes_by_stamina_leave_a_legal_track() -> None:
    character = sheet(4, 2, 2)
    assert character.set("stamina", 1).notices
    assert boxes(character) == (2, 0, 2)


def test_the_bare_name_means_the_boxes() -> None:
    character = sheet()
    character.set("health", 9)
    assert boxes(character)[0] == 9
    assert fields_of(character.refuses(of("health", "set", 0))).keys() == {"health.total"}


@pytest.mark.parametrize("path", ["health.bashing", "health.total.x", "health.", "health.total."])
def test_unknown_parts_are_refused(path: str) -> None:
    sheet().refuses(of(path, "set", 1))


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("9", (9, 3, 0)),
        ("+1", (8, 3, 0)),
        ("+2 superficial", (7, 5, 0)),
        ("+ 2 Superficial", (7, 5, 0)),
        ("1 aggravated", (7, 3, 1)),
        ("-1 superficial", (7, 2, 0)),
    ],
)
def test_typed_damage(text: str, after: tuple[int, int, int]) -> None:
    character = sheet(7, 3)
    character.type("health", text)
    assert boxes(character) == after


@pytest.mark.parametrize("text", ["3 4", "2 lethal", "superficial", "", "+ + 2", "one aggravated"])
def test_typed_nonsense_is_refused(text: str) -> None:
    assert "superficial" in sheet().refuses(of("health", "text", text)).detail


def test_typed_at_a_part() -> None:
    character = sheet()
    character.type("health.superficial", "+2")
    assert boxes(character) == (7, 2, 0)


def test_in_words() -> None:
    health = sheet().traits["health"]
    assert health.text({"total": 7, "superficial": 0, "aggravated": 0}) == "7 boxes, no damage"
    assert (
        health.text({"total": 7, "superficial": 2, "aggravated": 1}) == "7 boxes: 2 superficial, 1 aggravated"
    )
