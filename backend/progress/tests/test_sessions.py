"""Ticks, streaks and awards of sessions: once each, all or nothing, and corrected with the tick."""

from functools import partial
from typing import Any

import pytest

from chronicle.models import Attendance, ServerMember
from chronicle.operations import episodes
from chronicle.services import remove_member
from desk.tests.kit import character
from discordauth.models import CustomUser
from haven.models import Character
from progress.models import PointEntry, TableStreak
from progress.operations import sessions
from progress.services.sessions import POINTS
from progress.sources import SOURCES
from rules.errors import Conflict, GameError, Invalid, NotAllowed, NotFound
from rules.visibility import SECRET
from testing.community import set_server
from testing.personas import SYSTEM, World
from testing.sessions import SCHEDULE, call_of, do, live, planned, played, tick
from testing.together import at_once
from timeline.models import Event

pytestmark = pytest.mark.django_db


def award(world: World, who: str = "vesna", **fields: Any) -> Any:
    return do(world, who, sessions.AWARD, **fields)


def refusal(kind: type[GameError], world: World, **fields: Any) -> GameError:
    with pytest.raises(kind) as refused:
        award(world, **fields)
    return refused.value


def experience(row: Character) -> int:
    return Character.objects.get(pk=row.pk).experience_total


def points(user: CustomUser) -> int:
    return CustomUser.objects.get(pk=user.pk).total_points


def streak(world: World, name: str = "mira") -> tuple[int, int]:
    row = TableStreak.objects.get(chronicle=world.chronicle, user=getattr(world, name))
    return row.current, row.longest


@pytest.mark.engine
def test_those_who_came_get_experience_and_points_in_one_step(world: World) -> None:
    owl, fox = character(world), character(world, "jonas", "Grey Fox")
    played(world, "2026-10-02T17:30Z", mira="came", jonas="absent")
    given = award(world, experience=3)
    assert [(got.user.name, got.points, got.character.name, got.experience) for got in given.awarded] == [
        ("Mira", POINTS, "Night Owl", 3)
    ]
    assert (experience(owl), experience(fox)) == (3, 0)
    assert (points(world.mira), points(world.jonas)) == (POINTS, 0)
    reason = PointEntry.objects.get(user=world.mira).reason
    assert reason == {"code": "session_attended", "data": {"number": 1, "chronicle": "Night Court"}}
    assert Attendance.objects.get(user=world.mira).character == owl.pk


def test_what_a_character_was_awarded_is_not_for_the_table(world: World) -> None:
    character(world)
    played(world, "2026-10-02T17:30Z", mira="came", jonas="came")
    award(world, experience=3)
    event = Event.objects.get(type="episode.awarded")
    hidden = {path for path, level in event.visibility.items() if level == SECRET}
    assert hidden == {f"experience.{world.mira.id}"}
    shown = [pair[1] for path, pair in event.changes.items() if path not in hidden]
    assert [set(ticked) for ticked in shown] == [{"state", "coming", "character"}]
    seen = {
        who: [row.experience for row in do(world, who, episodes.GET, episode="1").episode.attendance]
        for who in ("mira", "jonas", "vesna")
    }
    assert seen == {"mira": [None, 3], "jonas": [None, None], "vesna": [None, 3]}


def test_awarding_twice_gives_nothing_twice(world: World) -> None:
    owl = character(world)
    played(world, "2026-10-02T17:30Z", mira="came")
    award(world, experience=3)
    assert refusal(Conflict, world, experience=3).code == "session_awarded"
    assert (experience(owl), points(world.mira)) == (3, POINTS)


def test_who_is_ticked_late_gets_it_with_the_next_award(world: World) -> None:
    owl, fox = character(world), character(world, "jonas", "Grey Fox")
    row = played(world, "2026-10-02T17:30Z", mira="came")
    award(world, experience=2)
    tick(world, row, jonas="came")
    assert [got.user.name for got in award(world, experience=2).awarded] == ["Jonas"]
    assert (experience(owl), experience(fox)) == (2, 2)


