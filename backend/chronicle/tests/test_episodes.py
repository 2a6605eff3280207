"""Schedules and sessions: who may do what with them, in which order, and what is refused."""

from datetime import datetime
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chronicle import services
from chronicle.models import Chronicle, Episode, Schedule
from chronicle.operations import episodes
from discordauth.models import CustomUser
from progress.operations import sessions
from rules.errors import Conflict, GameError, Invalid, Limit, NotAllowed, NotFound
from testing.community import set_server
from testing.personas import World
from testing.sessions import SCHEDULE, call_of, do, live, planned, played
from testing.together import at_once
from timeline.models import Event

pytestmark = pytest.mark.django_db


def refusal(kind: type[GameError], world: World, who: str, operation: Any, **fields: Any) -> GameError:
    with pytest.raises(kind) as refused:
        do(world, who, operation, **fields)
    return refused.value


def archived(world: World) -> None:
    principal, cause = world.principal("olga"), call_of(world, "olga").cause
    second = services.create_chronicle(world.server, "Second", principal=principal, cause=cause)
    services.make_default(second, principal=principal, cause=cause)
    services.archive(world.chronicle, True, principal=principal, cause=cause)


@pytest.mark.engine
def test_a_session_goes_from_planned_to_live_to_done_with_an_event_each(world: World) -> None:
    row = planned(world, title="Ashes", summary="  They meet  ")
    assert (row.number, row.status, row.title, row.summary) == (1, "planned", "Ashes", "They meet")
    done = do(world, "vesna", sessions.END, episode=str(live_of(world).id), summary="It burned.").episode
    assert (done.status, done.summary, done.started_at is None, done.ended_at is None) == (
        "done",
        "It burned.",
        False,
        False,
    )
    events = Event.objects.filter(entity="episode").order_by("seq")
    assert [(event.type, event.version) for event in events] == [
        ("episode.planned", 1),
        ("episode.started", 2),
        ("episode.ended", 3),
    ]
    assert events[1].changes == {"status": ["planned", "live"]}


def live_of(world: World) -> Any:
    return do(world, "vesna", episodes.START).episode


@pytest.mark.parametrize("who", ["vesna", "olga", "root"])
def test_storytellers_plan_and_run_sessions(world: World, who: str) -> None:
    row = do(world, who, episodes.PLAN, planned_for="2026-12-04 19:30").episode
    assert row.rights.run
    do(world, who, episodes.START)
    do(world, who, sessions.END)


@pytest.mark.parametrize(
    ("operation", "fields"),
    [
        (episodes.PLAN, {"planned_for": "2026-12-04 19:30"}),
        (episodes.CHANGE, {"title": "Mine"}),
        (episodes.START, {}),
        (episodes.CANCEL, {}),
        (episodes.SET_SCHEDULE, SCHEDULE),
        (episodes.REMOVE_SCHEDULE, {}),
    ],
)
def test_players_do_not_and_strangers_do_not_learn_of_them(world: World, operation: Any, fields: Any) -> None:
    planned(world)
    assert "Only a storyteller" in str(refusal(NotAllowed, world, "mira", operation, **fields))
    assert "no such chronicle" in str(refusal(NotFound, world, "sam", operation, **fields))


@pytest.mark.parametrize("operation", [episodes.LIST, episodes.GET, episodes.GET_SCHEDULE])
def test_members_see_the_sessions_of_their_table_alone(world: World, operation: Any) -> None:
    planned(world)
    assert do(world, "mira", operation)
    refusal(NotFound, world, "sam", operation)


def test_a_session_of_another_chronicle_is_none_here(world: World) -> None:
    row = planned(world)
    elsewhere = str(world.other_chronicle.id)
    for named in (str(row.id), "1", "no id", "9" * 30):
        error = refusal(NotFound, world, "sam", episodes.GET, chronicle=elsewhere, episode=named)
        assert str(error) == "There’s no such episode here."


def test_an_id_alone_names_a_session_of_another_chronicle_to_its_members(world: World) -> None:
    row = str(planned(world).id)
    here = {"chronicle": None, "episode": row}
    assert do(world, "mira", episodes.GET, **here).episode.number == 1
    assert str(refusal(NotFound, world, "sam", episodes.GET, **here)) == "There’s no such chronicle."


