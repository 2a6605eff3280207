"""The sum of the entries is always the total, whatever happens; and a command that finds and mends what is not."""

import random
from contextlib import suppress
from datetime import timedelta
from functools import partial
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command

from contract.points import SetPlayerProfile
from discordauth.models import CustomUser
from progress.models import Board, PlayerProfile, PointEntry, Season, Standing
from progress.services import checking, restore_points, streaks, taken_back, weeks
from progress.services.player_profiles import set_profile
from progress.services.scopes import Scope
from progress.services.undo import undo
from progress.tests import reset_kit
from progress.tests.kit import MONDAY, give
from rules.errors import GameError
from rules.ids import uuid7
from rules.streaks import DAY
from testing.personas import SYSTEM, World
from testing.together import at_once
from timeline.services import Cause

pytestmark = pytest.mark.django_db


class Story:
    """People who earn, lose and move, in a random order that a seed repeats."""

    def __init__(self, world: World, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
        self.world, self.chosen, self.now, self.keys = world, random.Random(seed), MONDAY, 0
        monkeypatch.setattr("django.utils.timezone.now", lambda: self.now)
        self.people = [world.mira, world.jonas, world.olga]
        Season.objects.create(server=world.server, name="Winter", starts=MONDAY.date())

    def step(self) -> None:
        self.now += timedelta(hours=self.chosen.choice([1, 5, 30, 200]))
        person = CustomUser.objects.get(pk=self.chosen.choice(self.people).pk)
        steps = (
            self.earn,
            self.earn,
            self.earn,
            self.lose,
            self.practise,
            self.travel,
            self.hide,
            self.reset,
            self.undo,
        )
        self.chosen.choice(steps)(person)

    def earn(self, person: CustomUser) -> None:
        self.keys += 1
        source = self.chosen.choice(["roll", "session", "helpful", "exam"])
        places: list[dict[str, Any]] = [
            {"chronicle": self.world.chronicle},
            {"server": self.world.server},
            {"chronicle": self.world.other_chronicle},
            {},
        ]
        give(
            person,
            self.chosen.randint(1, 40),
            f"k{self.keys}",
            source,
            now=self.now,
            **self.chosen.choice(places),
        )

    def lose(self, person: CustomUser) -> None:
        taken_back.take_back(person, f"k{self.chosen.randint(1, max(self.keys, 1))}", SYSTEM)

    def practise(self, person: CustomUser) -> None:
        streaks.practised(person, self.now)

    def travel(self, person: CustomUser) -> None:
        person.timezone = self.chosen.choice(["Pacific/Kiritimati", "Pacific/Honolulu", "Europe/Berlin"])
        person.save()
        weeks.turn(self.now)

    def hide(self, person: CustomUser) -> None:
        set_profile(person, SetPlayerProfile(on_boards=self.chosen.random() < 0.5))

    def reset(self, person: CustomUser) -> None:
        season = Season.objects.get()
        reset_kit.run(
            Scope.of(
                *self.chosen.choice(
                    [
                        ("all", None),
                        ("server", self.world.server.pk),
                        ("chronicle", self.world.chronicle.pk),
                        ("season", season.pk),
                    ]
                )
            )
        )

    def undo(self, person: CustomUser) -> None:
        with suppress(GameError):  # nothing was reset, or it was undone
            undo(restore_points.to_undo().pk, SYSTEM)


@pytest.mark.engine
@pytest.mark.parametrize("seed", range(2))
def test_the_sum_of_the_entries_is_always_the_total(
    world: World, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = Story(world, seed, monkeypatch)
    for number in range(36):
        story.step()
        found = list(checking.check()) if number % 3 == 2 else []
        assert not found, (number, found)
    assert PointEntry.objects.count() > 10


@pytest.mark.engine
def test_a_clock_that_was_set_back_changes_no_order(world: World) -> None:
    """What comes after a reset counts, and what came before does not, whatever time their ids were made of."""
    give(world.mira, 10, "a", chronicle=world.chronicle)
    ahead = UUID(int=uuid7().int + (3_600_000 << 80))
    PointEntry.objects.filter(user=world.mira).update(id=ahead)
    give(world.mira, 5, "b", chronicle=world.chronicle)
    reset_kit.run(Scope.of("chronicle", world.chronicle.pk))
    assert not list(checking.check())
    give(world.mira, 7, "c", chronicle=world.chronicle)
    assert not list(checking.check())
    undo(restore_points.to_undo().pk, SYSTEM)
    assert not list(checking.check())
    assert [entry.amount for entry in PointEntry.objects.order_by("id")] == [10, 5, -15, 7, 15]


@pytest.mark.long
@pytest.mark.parametrize("seed", range(10, 40))
def test_the_sum_holds_over_long_stories(world: World, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    story = Story(world, seed, monkeypatch)
    for number in range(150):
        story.step()
        if number % 10 == 0:
            assert not list(checking.check())
    assert not list(checking.check())


def test_the_command_finds_what_differs_and_mends_it(world: World) -> None:
    give(world.mira, 60, "a", chronicle=world.chronicle)
    give(world.jonas, 20, "a", chronicle=world.chronicle)
    out = StringIO()
    call_command("check_points", stdout=out)
    assert "Everything agrees" in out.getvalue()
    CustomUser.objects.filter(pk=world.mira.pk).update(total_points=1000)
    PlayerProfile.objects.filter(user=world.mira).update(level=9)
    Standing.objects.filter(user=world.mira, board=Board.SERVER).update(weekly_points=3)
    Standing.objects.filter(user=world.jonas, board=Board.CHRONICLE).delete()
    out = StringIO()
    with pytest.raises(CommandError, match="4 values differ"):
        call_command("check_points", stdout=out)
    assert f"{world.mira.pk}: points: 1000, the entries come to 60" in out.getvalue()
    call_command("check_points", "--repair", stdout=out)
    assert "Repaired: 4." in out.getvalue()
    assert not list(checking.check())
    world.mira.refresh_from_db()
    assert (world.mira.total_points, world.mira.profile.level) == (60, 2)


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_two_awards_with_one_key_at_once_are_one(world: World) -> None:
    def once() -> bool:
        return give(CustomUser.objects.get(pk=world.mira.pk), 5, "a", chronicle=world.chronicle) is not None

    assert sorted(at_once([once] * 4)) == [False, False, False, True]
    assert not list(checking.check())


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_awards_at_once_never_pass_the_cap_and_none_is_lost(world: World) -> None:
    def award(number: int) -> int:
        entry = give(
            CustomUser.objects.get(pk=world.mira.pk), 8, f"roll:{number}", "roll", chronicle=world.chronicle
        )
        return entry.amount if entry else 0

    given = at_once(partial(award, number) for number in range(5))
    assert sorted(given) == [0, 0, 4, 8, 8], "20 a day"
    assert CustomUser.objects.get(pk=world.mira.pk).total_points == 20
    assert not list(checking.check())


def test_a_roll_that_was_undone_gives_its_points_back_once(world: World) -> None:
    cause = Cause(world.mira, "web")
    give(world.mira, 15, "roll:1", "roll", chronicle=world.chronicle, now=MONDAY)
    assert taken_back.take_back(world.mira, "roll:1", cause)
    assert taken_back.take_back(world.mira, "roll:1", cause) is None
    assert taken_back.take_back(world.mira, "roll:none", cause) is None
    assert taken_back.take_back(world.jonas, "roll:1", cause) is None
    assert give(world.mira, 15, "roll:1", "roll", now=MONDAY) is None, "its key is spent"
    assert give(world.mira, 25, "roll:2", "roll", now=MONDAY), "and the cap of the day is free again"
    assert CustomUser.objects.get(pk=world.mira.pk).total_points == 20


def test_what_a_reset_took_is_not_taken_twice_and_is_taken_with_its_undo(world: World) -> None:
    cause = Cause(world.mira, "web")
    give(world.mira, 15, "roll:1", "roll", chronicle=world.chronicle)
    reset_kit.run()
    assert taken_back.take_back(world.mira, "roll:1", cause) is None
    undo(restore_points.to_undo().pk, SYSTEM)
    assert taken_back.take_back(world.mira, "roll:1", cause) is None
    assert CustomUser.objects.get(pk=world.mira.pk).total_points == 0
    assert not list(checking.check())


def test_a_clock_that_jumps_loses_no_points(world: World) -> None:
    """It was a month ahead for a moment: later points count in total, and in the week of their day."""
    give(world.mira, 5, "a", chronicle=world.chronicle, now=MONDAY + 30 * DAY)
    give(world.mira, 7, "b", chronicle=world.chronicle, now=MONDAY)
    weeks.turn(MONDAY)
    assert CustomUser.objects.get(pk=world.mira.pk).total_points == 12
    assert not list(checking.check())