def test_points_alone_first_and_experience_later(world: World) -> None:
    owl = character(world)
    played(world, "2026-10-02T17:30Z", mira="came")
    assert award(world).awarded[0].character is None
    later = award(world, experience=2).awarded[0]
    assert (later.points, later.experience, experience(owl), points(world.mira)) == (0, 2, 2, POINTS)


def test_with_several_characters_the_one_that_was_played_gets_it(world: World) -> None:
    _owl, bat = character(world), character(world, name="Bat")
    row = played(world, "2026-10-02T17:30Z", mira="came")
    given = award(world, experience=2)
    assert ([who.name for who in given.unclear], given.awarded[0].experience) == (["Mira"], 0)
    ticks = [{"user": str(world.mira.id), "state": "came", "character": str(bat.id)}]
    do(world, "vesna", sessions.TICK, episode=str(row.id), ticks=ticks)
    assert award(world, experience=2).awarded[0].character.name == "Bat"
    assert experience(bat) == 2


def test_who_plays_nobody_here_gets_points_alone(world: World) -> None:
    played(world, "2026-10-02T17:30Z", jonas="came")
    given = award(world, experience=2)
    assert ([who.name for who in given.without], points(world.jonas)) == (["Jonas"], POINTS)


@pytest.mark.engine
def test_when_one_cannot_get_it_nobody_gets_anything(world: World) -> None:
    owl, fox = character(world), character(world, "jonas", "Grey Fox")
    Character.objects.filter(pk=fox.pk).update(experience_total=9_999)
    played(world, "2026-10-02T17:30Z", mira="came", jonas="came")
    assert "Nobody got anything" in str(refusal(Invalid, world, experience=5))
    assert (experience(owl), points(world.mira), PointEntry.objects.count()) == (0, 0, 0)


def test_nobody_came_and_nothing_was_played_are_refused(world: World) -> None:
    assert refusal(NotFound, world).code == "no_session"
    row = planned(world)
    assert refusal(Conflict, world, episode=str(row.id)).code == "session_planned"
    played(world, "2026-10-03T17:30Z")
    assert refusal(Conflict, world).code == "nobody_came"


def test_a_storyteller_who_was_alone_gets_nothing(world: World) -> None:
    row = played(world, "2026-10-02T17:30Z", vesna="came")
    assert str(refusal(Conflict, world)) == "Nobody but you is ticked as having come."
    tick(world, row, mira="came")
    assert {got.user.name for got in award(world).awarded} == {"Mira", "Vesna"}


def test_players_neither_tick_nor_award(world: World) -> None:
    row = live(world)
    with pytest.raises(NotAllowed):
        tick(world, row, who="mira", mira="came")
    tick(world, row, mira="came")
    with pytest.raises(NotAllowed):
        award(world, "mira")
    with pytest.raises(NotFound):
        award(world, "sam")


def test_somebody_who_is_no_member_is_not_ticked(world: World) -> None:
    row = live(world)
    with pytest.raises(Invalid, match="isn’t a member of this server"):
        tick(world, row, mira="came", sam="came")
    assert not Attendance.objects.exists()


def test_who_has_left_since_can_be_corrected(world: World) -> None:
    row = played(world, "2026-10-02T17:30Z", mira="came")
    remove_member(world.server, world.mira.pk, cause=SYSTEM)
    assert not ServerMember.objects.filter(server=world.server, user=world.mira).exists()
    tick(world, row, mira="excused")
    assert Attendance.objects.get(user=world.mira).state == "excused"


def test_nobody_is_ticked_before_a_session_starts(world: World) -> None:
    with pytest.raises(Conflict) as refused:
        tick(world, planned(world), mira="came")
    assert refused.value.code == "session_planned"


def test_a_character_of_somebody_else_is_refused(world: World) -> None:
    fox, row = character(world, "jonas", "Grey Fox"), live(world)
    ticks = [{"user": str(world.mira.id), "state": "came", "character": str(fox.id)}]
    with pytest.raises(Invalid, match="isn’t this player’s"):
        do(world, "vesna", sessions.TICK, episode=str(row.id), ticks=ticks)


