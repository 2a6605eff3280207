"""Badges: counted along the timeline, given once, by rules that stand in one table."""

import logging
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from desk.services import submissions
from desk.tests.kit import propose
from haven.tests.kit import cause, change, principal, sets
from progress.badge_rules import GROUPS
from progress.badges import BADGES
from progress.models import BadgeCount, BadgeWalk, Reward, Season
from progress.services import badge_walks, badges, rewards
from progress.services.scopes import Scope
from progress.services.undo import undo
from progress.tests import reset_kit
from progress.tests.badge_kit import MESSY, PLAIN, look, owl, points, roll, won
from rolls import services as rolls
from testing.personas import World
from testing.together import together
from timeline.database_outage import retry_lost_transactions
from timeline.models import Event
from timeline.services import Cause

pytestmark = [pytest.mark.django_db]
DRAWINGS = Path(__file__).parents[2] / "main/static/main/img/badges.svg"


def names(*extra: str) -> set[str]:
    """What everybody has who made a character and rolled with it."""
    return {"first_character", "first_dice", *extra}


@pytest.mark.req("S001-64")
@pytest.mark.engine
def test_a_badge_is_given_by_rule_and_once(world: World) -> None:
    character = owl(world)
    roll(world, character, MESSY)
    look()
    assert won(world) == names("messy_critical")
    events = Event.objects.filter(type="badge.won")
    assert {event.changes["badge"][1] for event in events} == won(world)
    assert {event.stream_id for event in events} == {world.mira.pk}
    assert points(world, "badge") == [10, 10, 10]
    before = list(Reward.objects.order_by("pk").values())
    roll(world, character, MESSY)
    assert look() > 0
    while look():  # at last the news of its own points are passed too
        pass
    assert list(Reward.objects.order_by("pk").values()) == before
    assert points(world, "badge") == [10, 10, 10]


@pytest.mark.parametrize("more", [{"visibility": "private"}, {"visibility": "storyteller"}])
def test_what_the_table_did_not_see_counts_for_nothing(world: World, more: dict[str, Any]) -> None:
    roll(world, owl(world), MESSY, **more)
    look()
    assert won(world) == {"first_character"}
    assert points(world, "roll") == []


def test_a_roll_that_is_excluded_counts_no_more_and_again_when_it_is_included(world: World) -> None:
    made = roll(world, owl(world), PLAIN)
    vesna = principal(world, "vesna")
    look()
    count = BadgeCount.objects.get(user=world.mira, badge="worn_dice")
    for again, expected in ((False, 0), (True, 1)):
        rolls.strike(vesna, made.pk, cause(world, "vesna"), "A test", undo=again)
        look()
        count.refresh_from_db()
        assert count.count == expected


