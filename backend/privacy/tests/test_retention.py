"""What operators let go after a while: off unless set, in small batches, and without breaking what newer rows need."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from contract.dotenv import ConfigError, DotEnv
from contract.variables import understand
from gateway.access import stream_access
from gateway.credentials import Identity
from gateway.snapshots import missed_events
from haven.models import Character
from haven.tests.kit import change, event_of, make, refused, sets, undo
from privacy import retention
from rolls.models import Roll, RollRequest
from rolls.tests.kit import again, roll
from rules.errors import Conflict, NotFound
from testing.personas import World
from timeline.models import Event

LONG_AGO = timezone.now() - timedelta(days=40)


def age(*events: Event) -> None:
    """Let these, or all that there are, be of long ago."""
    chosen = Event.objects.filter(pk__in=[event.pk for event in events]) if events else Event.objects.all()
    chosen.update(created_at=LONG_AGO)


@pytest.fixture
def month(settings: Any) -> None:
    settings.EVENTS_KEPT_DAYS = settings.ROLLS_KEPT_DAYS = settings.REQUESTS_KEPT_DAYS = 30


@pytest.fixture
def owl(world: World) -> Character:
    return make(world)


def missed(world: World, since: int) -> Any:
    access = stream_access(f"chronicle:{world.chronicle.pk}", [Identity(str(world.vesna.pk), False, False)])
    assert access[0] is not None
    return missed_events(access[0], since, 100)


def test_everything_is_kept_unless_somebody_says_otherwise(world: World, owl: Character) -> None:
    age()
    before = Event.objects.count()
    assert retention.retire() == 0
    assert Event.objects.count() == before


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_old_changes_go_in_batches_and_a_viewer_from_before_gets_a_snapshot(
    world: World, owl: Character, month: None
) -> None:
    for value in (2, 3, 4):
        change(world, owl, *sets(hunger=value))
    age()
    head = event_of(change(world, owl, *sets(hunger=5))).seq
    assert retention.retire(size=2) > 3
    assert [event.seq for event in Event.objects.filter(stream_id=world.chronicle.pk)] == [head]
    assert retention.retire(size=2) == 0
    assert missed(world, head - 1) is not None
    assert missed(world, head - 2) is None
    assert missed(world, 1) is None


@pytest.mark.engine
def test_an_undone_change_stays_as_long_as_its_undo(world: World, owl: Character, month: None) -> None:
    first = event_of(change(world, owl, *sets(hunger=4)))
    back = event_of(undo(world, owl))
    age(first)
    retention.retire()
    assert Event.objects.filter(pk=first.pk).exists()
    age(back)
    retention.retire()
    assert not Event.objects.filter(pk__in=[first.pk, back.pk]).exists()


def test_what_is_too_old_to_undo_says_so(world: World, owl: Character, month: None) -> None:
    old = event_of(change(world, owl, *sets(hunger=4)))
    age()
    retention.retire()
    with refused(Conflict, "nothing_to_undo") as last:
        undo(world, owl)
    assert last.value.detail == "Changes are kept for 30 days. Older ones can’t be undone."
    with refused(NotFound) as named:
        undo(world, owl, event=old)
    assert "kept for 30 days" in named.value.detail


def test_a_sheet_from_before_does_not_overwrite_what_nobody_can_compare(
    world: World, owl: Character, month: None
) -> None:
    seen = Character.objects.get(pk=owl.pk).version
    change(world, owl, *sets(hunger=4))
    age()
    retention.retire()
    with refused(Conflict, "outdated"):
        change(world, owl, *sets(hunger=2), base=seen)


@pytest.mark.engine
def test_old_rolls_go_and_one_that_was_rerolled_lately_stays(
    world: World, owl: Character, month: None
) -> None:
    alone = roll(world, owl, dice=[6, 6, 6, 6, 10]).roll
    rerolled = roll(world, owl, dice=[6, 2, 2, 2, 10])
    later = again(world, rerolled, dice=[6, 6, 6]).roll
    Roll.objects.filter(pk__in=[alone.pk, rerolled.roll.pk]).update(created_at=LONG_AGO)
    age()
    retention.retire()
    assert set(Roll.objects.filter(parent=None).values_list("pk", flat=True)) == {rerolled.roll.pk, later.pk}
    Roll.objects.update(created_at=LONG_AGO)
    retention.retire()
    assert not Roll.objects.exists()


def test_an_open_request_is_not_past(world: World, month: None) -> None:
    asked = RollRequest.objects.create(
        chronicle=world.chronicle, storyteller=world.vesna, deadline=timezone.now() + timedelta(hours=1)
    )
    RollRequest.objects.update(created_at=LONG_AGO)
    retention.retire()
    assert RollRequest.objects.filter(pk=asked.pk).exists()
    RollRequest.objects.update(deadline=LONG_AGO)
    retention.retire()
    assert not RollRequest.objects.exists()


@pytest.mark.parametrize("wrong", ["3", "-1", "week"])
def test_less_than_a_week_is_refused_at_start(wrong: str) -> None:
    with pytest.raises(ConfigError, match="from 7 on, or 0 to keep everything"):
        understand({"EVENTS_KEPT_DAYS": wrong}, DotEnv(Path()), {})


def test_retries_are_remembered_for_a_bounded_time() -> None:
    with pytest.raises(ConfigError, match="from 24 to 168"):
        understand({"KEYS_KEPT_HOURS": "0"}, DotEnv(Path()), {})