def test_a_player_says_whether_they_are_coming(world: World) -> None:
    planned(world)
    row = do(world, "mira", episodes.ANSWER, coming=True).episode
    assert [(who.name, who.coming, who.state) for who in row.attendance] == [("Mira", "yes", None)]
    assert do(world, "mira", episodes.ANSWER, coming=None).episode.attendance[0].coming is None
    # A platform admin is no member.
    refusal(NotAllowed, world, "root", episodes.ANSWER, coming=True)


@pytest.mark.parametrize("operation", [episodes.ANSWER, episodes.CANCEL, episodes.START, sessions.END])
def test_what_is_over_stays_over(world: World, operation: Any) -> None:
    row = played(world, "2026-10-02T17:30Z")
    fields = {"coming": True} if operation is episodes.ANSWER else {}
    error = refusal(Conflict, world, "vesna", operation, episode=str(row.id), **fields)
    assert (error.code, str(error)) == ("session_done", "This episode is over.")


def test_what_was_played_keeps_its_date_and_can_get_a_title(world: World) -> None:
    row = played(world, "2026-10-02T17:30Z")
    refusal(Conflict, world, "vesna", episodes.CHANGE, episode="1", planned_for="2026-10-03 20:00")
    assert do(world, "vesna", episodes.CHANGE, episode=str(row.id), title="Dust").episode.title == "Dust"


def test_one_session_runs_at_a_time(world: World) -> None:
    live(world)
    planned(world, "2026-10-09T19:30+02:00")
    assert refusal(Conflict, world, "vesna", episodes.START).code == "session_live"


def test_a_session_that_nobody_planned_can_just_start(world: World) -> None:
    row = do(world, "vesna", episodes.START).episode
    assert (row.number, row.status) == (1, "live")


def test_calling_a_session_off_frees_its_number(world: World) -> None:
    row = planned(world)
    assert do(world, "vesna", episodes.CANCEL, episode=str(row.id)).episode.number is None
    assert planned(world).number == 1
    assert [found.status for found in do(world, "mira", episodes.LIST).results] == ["planned", "cancelled"]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("2026-10-24 19:30", "2026-10-24T17:30:00+00:00"),
        ("2026-10-26T19:30", "2026-10-26T18:30:00+00:00"),
        ("24.10.2026 19:30", "2026-10-24T17:30:00+00:00"),
        (" 3.4.2027, 9:05 ", "2027-04-03T07:05:00+00:00"),
        ("2026-10-24T19:30-04:00", "2026-10-24T23:30:00+00:00"),
    ],
)
def test_a_date_without_an_offset_is_on_the_clock_of_the_table(
    world: World, typed: str, expected: str
) -> None:
    do(world, "vesna", episodes.SET_SCHEDULE, **SCHEDULE)
    assert planned(world, typed).planned_for == datetime.fromisoformat(expected)


def test_without_a_schedule_it_is_on_the_clock_of_whoever_plans(world: World) -> None:
    world.vesna.timezone = "America/New_York"
    world.vesna.save()
    assert planned(world, "2026-12-04 19:30").planned_for.isoformat() == "2026-12-05T00:30:00+00:00"


@pytest.mark.parametrize("typed", ["tomorrow", "32.1.2026 19:30", "2026-12-24 25:00", "9999-12-31 10:00", ""])
def test_a_date_that_is_none_is_refused_in_words(world: World, typed: str) -> None:
    error = refusal(Invalid, world, "vesna", episodes.PLAN, planned_for=typed)
    assert str(error) == "Write the date and time like 2026-12-24 19:30."


def test_the_schedule_plans_one_session_after_the_other(world: World) -> None:
    assert "set a schedule first" in str(refusal(Invalid, world, "vesna", episodes.PLAN))
    schedule = do(world, "vesna", episodes.SET_SCHEDULE, **SCHEDULE, rhythm="fortnightly").schedule
    assert (schedule.weekday, schedule.time, schedule.rhythm) == ("friday", "19:30", "fortnightly")
    first, second = (do(world, "vesna", episodes.PLAN).episode.planned_for for _again in range(2))
    upcoming = do(world, "mira", episodes.LIST).upcoming
    assert [first, second] == upcoming[:2]
    assert Episode.objects.get(number=1).weeks == 2