def test_a_badge_that_takes_many_is_given_at_the_last_of_them(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(BADGES, "worn_dice", replace(BADGES["worn_dice"], at=3))
    character = owl(world)
    for _ in range(2):
        roll(world, character, PLAIN)
        look()
    assert "worn_dice" not in won(world)
    roll(world, character, PLAIN)
    look()
    assert "worn_dice" in won(world)


def test_a_rule_that_raises_is_logged_and_stops_no_other(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(event: Any) -> Iterable[tuple[str, int]]:
        raise ZeroDivisionError("no such rule")

    monkeypatch.setitem(BADGES, "messy_critical", replace(BADGES["messy_critical"], counts=broken))
    roll(world, owl(world), MESSY)
    with caplog.at_level(logging.ERROR):
        look()
    assert won(world) == names()
    assert "the badge “messy_critical” cannot read event" in caplog.text


def test_a_badge_that_cannot_be_given_holds_up_no_other(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    due = {"user": world.mira, "state": "due", "given_at": timezone.now()}
    broken = Reward.objects.create(badge="worn_dice", scope="no chronicle", **due)
    Reward.objects.create(badge="first_dice", **due)
    assert rewards.settle_due() == 1
    assert won(world) == {"first_dice"}
    assert f"Reward {broken.pk} cannot be settled" in caplog.text


def test_what_ended_before_it_gave_the_badge_is_given_by_the_next_look(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    roll(world, owl(world), MESSY)
    with monkeypatch.context() as patched:
        patched.setattr("progress.services.rewards.settle_due", lambda: 0)
        look()
    assert won(world) == set()
    assert set(Reward.objects.values_list("state", flat=True)) == {"due"}
    look()
    assert won(world) == names("messy_critical")


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_two_who_look_at_once_count_once(world: World) -> None:
    character = owl(world)
    for _ in range(5):
        roll(world, character, PLAIN)
    again = partial(retry_lost_transactions, look)  # as the worker tries a task again
    assert [result for result in together(again, again) if isinstance(result, Exception)] == []
    look()
    assert BadgeCount.objects.get(user=world.mira, badge="worn_dice").count == 5
    assert won(world) == names()


def test_small_batches_count_as_one(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(badges, "BATCH", 2)
    character = owl(world)
    for _ in range(7):
        roll(world, character, PLAIN)
    look()
    assert BadgeCount.objects.get(user=world.mira, badge="worn_dice").count == 7


def test_stories_and_storytellers_have_badges_too(world: World) -> None:
    character = owl(world)
    row = propose(world, character)
    submissions.approve(principal(world, "vesna"), row.pk, cause(world, "vesna"))
    change(world, character, *sets(status="dead"))
    look()
    assert won(world) == {"first_character", "accepted", "last_breath"}
    assert BadgeCount.objects.get(user=world.vesna, badge="fair_hand").count == 1


def test_an_account_that_is_closed_wins_nothing(world: World) -> None:
    roll(world, owl(world), MESSY)
    world.mira.is_active = False
    world.mira.save()
    look()
    assert not Reward.objects.filter(user=world.mira).exists()
    assert points(world, "roll") == []


# Retroactively


def award(*args: str, **more: Any) -> str:
    out = StringIO()
    call_command("award_badges", *args, stdout=out, **more)
    return out.getvalue()


@pytest.mark.engine
def test_a_new_rule_is_awarded_for_what_happened_before(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = BADGES["messy_critical"]
    character = owl(world)
    roll(world, character, MESSY)
    with monkeypatch.context() as patched:
        patched.delitem(BADGES, "messy_critical")
        look()
    assert won(world) == names()
    assert BADGES["messy_critical"] is new
    output = award()
    assert won(world) == names("messy_critical")
    assert "100 %" in output
    assert output.endswith("Counted: messy_critical. New badges: 1.\n")
    assert award().endswith("Counted: nothing. New badges: 0.\n")


@pytest.mark.parametrize("breaks_after", [1, 2, 3])
def test_a_count_that_was_broken_off_goes_on_where_it_was(
    world: World, monkeypatch: pytest.MonkeyPatch, breaks_after: int
) -> None:
    character = owl(world)
    for _ in range(6):
        roll(world, character, PLAIN)
    look()
    monkeypatch.setattr(badges, "BATCH", 2)
    passed: list[int] = []

    def break_off(count: int) -> None:
        passed.append(count)
        if len(passed) == breaks_after:
            raise KeyboardInterrupt

    badge_walks.begin(["worn_dice", "first_dice"])
    with pytest.raises(KeyboardInterrupt):
        badge_walks.walk(break_off)
    # Meanwhile play goes on.
    roll(world, character, PLAIN)
    look()
    award()
    assert BadgeCount.objects.get(user=world.mira, badge="worn_dice").count == 7
    assert BadgeWalk.objects.filter(finished_at=None).exclude(badge="").count() == 0
    roll(world, character, PLAIN)
    look()
    assert BadgeCount.objects.get(user=world.mira, badge="worn_dice").count == 8


def test_counting_again_changes_nothing_that_is_right(world: World) -> None:
    roll(world, owl(world), MESSY)
    look()
    before = list(BadgeCount.objects.order_by("badge").values_list("badge", "count"))
    output = award("messy_critical", "worn_dice", "first_character")
    assert output.endswith("Counted: messy_critical, worn_dice, first_character. New badges: 0.\n")
    assert list(BadgeCount.objects.order_by("badge").values_list("badge", "count")) == before


def test_a_badge_that_there_is_not_is_refused(world: World) -> None:
    with pytest.raises(CommandError, match="There is no badge crown"):
        award("crown")
    assert "messy_critical" in award(list=True)


# Resets


def reset(scope: Scope | None = None) -> UUID:
    point = reset_kit.run(scope).point
    assert point is not None
    return point.pk


@pytest.mark.engine
def test_what_a_reset_took_is_won_again_only_by_what_happens_afterwards(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(BADGES, "worn_dice", replace(BADGES["worn_dice"], at=2))
    character = owl(world)
    roll(world, character, MESSY)
    roll(world, character, PLAIN)
    look()
    assert {"messy_critical", "worn_dice"} <= won(world)
    reset()
    look()
    award(*BADGES)
    assert won(world) == set(), "not by counting again either"
    roll(world, character, PLAIN)
    look()
    assert won(world) == {"first_dice"}
    roll(world, character, MESSY)
    look()
    assert won(world) == {"first_dice", "worn_dice", "messy_critical"}


def test_what_a_reset_took_comes_back_when_the_command_is_asked_for_it(world: World) -> None:
    roll(world, owl(world), MESSY)
    look()
    reset()
    assert award("messy_critical", before_resets=True).endswith("New badges: 1.\n")
    assert won(world) == {"messy_critical"}


def test_a_reset_that_was_undone_takes_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(BADGES, "worn_dice", replace(BADGES["worn_dice"], at=3))
    character = owl(world)
    roll(world, character, PLAIN)
    look()
    point = reset()
    roll(world, character, PLAIN)
    look()
    undo(point, Cause(None, "system"))
    roll(world, character, PLAIN)
    look()
    assert "worn_dice" in won(world), "one before the reset, and two since"


def test_a_badge_won_again_gives_points_and_counts_once_when_the_reset_is_undone(world: World) -> None:
    character = owl(world)
    roll(world, character, PLAIN)
    look()
    assert points(world, "badge") == [10, 10]
    point = reset()
    roll(world, character, PLAIN)
    look()
    assert won(world) == {"first_dice"}
    assert points(world, "badge") == [10, 10, 10]
    undo(point, Cause(None, "system"))
    reset_kit.consistent()
    assert won(world) == names()
    assert points(world, "badge") == [10, 10, 10, -10]


def test_a_reset_of_one_server_leaves_the_badges_of_a_person_alone(world: World) -> None:
    character = owl(world)
    reset(Scope.of("server", world.server.pk))
    roll(world, character, PLAIN)
    look()
    assert won(world) == names()


@pytest.mark.parametrize("kind", ["chronicle", "server", "season"])
def test_a_badge_of_a_chronicle_goes_with_what_was_earned_there(
    world: World, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    rule = replace(BADGES["messy_critical"], per_chronicle=True)
    monkeypatch.setitem(BADGES, "messy_critical", rule)
    season = Season.objects.create(
        server=world.server, name="Winter", starts=timezone.now().date() - timedelta(days=1)
    )
    ids = {"chronicle": world.chronicle.pk, "server": world.server.pk, "season": season.pk}
    character, here = owl(world), str(world.chronicle.pk)
    roll(world, character, MESSY)
    look()
    assert won(world, scope=here) == {"messy_critical"}
    reset(Scope.of(kind, ids[kind]))
    roll(world, character, PLAIN)
    look()
    award("messy_critical")
    assert won(world, scope=here) == set()
    roll(world, character, MESSY)
    look()
    assert won(world, scope=here) == {"messy_critical"}


def test_a_roll_from_before_a_reset_gives_no_points_after_it(world: World) -> None:
    roll(world, owl(world), MESSY)
    reset()
    look()
    assert points(world, "roll") == []


# The table


def test_every_badge_is_drawn_and_no_other() -> None:
    drawn = {symbol.get("id") for symbol in ElementTree.parse(DRAWINGS).getroot()}
    frames = {f"frame-{group}" for group in (*GROUPS, "prestige")}
    assert drawn == set(BADGES) | frames


def test_every_badge_says_what_it_is_for_in_a_sentence() -> None:
    assert len(BADGES) >= 15
    for slug, badge in BADGES.items():
        assert badge.slug == slug
        assert len(slug) <= 40
        assert badge.why.endswith(".")
        assert badge.label
        assert badge.types
        assert badge.per_chronicle or not badge.prestige, "a storyteller of some chronicle approves it"
    labels = [badge.label for badge in BADGES.values()]
    assert len(labels) == len(set(labels))
