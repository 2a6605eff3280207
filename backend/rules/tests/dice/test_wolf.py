"""Harano and Hauglosk, the wolf that is lost, and what other forms cost."""

from collections import Counter
from itertools import product

import pytest

from rules.dice.beast import rage_check
from rules.dice.source import listed
from rules.dice.wolf import RAGE_CHECKS, balance, balance_dice, shift
from rules.errors import Unprocessable


def changes(*operations: tuple[str, str, object]) -> tuple[dict[str, object], ...]:
    return tuple({"path": path, "op": op, "value": value} for path, op, value in operations)


@pytest.mark.parametrize(("dots", "modifier", "dice"), [(0, 0, 1), (3, 0, 3), (3, -5, 1), (10, 2, 12)])
def test_play_33_a_test_rolls_harano_and_hauglosk_together(dots: int, modifier: int, dice: int) -> None:
    assert balance_dice(dots, modifier) == dice


@pytest.mark.parametrize("path", ["harano", "hauglosk"])
def test_play_33_a_success_is_a_dot_more(path: str) -> None:
    slid = balance(listed([3, 8, 9]), path, 2, 3)
    assert not slid.passed
    assert slid.operations == changes((path, "adjust", 1))
    held = balance(listed([3, 2, 5]), path, 2, 3)
    assert held.passed
    assert held.operations == ()


def test_play_33_a_house_rule_turns_what_a_success_does() -> None:
    turned = [balance(listed(dice), "harano", 2, 3, holds=True) for dice in ([3, 8, 9], [3, 2, 5])]
    assert [check.passed for check in turned] == [True, False]
    assert [check.operations for check in turned] == [(), changes(("harano", "adjust", 1))]


def test_at_five_the_werewolf_is_lost_to_it() -> None:
    assert [notice.code for notice in balance(listed([8]), "harano", 4, 1).notices] == ["lost_to"]
    with pytest.raises(Unprocessable):
        balance(listed([8]), "harano", 5, 1)


@pytest.mark.parametrize(("form", "checks"), RAGE_CHECKS.items())
def test_play_33_forms_cost_rage_checks(form: str, checks: int) -> None:
    taken = shift(listed([2] * checks), "Lupus" if form == "Homid" else "Homid", form, 4)
    lost = changes(("rage", "adjust", -checks)) if checks else ()
    assert taken.operations == (*lost, *changes(("form", "set", form)))
    assert len([step for step in taken.steps if step.dice]) == checks


def test_play_33_the_last_rage_loses_the_wolf() -> None:
    lost = shift(listed([2, 7]), "Homid", "Crinos", 1)
    assert not lost.passed
    assert lost.operations == changes(("rage", "adjust", -1))
    fallen = rage_check(listed([1]), 1, form="Hispo")
    assert fallen.operations == changes(("rage", "adjust", -1), ("form", "set", "Homid"))
    assert rage_check(listed([1]), 1, form="Lupus").operations == changes(("rage", "adjust", -1))
    assert rage_check(listed([1]), 2, form="Hispo").operations == changes(("rage", "adjust", -1))
    with pytest.raises(Unprocessable):
        shift(listed([]), "Homid", "Glabro", 0)
    assert shift(listed([]), "Homid", "Lupus", 0).passed


def test_out_of_crinos_rage_falls_to_one() -> None:
    calmed = shift(listed([]), "Crinos", "Homid", 4)
    assert calmed.operations == changes(("rage", "adjust", -3), ("form", "set", "Homid"))
    with pytest.raises(Unprocessable):
        shift(listed([]), "Crinos", "Crinos", 4)


def test_a_shift_holds_as_often_as_its_dice_say() -> None:
    held = Counter(
        shift(listed([*dice]), "Homid", "Crinos", 2).passed for dice in product(range(1, 11), repeat=2)
    )
    assert held == {True: 75, False: 25}
