"""Points for rolls of note: soon after the roll, capped by the day, and taken back when the roll no longer stands."""

from datetime import timedelta

import pytest
from django.utils import timezone

from discordauth.models import CustomUser
from haven.services import Reference, undo
from haven.tests.kit import cause, principal
from progress.models import PointEntry
from progress.services import restore_points
from progress.services.undo import undo as undo_reset
from progress.tests import reset_kit
from progress.tests.badge_kit import BESTIAL, MESSY, PLAIN, look, owl, points, roll, throw
from rolls import services
from rolls.models import Roll
from rolls.tests import kit
from testing.personas import SYSTEM, World
from timeline.models import Event

pytestmark = [pytest.mark.django_db]


@pytest.mark.engine
def test_a_roll_of_note_gives_points_once(world: World) -> None:
    character = owl(world)
    roll(world, character, MESSY)
    roll(world, character, PLAIN)
    roll(world, character, BESTIAL)
    look()
    look()
    assert points(world, "roll") == [3, 3]
    entry = PointEntry.objects.filter(source="roll").first()
    assert entry is not None
    assert (entry.chronicle, entry.reason["data"]) == (world.chronicle, {"label": "Messy critical"})


def test_an_event_that_cannot_be_read_holds_up_no_other(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    character = owl(world)
    strange = roll(world, character, MESSY)
    roll(world, character, MESSY)
    row = Event.objects.get(entity_id=strange.pk)
    row.changes = {"roll": [None, {"visibility": "public", "replaces": "?"}]}
    row.save()
    look()
    assert points(world, "roll") == [3]
    assert f"the roll of event {row.pk} cannot be read" in caplog.text


def test_points_of_rolls_are_capped_by_the_day(world: World) -> None:
    character = owl(world)
    for _ in range(9):
        roll(world, character, MESSY)
    look()
    assert sum(points(world, "roll")) == 20


def test_a_roll_without_a_sheet_gives_none(world: World) -> None:
    roll(world, None, MESSY)
    look()
    assert points(world, "roll") == []


def test_an_old_roll_gives_none(world: World) -> None:
    made = roll(world, owl(world), MESSY)
    Roll.objects.filter(pk=made.pk).update(created_at=timezone.now() - timedelta(days=2))
    look()
    assert points(world, "roll") == []


def test_a_roll_that_is_excluded_loses_its_points_until_it_is_included_again(world: World) -> None:
    made = roll(world, owl(world), MESSY)
    look()
    vesna = principal(world, "vesna")
    for undo_it in (False, True, False):
        services.strike(vesna, made.pk, cause(world, "vesna"), "The wrong pool", undo=undo_it)
        look()
    assert points(world, "roll") == [3, -3, 3, -3]


def test_a_roll_that_was_excluded_before_anybody_looked_gives_none(world: World) -> None:
    made = roll(world, owl(world), MESSY)
    services.strike(principal(world, "vesna"), made.pk, cause(world, "vesna"), "The wrong pool")
    look()
    assert points(world, "roll") == []


def test_a_roll_that_was_rolled_again_loses_its_points(world: World) -> None:
    first = throw(world, owl(world), MESSY)
    look()
    kit.again(world, first, dice=[3], strategy="messy")
    look()
    assert points(world, "roll") == [3, -3]


def test_undoing_what_a_roll_did_to_the_sheet_takes_its_points_back(world: World) -> None:
    """A frenzy changes nothing on the sheet; remorse does, and so can be undone."""
    character = owl(world)
    kit.check(world, "stains", character, added=2)
    done = kit.check(world, "remorse", character, dice=[1, 6])
    look()
    assert points(world, "roll") == [2]
    assert done.change is not None
    assert done.change.event is not None
    mira, meant = principal(world, "mira"), Reference(str(character.pk))
    undone = undo(mira, meant, cause(world, "mira"), done.change.event.pk)
    look()
    assert points(world, "roll") == [2, -2]
    assert undone.event is not None
    undo(mira, meant, cause(world, "mira"), undone.event.pk)
    look()
    assert points(world, "roll") == [2, -2, 2], "the undo was undone"


@pytest.mark.parametrize(("strikes", "left"), [((False, True), 3), ((False, True, False), 0), ((False,), 0)])
def test_what_happens_to_a_roll_while_a_reset_stands_shows_when_it_is_undone(
    world: World, strikes: tuple[bool, ...], left: int
) -> None:
    made = roll(world, owl(world), MESSY)
    look()
    reset_kit.run()
    for undo_it in strikes:
        services.strike(
            principal(world, "vesna"), made.pk, cause(world, "vesna"), "The wrong pool", undo=undo_it
        )
        look()
    assert CustomUser.objects.get(pk=world.mira.pk).total_points == 0
    undo_reset(restore_points.to_undo().pk, SYSTEM)
    reset_kit.consistent()
    assert sum(points(world, "roll")) == left


def test_a_roll_included_again_before_the_undo_can_be_excluded_after_it(world: World) -> None:
    made = roll(world, owl(world), MESSY)
    look()
    reset_kit.run()
    vesna = principal(world, "vesna")
    for undo_it in (False, True):
        services.strike(vesna, made.pk, cause(world, "vesna"), "The wrong pool", undo=undo_it)
        look()
    undo_reset(restore_points.to_undo().pk, SYSTEM)
    for undo_it, left in ((False, 0), (True, 3), (False, 0)):
        services.strike(vesna, made.pk, cause(world, "vesna"), "The wrong pool", undo=undo_it)
        look()
        assert sum(points(world, "roll")) == left
    reset_kit.consistent()


@pytest.mark.parametrize(
    ("strikes", "left"), [((True,), 3), ((True, False), 0), ((True, False, True), 3), ((), 0)]
)
def test_a_roll_excluded_before_a_reset_goes_by_what_became_of_it_meanwhile(
    world: World, strikes: tuple[bool, ...], left: int
) -> None:
    made = roll(world, owl(world), MESSY)
    look()
    vesna = principal(world, "vesna")

    def strike(undo_it: bool) -> None:
        services.strike(vesna, made.pk, cause(world, "vesna"), "The wrong pool", undo=undo_it)
        look()

    strike(False)
    reset_kit.run()
    for undo_it in strikes:
        strike(undo_it)
    assert CustomUser.objects.get(pk=world.mira.pk).total_points == 0
    undo_reset(restore_points.to_undo().pk, SYSTEM)
    reset_kit.consistent()
    assert sum(points(world, "roll")) == left
    reset_kit.run()
    undo_reset(restore_points.to_undo().pk, SYSTEM)
    reset_kit.consistent()
    assert sum(points(world, "roll")) == left, "another reset and its undo change nothing"
    for undo_it, then in ((left == 0, 3 - left), (left > 0, left)):
        strike(undo_it)
        assert sum(points(world, "roll")) == then
    reset_kit.consistent()