def test_two_sessions_at_the_same_time_are_one_too_many(world: World) -> None:
    planned(world)
    error = refusal(Conflict, world, "vesna", episodes.PLAN, planned_for="2026-10-02T17:30Z")
    assert error.code == "session_planned"


@pytest.mark.parametrize("missing", ["weekday", "time", "timezone"])
def test_a_first_schedule_says_what_it_lacks(world: World, missing: str) -> None:
    given = {name: value for name, value in SCHEDULE.items() if name != missing}
    error = refusal(Invalid, world, "vesna", episodes.SET_SCHEDULE, **given)
    assert list(error.data["fields"]) == [missing]


def test_a_time_zone_that_does_not_exist_is_refused_in_words(world: World) -> None:
    error = refusal(
        Invalid, world, "vesna", episodes.SET_SCHEDULE, **SCHEDULE | {"timezone": "Europe/Bärlin"}
    )
    assert str(error).startswith("There’s no time zone called “Europe/Bärlin”.")
    assert not Schedule.objects.exists()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"weekday": "Frieday"}, "“Frieday” isn’t one of"),
        ({"time": "half past"}, "Write the time like 19:30."),
        ({"starts": "soon"}, "Write the date like 2026-12-24."),
        ({"minutes": 5}, "goes from 30 to 1440"),
    ],
)
def test_a_schedule_that_cannot_be_names_the_field(world: World, fields: Any, sentence: str) -> None:
    error = refusal(Invalid, world, "vesna", episodes.SET_SCHEDULE, **SCHEDULE | fields)
    assert sentence in str(error)
    assert list(error.data["fields"]) == list(fields)


@pytest.mark.engine
def test_a_schedule_changes_in_parts_and_is_a_change_of_its_chronicle(world: World) -> None:
    do(world, "vesna", episodes.SET_SCHEDULE, **SCHEDULE)
    changed = do(world, "vesna", episodes.SET_SCHEDULE, weekday="thu", starts="2026-10-02")
    assert (changed.schedule.weekday, changed.schedule.time) == ("thursday", "19:30")
    assert changed.schedule.first_day.isoformat() == "2026-10-08"
    do(world, "vesna", episodes.SET_SCHEDULE, weekday="thursday", starts="2026-10-08")
    do(world, "vesna", episodes.REMOVE_SCHEDULE)
    assert refusal(NotFound, world, "vesna", episodes.REMOVE_SCHEDULE).code == "no_schedule"
    events = Event.objects.filter(entity_id=world.chronicle.id, changes__has_key="schedule")
    assert events.count() == 3
    assert Chronicle.objects.get(pk=world.chronicle.pk).version == world.chronicle.version + 3


def test_saving_a_schedule_as_it_is_keeps_its_weeks(world: World) -> None:
    fortnightly = SCHEDULE | {"rhythm": "fortnightly"}
    first = do(world, "vesna", episodes.SET_SCHEDULE, **fortnightly).upcoming
    again = {name: value for name, value in fortnightly.items() if name != "starts"}
    assert do(world, "vesna", episodes.SET_SCHEDULE, **again, minutes=180).upcoming == first


@pytest.mark.parametrize("operation", [episodes.PLAN, episodes.START, episodes.SET_SCHEDULE, episodes.ANSWER])
def test_an_archived_chronicle_only_shows_its_sessions(world: World, operation: Any) -> None:
    planned(world)
    archived(world)
    fields: dict[str, Any] = {"coming": True} if operation is episodes.ANSWER else {}
    assert refusal(NotAllowed, world, "vesna", operation, **fields).code == "chronicle_archived"
    rights = do(world, "vesna", episodes.LIST).rights
    assert (rights.run, rights.answer) == (False, False)