def test_a_correction_after_the_award_takes_the_points_back_and_may_give_them_again(world: World) -> None:
    row = played(world, "2026-10-02T17:30Z", mira="came")
    for _again in range(2):
        award(world)
        assert points(world.mira) == POINTS
        tick(world, row, mira="absent")
        assert points(world.mira) == 0
        tick(world, row, mira="came")
    award(world)
    assert points(world.mira) == sum(PointEntry.objects.values_list("amount", flat=True)) == POINTS


def test_the_table_streak_follows_the_ticks(world: World) -> None:
    weeks = [f"2026-10-{day:02}T17:30Z" for day in (2, 9, 16, 23, 30)]
    do(world, "vesna", episodes.SET_SCHEDULE, **SCHEDULE)
    marks = ["came", "came", "absent", "absent", "came"]
    rows = [played(world, day, mira=mark) for day, mark in zip(weeks, marks, strict=True)]
    assert streak(world) == (1, 2)
    tick(world, rows[3], mira="came")
    assert streak(world) == (4, 4)
    tick(world, rows[2], mira="excused")
    assert TableStreak.objects.get(user=world.mira).grace == 1
    tick(world, rows[2], mira=None)
    assert TableStreak.objects.get(user=world.mira).grace == 0


def test_a_session_counts_once_it_is_over(world: World) -> None:
    row = live(world)
    tick(world, row, mira="came")
    assert streak(world) == (0, 0)
    do(world, "vesna", sessions.END)
    assert streak(world) == (1, 1)


def test_with_the_desk_switched_off_points_still_count(world: World) -> None:
    character(world)
    played(world, "2026-10-02T17:30Z", mira="came")
    cause = call_of(world, "olga").cause
    set_server(world.server, features={"desk": False}, principal=world.principal("olga"), cause=cause)
    assert refusal(NotAllowed, world, experience=1).code == "feature_off"
    assert award(world).awarded[0].points == POINTS


def test_a_day_that_is_full_gives_no_more(world: World) -> None:
    most = SOURCES["session"].most
    for number in range(most // POINTS):
        played(world, f"2026-10-02T{number + 10}:30Z", mira="came")
        award(world)
    played(world, "2026-10-02T23:30Z", mira="came")
    assert str(refusal(Conflict, world)) == "There’s nothing left to award for this episode."
    assert points(world.mira) == most


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_of_two_who_award_at_once_one_does(world: World) -> None:
    owl = character(world)
    played(world, "2026-10-02T17:30Z", mira="came", jonas="came")
    results = at_once([partial(award, world, experience=3)] * 2)
    assert "session_awarded" in results
    assert (experience(owl), points(world.mira), points(world.jonas)) == (3, POINTS, POINTS)


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_a_tick_and_an_award_at_once_leave_sums_right(world: World) -> None:
    row = played(world, "2026-10-02T17:30Z", mira="came", jonas="came")
    at_once([partial(award, world), partial(tick, world, row, mira="absent")])
    sums = {
        name: sum(PointEntry.objects.filter(user=getattr(world, name)).values_list("amount", flat=True))
        for name in ("mira", "jonas")
    }
    assert sums == {"mira": 0, "jonas": POINTS}
    assert (points(world.mira), points(world.jonas)) == (0, POINTS)


def test_players_see_their_own_streak_and_storytellers_everybodys(world: World) -> None:
    played(world, "2026-10-02T17:30Z", mira="came", jonas="came")
    seen = {
        who: {row.user.name for row in do(world, who, sessions.LIST_STREAKS).results}
        for who in ("mira", "olga", "vesna")
    }
    assert seen == {"mira": {"Mira"}, "olga": {"Mira", "Jonas"}, "vesna": {"Mira", "Jonas"}}
    with pytest.raises(NotFound):
        do(world, "sam", sessions.LIST_STREAKS)
