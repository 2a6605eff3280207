"""Luck: sums against cases counted by hand."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from haven.tests.kit import make
from rolls import services
from rolls.charts import course_chart, course_svg
from rolls.models import Roll
from rolls.services.luck import Of, luck
from rolls.tests.kit import again, asker, check, roll
from rolls.tests.test_rolling import refused
from rules.errors import Invalid, NotFound
from rules.ids import uuid7
from testing.personas import World
from timeline.services import Cause


@pytest.fixture
def owl(world: World) -> Any:
    return make(world)


def of(world: World, who: str = "mira", **more: Any) -> Any:
    of = Of(**{"player": world.mira, "chronicle": world.chronicle, **more})
    return luck(asker(world, who), of).model_dump(mode="json")


def two_dice(world: World, *values: int, **more: Any) -> Any:
    """Two regular dice. By hand: of 100 throws 25 have no success, 50 one, 24 two, and 1 is a pair of tens (four)."""
    return roll(world, pool=2, dice=list(values), **more)


def test_two_dice_counted_by_hand(world: World) -> None:
    two_dice(world, 1, 2)
    two_dice(world, 6, 2)
    two_dice(world, 10, 10)
    found = of(world)
    (vampire,) = found["systems"]
    outcomes = {outcome["slug"]: (outcome["count"], outcome["expected"]) for outcome in vampire["outcomes"]}
    assert outcomes == {"total_failure": (1, 0.75), "critical": (1, 0.03), "success": (1, 2.22)}
    # 0.5 × 1 + 0.24 × 2 + 0.01 × 4 a roll.
    assert (vampire["mean"], vampire["expected"]) == (1.667, 1.02)
    assert found["successes"]["difference"] == round(5 - 3 * 1.02, 2)
    # E[n²] = 0.5 + 0.24 × 4 + 0.01 × 16 = 1.62; 1.62 − 1.02² = 0.5796 a roll.
    assert found["successes"]["deviation"] == round(1.94 / (3 * 0.5796) ** 0.5, 2)
    assert found["course"] == [-1.02, -1.04, 1.94]
    assert (found["rolls"], vampire["passed"], vampire["passed_expected"]) == (3, 2, 2.25)
    assert found["text"] == "Mira had 1.9 successes more than expected in 3 rolls."


def test_a_reroll_counts_on_its_own(world: World) -> None:
    first = two_dice(world, 1, 10, options={"difficulty": 2})
    again(world, first, dice=[10])
    found = of(world)
    assert found["rolls"] == 1
    assert found["successes"]["mean"] == 1.0, "as it first fell"
    # Beside a ten, five of ten faces reach two successes.
    assert found["rerolls"] == {"rolls": 1, "won": 1, "expected": 0.5}


@pytest.mark.engine
def test_struck_rolls_are_left_out(world: World) -> None:
    two_dice(world, 6, 6)
    gone = two_dice(world, 1, 1)
    why = Cause(actor=world.vesna, door="web")
    services.strike(asker(world, "vesna"), gone.roll.id, why, "The die fell off the table")
    found = of(world)
    assert (found["rolls"], found["struck"]) == (1, 1)
    assert found["successes"]["mean"] == 2.0


def test_checks_against_their_chances(world: World, owl: Any) -> None:
    check(world, "rouse", owl, dice=[6])
    check(world, "rouse", owl, dice=[1, 7], reroll=True)
    roll(world, owl, pool=1, dice=[6, 2], options={"hunger": 0, "rouse": 1})
    (rouse,) = of(world)["checks"]
    assert (rouse["rolls"], rouse["passed"], rouse["expected"]) == (3, 2, 1.75)
    assert of(world)["rolls"] == 1


@pytest.mark.engine
def test_only_what_one_may_see_is_counted(world: World, owl: Any) -> None:
    two_dice(world, 6, 6)
    two_dice(world, 6, 6, visibility="storyteller")
    two_dice(world, 6, 6, visibility="private")
    assert [of(world, who)["rolls"] for who in ("mira", "vesna", "jonas")] == [3, 2, 1]
    with refused(NotFound):
        of(world, "sam")


def test_people_from_elsewhere_stay_unknown(world: World) -> None:
    for more in ({"player": world.sam}, {"player": world.jonas, "chronicle": None}):
        with refused(NotFound):
            of(world, **more)


@pytest.mark.engine
def test_of_a_character_of_everyone_and_of_a_period(world: World, owl: Any) -> None:
    roll(world, owl, pool=2, dice=[6, 6])
    two_dice(world, 6, 6)
    old = two_dice(world, 6, 6, who="jonas")
    Roll.objects.filter(pk=old.roll.pk).update(created_at=timezone.now() - timedelta(days=40))
    assert of(world, character=owl, player=None)["rolls"] == 1
    assert of(world, character=owl, player=None)["of"]["name"] == "Night Owl"
    assert of(world, player=None)["rolls"] == 3
    assert of(world, player=None)["of"]["kind"] == "chronicle"
    assert of(world, player=None, since=timezone.now() - timedelta(days=30))["rolls"] == 2
    assert of(world, player=None, until=timezone.now() - timedelta(days=30))["rolls"] == 1
    with refused(Invalid):
        of(world, since=timezone.now(), until=timezone.now() - timedelta(days=1))


def test_nothing_to_count_is_said(world: World) -> None:
    found = of(world)
    assert found["text"] == "Mira has no rolls to count yet."
    assert found["successes"] == {"mean": None, "expected": None, "difference": 0.0, "deviation": None}


@pytest.mark.engine
def test_a_long_course_keeps_its_end(world: World) -> None:
    for _ in range(3):
        two_dice(world, 6, 6)
    for row in list(Roll.objects.all()) * 50:
        row.pk = uuid7()
        row.save(force_insert=True)
    found = of(world)
    assert found["rolls"] == 153
    assert len(found["course"]) <= 100
    assert found["course"][-1] == found["successes"]["difference"]


def test_the_course_is_a_picture_of_two_points_and_more() -> None:
    assert course_chart([]) is None
    assert course_svg("Luck", [1.0]) == ""
    picture = course_svg("Luck", [0.0, 1.5, -2.0])
    assert "from +0.0 to -2.0; at most +1.5, at least -2.0" in picture
    assert picture.count("<polyline") == 1