@pytest.mark.parametrize(
    "operation", [episodes.PLAN, episodes.CANCEL, episodes.SET_SCHEDULE, episodes.ANSWER]
)
def test_sessions_can_be_switched_off(world: World, operation: Any) -> None:
    planned(world)
    cause = call_of(world, "olga").cause
    set_server(world.server, features={"sessions": False}, principal=world.principal("olga"), cause=cause)
    fields: dict[str, Any] = {"coming": True} if operation is episodes.ANSWER else {}
    fields |= SCHEDULE if operation is episodes.SET_SCHEDULE else {}
    fields |= {"planned_for": "2026-12-04 19:30"} if operation is episodes.PLAN else {}
    assert refusal(NotAllowed, world, "vesna", operation, **fields).code == "feature_off"


def test_only_so_many_sessions_are_planned_at_once(world: World) -> None:
    rows = [
        Episode(
            chronicle=world.chronicle, number=number, planned_for=datetime.fromisoformat("2026-10-02T10:00Z")
        )
        for number in range(1, 21)
    ]
    Episode.objects.bulk_create(rows)
    assert (
        refusal(Limit, world, "vesna", episodes.PLAN, planned_for="2026-12-04 19:30").code
        == "too_many_planned"
    )


def test_a_list_goes_on_page_by_page(world: World) -> None:
    for day in (2, 9, 16):
        played(world, f"2026-10-{day:02}T17:30Z")
    planned(world, "2026-12-04 19:30")
    first = do(world, "mira", episodes.LIST, limit=2)
    assert [row.number for row in first.results] == [4, 3, 2]
    second = do(world, "mira", episodes.LIST, limit=2, before=str(first.next))
    assert ([row.number for row in second.results], second.next) == ([1], None)


def test_a_longer_list_needs_no_more_queries(world: World) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            do(world, "mira", episodes.LIST)
        return len(caught)

    played(world, "2026-10-02T17:30Z", mira="came")
    few = queries()
    for day in (9, 16):
        played(world, f"2026-10-{day:02}T17:30Z", mira="came", jonas="absent")
    assert queries() == few


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_of_two_who_start_at_once_one_does(world: World) -> None:
    planned(world)
    start = partial(do, world, "vesna", episodes.START, episode="1")
    results = at_once([start, start])
    assert "session_live" in results
    assert Event.objects.filter(type="episode.started").count() == 1


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_two_who_plan_at_once_get_numbers_of_their_own(world: World) -> None:
    works = [partial(planned, world, f"2026-12-0{day} 19:30") for day in (1, 2, 3)]
    at_once(works)
    assert set(Episode.objects.values_list("number", flat=True)) == {1, 2, 3}


def test_whoever_is_gone_leaves_no_hole_in_a_session(world: World) -> None:
    planned(world)
    do(world, "mira", episodes.ANSWER, coming=True)
    CustomUser.objects.filter(pk=world.mira.pk).delete()
    assert do(world, "vesna", episodes.GET).episode.attendance == []


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [(90, 90), ("12:30", 750), ("1:02:03", 3723), ("-0:30", -30), ("−5:00", -300), ("", 0)],
)
def test_a_storyteller_says_where_the_recording_begins(world: World, typed: object, seconds: int) -> None:
    row = live(world)
    said = do(world, "vesna", episodes.CHANGE, episode=str(row.id), stream_offset=typed).episode
    assert said.stream_offset == seconds
    event = Event.objects.filter(entity="episode").order_by("seq").last()
    if seconds:
        assert event is not None
        assert event.changes == {"stream_offset": [None, seconds]}


@pytest.mark.parametrize("typed", ["soon", "90:90:90:90", 90_000, -90_000, 1.5, True])
def test_a_recording_that_begins_nowhere_is_refused(world: World, typed: object) -> None:
    row = live(world)
    refused = refusal(Invalid, world, "vesna", episodes.CHANGE, episode=str(row.id), stream_offset=typed)
    assert list(refused.data["fields"]) == ["stream_offset"]
    assert Episode.objects.get(pk=row.id).stream_offset == 0


def test_a_player_does_not_say_where_the_recording_begins(world: World) -> None:
    row = live(world)
    refusal(NotAllowed, world, "mira", episodes.CHANGE, episode=str(row.id), stream_offset=90)
